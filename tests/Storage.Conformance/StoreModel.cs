using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>What a store is supposed to do, in the plainest way: dictionaries, one write after the other.</summary>
internal sealed class StoreModel
{
    private readonly Dictionary<SessionKey, Session> sessions = [];
    private readonly Dictionary<SessionKey, List<Turn>> turns = [];
    private readonly Dictionary<SessionKey, long> tombstones = [];
    private readonly Dictionary<(string Tenant, string Scope, string Key), (SessionKey Session, IdempotencyRecord Record)> records = [];

    public SessionLookup Find(SessionKey key) => new(sessions.GetValueOrDefault(key), tombstones.GetValueOrDefault(key));

    public IReadOnlyList<Turn> TurnsOf(SessionKey key) => turns.GetValueOrDefault(key) ?? [];

    public IdempotencyRecord? FindRecord(string tenant, string scope, string key) => records.GetValueOrDefault((tenant, scope, key)).Record;

    /// <summary>Turns that exist in a partition, by session and seq.</summary>
    public Dictionary<(string SessionId, long Seq), Turn> TurnsOf(PartitionKey partition) => sessions
        .Where(entry => entry.Key.Tenant == partition.Tenant && entry.Value.UserId == partition.UserId)
        .SelectMany(entry => turns[entry.Key])
        .ToDictionary(turn => (turn.SessionId, turn.Seq));

    public CommitStatus Commit(SessionCommit commit)
    {
        var before = Find(commit.Key);
        var stored = TurnsOf(commit.Key);
        var known = stored.Select(turn => turn.Id).ToHashSet(StringComparer.Ordinal);
        var recordKey = commit.Idempotency is { } record ? (commit.Key.Tenant, record.Scope, record.Key) : default;
        if ((before.Session?.Version ?? 0) != commit.ExpectedVersion
            || before.TombstoneVersion != commit.TombstoneVersion
            || commit.After.LastSeq != stored.Count + commit.Turns.Count
            || commit.Turns.Any(turn => !known.Add(turn.Id))
            || (commit.Idempotency is not null && records.ContainsKey(recordKey)))
        {
            return CommitStatus.Stale;
        }

        sessions[commit.Key] = commit.After;
        turns[commit.Key] = [.. stored, .. commit.Turns];
        tombstones.Remove(commit.Key);
        if (commit.Idempotency is not null)
            records[recordKey] = (commit.Key, commit.Idempotency);
        return CommitStatus.Committed;
    }

    public CommitStatus Delete(SessionKey key, long expectedVersion)
    {
        if (!sessions.TryGetValue(key, out var session) || session.Version != expectedVersion)
            return CommitStatus.Stale;
        sessions.Remove(key);
        turns.Remove(key);
        tombstones[key] = expectedVersion + 1;
        foreach (var entry in records.Where(entry => entry.Value.Session == key).ToArray())
            records.Remove(entry.Key);
        return CommitStatus.Committed;
    }
}
