using System.Runtime.InteropServices;
using System.Text;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// A file as it was when watching began: on Linux its device and inode, which no other file can have while it is open. On
/// macOS its time of creation; elsewhere only that it is there (Windows lets nobody move or delete a file that SQLite holds).
/// Used by one thread at a time; a look costs about a microsecond and allocates nothing on Linux.
/// </summary>
internal sealed class WatchedFile
{
    // The layout of struct statx is the same on every architecture.
    private const int StatBytes = 256;
    private const int InodeAt = 32;
    private const int DeviceMajorAt = 136;
    private const int DeviceMinorAt = 140;
    private const int CurrentFolder = -100;
    private const uint WantInode = 0x100;

    private readonly byte[] nativePath;
    private readonly byte[] stat = new byte[StatBytes];
    private readonly (ulong, ulong)? inode;
    private readonly long madeAt;

    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public WatchedFile(string path)
    {
        Path = path;
        nativePath = Encoding.UTF8.GetBytes(path + '\0');
        inode = ReadInode();
        madeAt = ReadMadeAt() ?? throw new FileNotFoundException($"{path} vanished while it was being opened.", path);
    }

    public string Path { get; }

    /// <summary>True when the path still leads to the same file. One that cannot be looked at counts as gone.</summary>
    public bool IsInPlace() => inode is { } known ? ReadInode() == known : ReadMadeAt() == madeAt;

    private (ulong Device, ulong Inode)? ReadInode()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            if (ReadStat(CurrentFolder, nativePath, 0, WantInode, stat) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than 2018.
            return null;
        }

        var device = ((ulong)MemoryMarshal.Read<uint>(stat.AsSpan(DeviceMajorAt)) << 32) | MemoryMarshal.Read<uint>(
            stat.AsSpan(DeviceMinorAt));
        return (device, MemoryMarshal.Read<ulong>(stat.AsSpan(InodeAt)));
    }

    private long? ReadMadeAt()
    {
        if (!File.Exists(Path))
            return null;
        return OperatingSystem.IsMacOS() ? File.GetCreationTimeUtc(Path).Ticks : 0;
    }

    [DllImport("libc", EntryPoint = "statx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadStat(int folder, byte[] path, int flags, uint mask, byte[] stat);
}
