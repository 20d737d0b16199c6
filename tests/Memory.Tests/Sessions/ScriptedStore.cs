using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

/// <summary>
/// A store over dictionaries. It commits at once, or, while held, one write after the other as the test says; each may be
/// made to fail. It checks versions, seq, turn ids and idempotency keys as a real one does.
/// </summary>
internal sealed class ScriptedStore : ISessionStore
{
    private readonly Lock storeLock = new();
    private readonly Queue<(TaskCompletionSource<CommitStatus> Done, Func<CommitStatus> Write)> held = [];
    private readonly Dictionary<SessionKey, Session> sessions = [];
    private readonly Dictionary<SessionKey, long> tombstones = [];
    private readonly Dictionary<SessionKey, List<Turn>> turns = [];
    private readonly List<(string Tenant, IdempotencyRecord Record)> records = [];

    /// <summary>While true, writes wait for <see cref="FinishOne"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>What the next writes end with instead of being tried.</summary>
    public Queue<CommitStatus> Failures { get; } = [];

    /// <summary>Loads of a session's row so far.</summary>
    public int Loads { get; private set; }

    public int HeldWrites
    {
        get
        {
            lock (storeLock)
                return held.Count;
        }
    }

    /// <summary>All turns of a session, by seq.</summary>
    public IReadOnlyList<Turn> TurnsOf(SessionKey key)
    {
        lock (storeLock)
            return [.. turns.GetValueOrDefault(key) ?? []];
    }

    public Session? SessionOf(SessionKey key) => sessions.GetValueOrDefault(key);

    /// <summary>Puts a session and its turns there as they are.</summary>
    public void Put(string tenant, Session session, IEnumerable<Turn> content)
    {
        var key = new SessionKey(tenant, session.Id);
        sessions[key] = session;
        turns[key] = [.. content];
    }

    /// <summary>Ends the oldest held write: with this failure, or as the data has it. False when none is held.</summary>
    public bool FinishOne(CommitStatus? failure = null)
    {
        TaskCompletionSource<CommitStatus> done;
        CommitStatus status;
        lock (storeLock)
        {
            if (!held.TryDequeue(out var first))
                return false;
            (done, var write) = first;
            status = failure ?? write();
        }

        done.SetResult(status);
        return true;
    }

    /// <summary>Breaks the oldest held write, as no store should.</summary>
    public void Break(Exception failure)
    {
        lock (storeLock)
            held.Dequeue().Done.SetException(failure);
    }

    public void FinishAll()
    {
        Holds = false;
        while (FinishOne())
        {
        }
    }

    public Task<CommitStatus> CommitAsync(SessionCommit commit) => WriteAsync(() => Commit(commit));

    public Task<CommitStatus> DeleteSessionAsync(SessionKey key, long expectedVersion, DateTimeOffset now) =>
        WriteAsync(() => Delete(key, expectedVersion));

    public ValueTask<string?> FindTimeZoneAsync(string tenant, string userId, CancellationToken cancel) => new(sessions
        .Where(each => each.Key.Tenant == tenant && each.Value is { TimeZone: not null } session && session.UserId == userId)
        .OrderBy(static each => each.Value.CreatedAt).LastOrDefault().Value?.TimeZone);

    public ValueTask<SessionLookup> FindSessionAsync(SessionKey key, CancellationToken cancel)
    {
        lock (storeLock)
        {
            Loads++;
            return new(new SessionLookup(sessions.GetValueOrDefault(key), tombstones.GetValueOrDefault(key)));
        }
    }

    public ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        new([.. TurnsOf(key).Where(turn => turn.Seq > afterSeq).Take(limit)]);

    public ValueTask<IReadOnlyList<Turn>> ReadTailAsync(SessionKey key, int limit, CancellationToken cancel) =>
        new([.. TurnsOf(key).TakeLast(limit)]);

    public ValueTask<IReadOnlyList<Turn>> FindTurnsAsync(SessionKey key, IReadOnlyCollection<string> turnIds, CancellationToken cancel) =>
        new([.. TurnsOf(key).Where(turn => turnIds.Contains(turn.Id))]);

    public ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(string tenant, IReadOnlyList<TurnAddress> addresses, CancellationToken cancel) =>
        new([.. addresses.Reverse()
        .SelectMany(address => TurnsOf(new SessionKey(tenant, address.SessionId)).Where(turn => turn.Seq == address.Seq))]);

    public ValueTask<IdempotencyRecord?> FindIdempotencyAsync(
        string tenant, string scope, string key, DateTimeOffset now, CancellationToken cancel)
    {
        lock (storeLock)
            return new(records.Find(each => each.Tenant == tenant && each.Record.Scope == scope && each.Record.Key == key
                && each.Record.ExpiresAt > now).Record);
    }

    public ValueTask<Outcome<Page<Session>>> ListSessionsAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) => throw new NotSupportedException();

    private Task<CommitStatus> WriteAsync(Func<CommitStatus> write)
    {
        lock (storeLock)
        {
            if (Failures.TryDequeue(out var failure))
                return Task.FromResult(failure);
            if (!Holds)
                return Task.FromResult(write());
            var done = new TaskCompletionSource<CommitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            held.Enqueue((done, write));
            return done.Task;
        }
    }

    private CommitStatus Commit(SessionCommit commit)
    {
        var stored = turns.GetValueOrDefault(commit.Key) ?? [];
        var all = stored.Concat(commit.Turns).ToList();
        var record = commit.Idempotency;
        if ((sessions.GetValueOrDefault(commit.Key)?.Version ?? 0) != commit.ExpectedVersion
            || tombstones.GetValueOrDefault(commit.Key) != commit.TombstoneVersion
            || !all.Select(static turn => turn.Seq).SequenceEqual(Enumerable.Range(1, all.Count).Select(static seq => (long)seq))
            || all.Select(static turn => turn.Id).Distinct().Count() != all.Count
            || (record is not null && records.Exists(each => each.Tenant == commit.Key.Tenant && each.Record.Scope == record.Scope
            && each.Record.Key == record.Key)))
        {
            return CommitStatus.Stale;
        }

        sessions[commit.Key] = commit.After;
        turns[commit.Key] = all;
        tombstones.Remove(commit.Key);
        if (record is not null)
            records.Add((commit.Key.Tenant, record));
        return CommitStatus.Committed;
    }

    private CommitStatus Delete(SessionKey key, long expectedVersion)
    {
        if (sessions.GetValueOrDefault(key)?.Version != expectedVersion)
            return CommitStatus.Stale;
        sessions.Remove(key);
        turns.Remove(key);
        tombstones[key] = expectedVersion + 1;
        records.RemoveAll(each => each.Tenant == key.Tenant && each.Record.SessionId == key.Id);
        return CommitStatus.Committed;
    }
}
