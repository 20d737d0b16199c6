using System.Runtime.InteropServices;
using System.Text;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// A file in the making, <c>FILE.part</c>: only this user can read it, only this process writes it, and it takes the place
/// of FILE when it is whole and on disk, or vanishes.
/// </summary>
internal sealed class PartFile : IDisposable
{
    // On Windows a file held by one handle could not be opened by SQLite.
    private static readonly FileShare Share = OperatingSystem.IsWindows() ? FileShare.ReadWrite | FileShare.Delete : FileShare.None;

    private readonly string target;
    private readonly FileStream held;
    private bool published;

    private PartFile(string target, FileStream held) => (this.target, this.held) = (target, held);

    public string Path => PathFor(target);

    /// <summary>Makes it empty; one that a killed process left is removed.</summary>
    /// <exception cref="BackupRefusedException">Another process is writing it.</exception>
    public static PartFile Create(string target)
    {
        var path = PathFor(target);
        try
        {
            if (File.Exists(path))
            {
                using var left = StoreFiles.Open(path, Share);
                File.Delete(path);
            }

            return new PartFile(target, StoreFiles.Open(path, Share));
        }
        catch (IOException busy) when (busy is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException)
            && File.Exists(path))
        {
            throw new BackupRefusedException($"{path} is being written by another process.");
        }
    }

    public void Write(ReadOnlySpan<byte> content) => RandomAccess.Write(held.SafeFileHandle, content, 0);

    /// <summary>Syncs the file and renames it.</summary>
    public void Publish(bool overwrite)
    {
        RandomAccess.FlushToDisk(held.SafeFileHandle);
        File.Move(Path, target, overwrite);
        published = true;
        SyncFolder(System.IO.Path.GetDirectoryName(target)!);
    }

    public void Dispose()
    {
        if (!published)
        {
            File.Delete(Path);
            File.Delete(Path + "-journal");
        }

        held.Dispose();
    }

    private static string PathFor(string target) => target + ".part";

    // A rename is on disk when its folder is; .NET opens no folders.
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = OpenFolder(Encoding.UTF8.GetBytes(folder + '\0'), 0);
        if (descriptor < 0)
            return;
        _ = SyncToDisk(descriptor);
        _ = CloseFolder(descriptor);
    }

    [DllImport("libc", EntryPoint = "open"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFolder(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncToDisk(int descriptor);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseFolder(int descriptor);
}
