namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// How much of the write-ahead log is in use; the file itself does not shrink when the log starts over. Written by the
/// committer's thread, read by any.
/// </summary>
internal sealed class WalSize(long checkpointAtBytes)
{
    /// <summary>A page with its frame header.</summary>
    private const int FrameBytes = 4096 + 24;

    private readonly long checkpointBytes = checkpointAtBytes;
    private long bytes;
    private long dueAt = checkpointAtBytes;

    public long Bytes => Volatile.Read(ref bytes);

    public bool IsDue => Bytes >= dueAt;

    public void Grow(int pages) => Volatile.Write(ref bytes, bytes + (pages * (long)FrameBytes));

    /// <summary>The log starts over with the next transaction.</summary>
    public void Reset()
    {
        Volatile.Write(ref bytes, 0);
        dueAt = checkpointBytes;
    }

    /// <summary>A reader held the log open: try again when it has grown by another quarter, not with every commit.</summary>
    public void Postpone() => dueAt = Bytes + (checkpointBytes / 4);
}
