using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>A queued write of one tenant; its task ends once the write is durable or has failed, never on a committer.</summary>
internal abstract class PendingWrite(SessionKey key) : TaskCompletionSource<CommitStatus>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public SessionKey Key => key;

    /// <summary>What it adds to a transaction, in turns.</summary>
    public abstract int Weight { get; }
}

internal sealed class CommitWrite(SessionCommit commit) : PendingWrite(commit.Key)
{
    public SessionCommit Commit => commit;

    public override int Weight => Math.Max(1, commit.Turns.Count);
}

internal sealed class DeleteWrite(SessionKey key, long expectedVersion, DateTimeOffset now) : PendingWrite(key)
{
    public long ExpectedVersion => expectedVersion;

    public DateTimeOffset Now => now;

    public override int Weight => 1;
}
