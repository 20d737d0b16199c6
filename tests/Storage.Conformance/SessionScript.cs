using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Prepares a session's commits as its actor does: each builds on the one before, whether or not that is durable yet.</summary>
public sealed class SessionScript(Func<IStoreUnderTest> store, SessionKey key, string? userId, string? agentId, Func<DateTimeOffset> tick)
{
    private long tombstone;

    public SessionKey Key => key;

    /// <summary>The session after everything prepared; null before the first append and after a deletion.</summary>
    public Session? Session { get; private set; }

    /// <summary>Every turn prepared since the session was made.</summary>
    public List<Turn> Turns { get; } = [];

    private ISessionStore Sessions => store().Sessions;

    public SessionCommit PrepareAppend(params string[] contents)
    {
        var now = tick();
        var before = Session;
        var seq = before?.LastSeq ?? 0;
        var turns = contents.Select(content => NewTurn(++seq, content, now)).ToArray();
        var version = (before?.Version ?? tombstone) + 1;
        var after = before is null
            ? new Session(key.Id, userId, agentId, SessionStatus.Open, seq, version, now, now)
            : before with { Status = SessionStatus.Open, LastSeq = seq, Version = version, UpdatedAt = now };
        return Prepare(after, turns);
    }

    public SessionCommit PrepareClose() =>
        Prepare(Session! with { Status = SessionStatus.Closed, Version = Session.Version + 1, UpdatedAt = tick() }, []);

    public async Task AppendAsync(params string[] contents) => await CommitAsync(PrepareAppend(contents));

    public async Task CloseAsync() => await CommitAsync(PrepareClose());

    /// <summary>Appends under an idempotency key; the record that went with it.</summary>
    public async Task<IdempotencyRecord> AppendOnceAsync(
        string scope, string idempotencyKey, DateTimeOffset expiresAt, params string[] contents)
    {
        var commit = PrepareAppend(contents);
        var record = RecordOf(commit, scope, idempotencyKey, expiresAt);
        await CommitAsync(commit with { Idempotency = record });
        return record;
    }

    public static IdempotencyRecord RecordOf(SessionCommit commit, string scope, string idempotencyKey, DateTimeOffset expiresAt)
    {
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(idempotencyKey));
        return new IdempotencyRecord(
            scope, idempotencyKey, digest, commit.Key.Id, commit.Turns[0].Seq, commit.Turns.Count, commit.After.Version, expiresAt);
    }

    public async Task DeleteAsync() => Assert.Equal(CommitStatus.Committed, await StartDeleteAsync());

    public Task<CommitStatus> StartDeleteAsync()
    {
        var version = Session!.Version;
        Session = null;
        Turns.Clear();
        tombstone = version + 1;
        return Sessions.DeleteSessionAsync(key, version, tick());
    }

    public Turn NewTurn(long seq, string content, DateTimeOffset now) => new(
        key.Id,
        seq,
        $"turn-{Guid.NewGuid():N}",
        seq % 2 == 1 ? "user" : "assistant",
        seq % 3 == 0 ? "Ada" : null,
        content,
        now.AddHours(-seq),
        now,
        seq % 4 == 0 ? """{"channel":"chat"}""" : null,
        TokenEstimate.Of(content));

    private SessionCommit Prepare(Session after, Turn[] turns)
    {
        var commit = new SessionCommit(key, Session?.Version ?? 0, Session is null ? tombstone : 0, after, turns, Idempotency: null);
        Session = after;
        Turns.AddRange(turns);
        return commit;
    }

    private async Task CommitAsync(SessionCommit commit) =>
        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(commit));
}
