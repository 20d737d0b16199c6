using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The SQLite that comes with the package, one native library for each platform.</summary>
internal static class SqliteLibrary
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Loads and checks the library once per process.</summary>
    /// <exception cref="SqliteLibraryException">There is none for this platform, or it was built without thread safety.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        try
        {
            Batteries_V2.Init();
        }
        catch (DllNotFoundException error)
        {
            throw new SqliteLibraryException(
                "SQLite's library for this platform is missing; it belongs in runtimes/ beside the program.", error);
        }

        if (raw.sqlite3_threadsafe() == 0)
            throw new SqliteLibraryException("SQLite was built without thread safety.");
        return true;
    }
}
