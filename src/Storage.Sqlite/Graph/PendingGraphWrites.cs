using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

internal sealed class GraphCommitWrite(GraphCommit commit, DateTimeOffset now) : PendingWrite
{
    public override int Weight => Math.Max(1, commit.Writes.Count);

    public override CommitStatus Apply(WriteTransaction transaction) => transaction.Graph.Commit(commit, now);
}

internal sealed class DeleteEntityWrite(string tenant, string id, long expectedVersion, DateTimeOffset now) : PendingWrite
{
    public override int Weight => 1;

    public GraphReceipt? Receipt { get; private set; }

    public override CommitStatus Apply(WriteTransaction transaction)
    {
        Receipt = transaction.Graph.Delete(tenant, id, expectedVersion, now);
        return Receipt is null ? CommitStatus.Stale : CommitStatus.Committed;
    }
}
