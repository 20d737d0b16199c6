using System.Diagnostics;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>A queued write of one tenant; its task ends once the write is durable or has failed, never on a committer.</summary>
internal abstract class PendingWrite(
    SessionKey key) : TaskCompletionSource<CommitStatus>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>By <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long QueuedAt { get; } = Stopwatch.GetTimestamp();

    public SessionKey Key => key;

    /// <summary>What its tenant's texts are sealed with; null: nothing is sealed.</summary>
    public TenantSeal? Seal { get; set; }

    /// <summary>What it adds to a transaction, in turns.</summary>
    public abstract int Weight { get; }
}

internal sealed class CommitWrite(SessionCommit commit) : PendingWrite(commit.Key)
{
    public SessionCommit Commit => commit;

    public override int Weight => Math.Max(1, commit.Turns.Count);
}

/// <summary>A write that is one call by itself, and so a transaction of its own.</summary>
internal abstract class LoneWrite(SessionKey key) : PendingWrite(key)
{
    /// <summary>The command; answers an <see cref="Answer"/>.</summary>
    public abstract NpgsqlCommand Build();
}

internal sealed class DeleteWrite(SessionKey key, long expectedVersion, DateTimeOffset now) : LoneWrite(key)
{
    private const string Sql = "SELECT delete_session_1($1, $2, $3, $4)";

    public override int Weight => 1;

    public override NpgsqlCommand Build()
    {
        var command = new NpgsqlCommand(Sql);
        command.Parameters.AddText(Key.Tenant);
        command.Parameters.AddText(Key.Id);
        command.Parameters.AddBigint(expectedVersion);
        command.Parameters.AddBigint(Timestamp.Of(now));
        return command;
    }
}

/// <summary>A commit of memories, with earlier versions as they must read from now on.</summary>
internal sealed class MemoryCommitWrite(MemoryCommit commit, IReadOnlyList<MemoryRecord> redacted, DateTimeOffset now)
    : LoneWrite(new SessionKey(commit.Tenant, commit.Writes.Count > 0 ? commit.Writes[0].After.Id : string.Empty))
{
    public override int Weight => Math.Max(1, commit.Writes.Count);

    public override NpgsqlCommand Build() => MemoryCommitCall.Build(commit, redacted, Seal, now);
}
