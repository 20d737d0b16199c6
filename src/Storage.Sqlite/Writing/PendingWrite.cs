using System.Diagnostics;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>A queued write; its task ends once the write is durable or has failed, never on the committer's thread.</summary>
internal abstract class PendingWrite() : TaskCompletionSource<CommitStatus>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>By <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long QueuedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>What it adds to a transaction, in turns.</summary>
    public abstract int Weight { get; }

    /// <summary>What its tenant's texts are sealed with; null: nothing is sealed.</summary>
    public TenantSeal? Seal { get; set; }

    /// <summary>Whose it is, when it may not be done while that tenant is being erased; null: it may.</summary>
    public string? Tenant { get; set; }

    /// <summary>True when it was refused since its tenant is being erased.</summary>
    public bool IsFenced { get; set; }

    /// <summary>How <see cref="Apply"/> ended; answered once the transaction has committed.</summary>
    public CommitStatus Status { get; set; }

    /// <summary>A bug that came to light while applying; answered instead of the status.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Writes inside the open transaction. Any status but Committed, or an exception, has its changes undone.</summary>
    public abstract CommitStatus Apply(WriteTransaction transaction);

    public void Complete()
    {
        if (Fault is null)
            TrySetResult(Status);
        else
            TrySetException(Fault);
    }
}

internal sealed class CommitWrite(SessionCommit commit) : PendingWrite
{
    public override int Weight => Math.Max(1, commit.Turns.Count);

    public int Turns => commit.Turns.Count;

    public override CommitStatus Apply(WriteTransaction transaction) => transaction.Sessions.Commit(commit);
}

internal sealed class DeleteWrite(SessionKey key, long expectedVersion, DateTimeOffset now) : PendingWrite
{
    public override int Weight => 1;

    public override CommitStatus Apply(WriteTransaction transaction) => transaction.Sessions.Delete(key, expectedVersion, now);
}

/// <summary>Removes a bounded number of expired idempotency records, so that a large backlog does not hold up commits.</summary>
internal sealed class ExpireWrite(DateTimeOffset now, int recordsMax) : PendingWrite
{
    public override int Weight => recordsMax;

    public int Removed { get; private set; }

    public override CommitStatus Apply(WriteTransaction transaction)
    {
        Removed = transaction.Idempotency.RemoveExpired(now, recordsMax);
        return CommitStatus.Committed;
    }
}

internal sealed class ProbeWrite(DateTimeOffset now) : PendingWrite
{
    private const string Sql =
        "INSERT INTO probe (id, probed_at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET probed_at = excluded.probed_at";

    public override int Weight => 1;

    public override CommitStatus Apply(WriteTransaction transaction)
    {
        transaction.Connection.Prepared(Sql).Bind(1, Timestamp.Of(now)).Run();
        return CommitStatus.Committed;
    }
}

/// <summary>A write that may be found to be stale.</summary>
internal sealed class CheckedWrite(Func<WriteTransaction, CommitStatus> write, int weight) : PendingWrite
{
    public override int Weight => weight;

    public override CommitStatus Apply(WriteTransaction transaction) => write(transaction);
}

/// <summary>A write that answers something once it is durable.</summary>
internal sealed class AnsweredWrite<T>(Func<WriteTransaction, T> write, int weight) : PendingWrite
{
    public override int Weight => weight;

    public T? Answer { get; private set; }

    public override CommitStatus Apply(WriteTransaction transaction)
    {
        Answer = write(transaction);
        return CommitStatus.Committed;
    }
}
