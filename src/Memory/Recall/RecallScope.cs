using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>Which partitions a recall reads and what it may answer of each, as docs/api.md describes.</summary>
internal sealed class RecallScope
{
    private readonly RecallQuery query;
    private readonly Session? session;

    /// <param name="session">The session the query names, or null when it names none or an unknown one.</param>
    public RecallScope(RecallQuery query, Session? session)
    {
        this.query = query;
        this.session = session;
    }

    private bool IsSessionOnly => query.SessionId is not null && query.UserId is null && query.AgentId is null;

    /// <summary>Null: all of the tenant's.</summary>
    public IReadOnlyList<PartitionKey>? Partitions
    {
        get
        {
            if (IsSessionOnly)
                return session is null ? [] : [new PartitionKey(query.Tenant, session.UserId)];
            if (query.UserId is null)
                return null;
            var own = new PartitionKey(query.Tenant, query.UserId);
            return session is null || session.UserId == query.UserId ? [own] : [own, new PartitionKey(query.Tenant, session.UserId)];
        }
    }

    public RankScope Rank(IReadOnlyList<PartitionSnapshot> snapshots) =>
        new(snapshots, [.. snapshots.Select(snapshot => MaskOf(snapshot.Key).OrNull)]);

    private TurnMask MaskOf(PartitionKey partition)
    {
        var onlySession = IsSessionOnly || (query.UserId is not null && partition.UserId != query.UserId);
        return new TurnMask(
            SessionId: onlySession ? query.SessionId : null,
            AgentId: onlySession ? null : query.AgentId,
            AddedSessionId: onlySession || query.AgentId is null ? null : query.SessionId,
            Role: query.Filter?.Role,
            Name: query.Filter?.Name,
            OccurredFrom: Timestamp.Of(query.Filter?.OccurredFrom),
            OccurredTo: Earlier(Timestamp.Of(query.Filter?.OccurredTo), Timestamp.Of(query.AsOf?.Valid)),
            RecordedTo: Timestamp.Of(query.AsOf?.Known));
    }

    private static long? Earlier(long? left, long? right) =>
        left is null || right is null ? left ?? right : Math.Min(left.Value, right.Value);
}
