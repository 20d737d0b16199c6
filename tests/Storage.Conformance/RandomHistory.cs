using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Plays one history to a store and to the model at once, under tenants of its own.</summary>
internal sealed class RandomHistory
{
    private readonly Func<IStoreUnderTest> store;
    private readonly Func<DateTimeOffset> tick;
    private readonly StoreModel model = new();
    private readonly SessionKey[] keys;
    private readonly FeedFollower[] followers;
    private readonly List<(Task<CommitStatus> Actual, CommitStatus Expected)> underWay = [];
    private readonly List<(SessionKey Session, IdempotencyRecord Record)> records = [];

    public RandomHistory(Func<IStoreUnderTest> store, Func<DateTimeOffset> tick)
    {
        (this.store, this.tick) = (store, tick);
        string[] tenants = [$"tenant-{Guid.NewGuid():N}", $"tenant-{Guid.NewGuid():N}"];
        keys = [.. tenants.SelectMany(tenant => new[] { "a", "b", "c" }.Select(id => new SessionKey(tenant, id)))];
        followers = [.. tenants.SelectMany(tenant =>
            new[] { "ada", null }.Select(user => new FeedFollower(new PartitionKey(tenant, user))))];
    }

    private ISessionStore Sessions => store().Sessions;

    private IRecallFeed Feed => store().Feed;

    public async Task RunAsync(Step[] steps)
    {
        foreach (var step in steps)
        {
            if (step.Kind is StepKind.Settle or StepKind.Reopen)
                await SettleAsync();
            if (step.Kind == StepKind.Reopen)
                await store().ReopenAsync();
            Play(step, keys[step.Session]);
        }

        await SettleAsync();
    }

    private void Play(Step step, SessionKey key)
    {
        var lookup = model.Find(key);
        switch (step.Kind)
        {
            case StepKind.Append:
                Send(NewAppend(key, lookup, step.Size));
                break;
            case StepKind.AppendOnce:
                SendOnce(NewAppend(key, lookup, step.Size), idempotencyKey: $"key-{step.Size}");
                break;
            case StepKind.StaleAppend:
                Send(Shifted(NewAppend(key, lookup, step.Size)));
                break;
            case StepKind.RepeatTurnId when model.TurnsOf(key) is { Count: > 0 } known:
                var repeating = NewAppend(key, lookup, step.Size);
                Send(repeating with { Turns = [.. repeating.Turns.SkipLast(1), repeating.Turns[^1] with { Id = known[0].Id }] });
                break;
            case StepKind.Close when lookup.Session is { } open:
                var closed = open with { Status = SessionStatus.Closed, Version = open.Version + 1, UpdatedAt = tick() };
                Send(new SessionCommit(key, open.Version, 0, closed, [], Idempotency: null));
                break;
            case StepKind.Delete:
                SendDelete(key, lookup.Session?.Version ?? 1);
                break;
            case StepKind.StaleDelete:
                SendDelete(key, (lookup.Session?.Version ?? 0) + step.Size);
                break;
        }
    }

    private SessionCommit NewAppend(SessionKey key, SessionLookup lookup, int count)
    {
        var now = tick();
        var before = lookup.Session;
        var first = (before?.LastSeq ?? 0) + 1;
        var turns = Enumerable.Range(0, count).Select(i => NewTurn(key, first + i, now)).ToArray();
        var version = (before?.Version ?? lookup.TombstoneVersion) + 1;
        var userId = key.Id == "c" ? null : "ada";
        var after = before is null
            ? new Session(key.Id, userId, null, SessionStatus.Open, first + count - 1, version, now, now)
            : before with { Status = SessionStatus.Open, LastSeq = first + count - 1, Version = version, UpdatedAt = now };
        return new SessionCommit(key, before?.Version ?? 0, lookup.TombstoneVersion, after, turns, Idempotency: null);
    }

    private static Turn NewTurn(SessionKey key, long seq, DateTimeOffset now)
    {
        var content = $"what {key.Id} said at {seq}, {now:O}";
        return new Turn(key.Id, seq, Guid.NewGuid().ToString("N"), "user", null, content, now, now, null, TokenEstimate.Of(content));
    }

    private static SessionCommit Shifted(SessionCommit commit) => commit with
    {
        ExpectedVersion = commit.ExpectedVersion + 1, After = commit.After with { Version = commit.After.Version + 1 },
    };

    private void Send(SessionCommit commit) => underWay.Add((Sessions.CommitAsync(commit), model.Commit(commit)));

    private void SendOnce(SessionCommit commit, string idempotencyKey)
    {
        var record = SessionScript.RecordOf(commit, "scope", idempotencyKey, tick().AddHours(24));
        records.Add((commit.Key, record));
        Send(commit with { Idempotency = record });
    }

    private void SendDelete(SessionKey key, long expectedVersion) =>
        underWay.Add((Sessions.DeleteSessionAsync(key, expectedVersion, tick()), model.Delete(key, expectedVersion)));

    private async Task SettleAsync()
    {
        foreach (var (actual, expected) in underWay)
            Assert.Equal(expected, await actual);
        underWay.Clear();
        foreach (var key in keys)
            await CompareAsync(key);
        foreach (var follower in followers)
            await CompareAsync(follower);
        foreach (var (session, record) in records)
        {
            var actual = await Sessions.FindIdempotencyAsync(session.Tenant, record.Scope, record.Key, tick(), default);
            var expected = model.FindRecord(session.Tenant, record.Scope, record.Key);
            Assert.Equal(expected, actual is null ? null : actual with { RequestDigest = expected?.RequestDigest ?? [] });
        }
    }

    private async Task CompareAsync(SessionKey key)
    {
        var expected = model.TurnsOf(key);
        Assert.Equal(model.Find(key), await Sessions.FindSessionAsync(key, default));
        Assert.Equal(expected, await Sessions.ReadTurnsAsync(key, 0, 1000, default));
        Assert.Equal(expected.TakeLast(3), await Sessions.ReadTailAsync(key, 3, default));
        var addresses = expected.Select(turn => new TurnAddress(key.Id, turn.Seq)).ToArray();
        Assert.Equal(expected, (await Sessions.ReadTurnsAsync(key.Tenant, addresses, default)).OrderBy(turn => turn.Seq));
        var ids = expected.Select(turn => turn.Id).ToArray();
        Assert.Equal(expected, (await Sessions.FindTurnsAsync(key, ids, default)).OrderBy(turn => turn.Seq));
    }

    private async Task CompareAsync(FeedFollower follower)
    {
        await follower.CatchUpAsync(Feed);
        var fresh = new FeedFollower(follower.Partition);
        await fresh.CatchUpAsync(Feed);
        var expected = model.TurnsOf(follower.Partition);
        Assert.Equal(expected, follower.Turns);
        Assert.Equal(expected, fresh.Turns);
        var head = await Feed.HeadAsync(follower.Partition, default);
        Assert.Equal(head, follower.Watermark);
        Assert.Equal(head, fresh.Watermark);
    }
}
