using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Binds SQLitePCLRaw to the system's SQLite, which the distribution patches. No native library is shipped with us.
/// </summary>
internal static class SqliteLibrary
{
    /// <summary>STRICT tables came with 3.37.0.</summary>
    private const int OldestVersion = 3_037_000;

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Loads and checks the library once per process.</summary>
    /// <exception cref="SqliteLibraryException">It is missing, too old, or built without thread safety.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        var library = Find();
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? library : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        if (raw.sqlite3_libversion_number() < OldestVersion)
            throw new SqliteLibraryException($"libsqlite3 {raw.sqlite3_libversion().utf8_to_string()} is too old; 3.37 or newer is needed.");
        if (raw.sqlite3_threadsafe() == 0)
            throw new SqliteLibraryException("libsqlite3 was built without thread safety.");
        return true;
    }

    private static IntPtr Find()
    {
        foreach (var name in Names())
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), searchPath: null, out var library))
                return library;
        }

        throw new SqliteLibraryException("libsqlite3 was not found; on Debian: apt-get install libsqlite3-0");
    }

    private static string[] Names()
    {
        if (OperatingSystem.IsWindows())
            return ["sqlite3.dll", "winsqlite3.dll", "e_sqlite3.dll"];
        return OperatingSystem.IsMacOS()
            ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib", "libe_sqlite3.dylib"]
            : ["libsqlite3.so.0", "libsqlite3.so", "libe_sqlite3.so"];
    }
}
