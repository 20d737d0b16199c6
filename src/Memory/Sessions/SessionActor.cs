using MemoryOrleans.Redaction;

namespace MemoryOrleans.Sessions;

/// <summary>
/// The single writer of one session. Requests take their turn at reserving a place (seq, version), and wait for their commits side by
/// side, so that one session's appends share transactions. Whoever hosts it owns its life.
/// </summary>
/// <param name="pace">When to wake distillation; null: never.</param>
/// <param name="window">Bounds of the working memory that it keeps in hand; null: the defaults.</param>
/// <param name="redaction">What is taken out of turns before anything is done with them; null: nothing.</param>
public sealed class SessionActor(
    SessionKey key, ISessionStore store, TimeProvider clock, Func<string> turnIds, DistillationPace? pace = null,
    WorkingMemoryLimits? window = null,
    IRedaction? redaction = null)
    : IDisposable
{
    private const string MovedText = "The session moved on while this was being written; nothing was stored.";
    private static readonly Dictionary<string, Turn> NoTurns = [];

    private readonly SemaphoreSlim turnstile = new(1, 1);
    private readonly Lock pendingLock = new();
    private readonly List<Pending> pending = [];
    private readonly Lock workingLock = new();
    private readonly WorkingMemoryLimits limits = window ?? new WorkingMemoryLimits();
    private readonly WorkingMemory working = new(window ?? new WorkingMemoryLimits());
    private SessionState? state;

    /// <summary>True while commits are on their way.</summary>
    public bool IsBusy
    {
        get { lock (pendingLock) return pending.Count > 0; }
    }

    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel)
    {
        if (redaction is null)
            return await StoreAsync(command, cancel);
        var redacted = RedactTurns.Of(command, await redaction.PacksOfAsync(key.Tenant, cancel));
        if (!redacted.IsSuccess)
            return redacted.Error;
        var stored = await StoreAsync(redacted.Value.Command, cancel);
        if (!stored.IsSuccess || redacted.Value.Counts.IsEmpty)
            return stored;
        if (!stored.Value.Replayed)
            redaction.Note(redacted.Value.Counts);
        return stored.Value with { Redacted = redacted.Value.Counts };
    }

    private async Task<Outcome<AppendResult>> StoreAsync(AppendCommand command, CancellationToken cancel)
    {
        await EnterBehindAsync(command, cancel);
        Pending? reserved = null;
        SessionReservation reservation;
        try
        {
            var current = await LoadAsync(cancel);
            if (await FindReplayAsync(command, cancel) is { } replay)
                return replay;
            var existing = await FindExistingAsync(command, cancel);
            if (current.Session is null && command is { TimeZone: null, UserId: { } user })
                command = command with { TimeZone = await store.FindTimeZoneAsync(key.Tenant, user, cancel) };
            var outcome = current.Reserve(command, existing, Now());
            if (!outcome.IsSuccess && await IsOutdatedAsync(cancel))
                outcome = (await LoadAsync(cancel)).Reserve(command, await FindExistingAsync(command, cancel), Now());
            if (!outcome.IsSuccess)
                return outcome.Error;
            reservation = outcome.Value;
            if (reservation.Commit is null)
                return new AppendResult(reservation.Turns, reservation.Version, Replayed: true);
            reserved = Send(command, reservation.Commit, store.CommitAsync(reservation.Commit));
        }
        finally
        {
            turnstile.Release();
        }

        return await SettleAsync(reserved).WaitAsync(cancel) is { } error
            ? error
            : new AppendResult(reservation.Turns, reservation.Version, Replayed: false);
    }

    public async Task<Outcome<Session>> CloseAsync(long? ifMatchVersion, CancellationToken cancel)
    {
        Pending reserved;
        Session closed;
        await EnterBehindAsync(command: null, cancel);
        try
        {
            var current = await LoadAsync(cancel);
            var outcome = current.Close(ifMatchVersion, Now());
            // Without a change there is no commit to find that our version is old, so the store is asked.
            if ((!outcome.IsSuccess || outcome.Value is null) && await IsOutdatedAsync(cancel))
                outcome = (current = await LoadAsync(cancel)).Close(ifMatchVersion, Now());
            if (!outcome.IsSuccess)
                return outcome.Error;
            closed = current.Session!;
            if (outcome.Value is null)
                return closed;
            reserved = Send(command: null, outcome.Value, store.CommitAsync(outcome.Value));
        }
        finally
        {
            turnstile.Release();
        }

        return await SettleAsync(reserved).WaitAsync(cancel) is { } error ? error : closed;
    }

    /// <summary>Deletes the session; the answer is the session as it was.</summary>
    public async Task<Outcome<Session>> DeleteAsync(long? ifMatchVersion, CancellationToken cancel)
    {
        Pending reserved;
        Session? deleted;
        await EnterBehindAsync(command: null, cancel);
        try
        {
            var current = await LoadAsync(cancel);
            deleted = current.Session;
            var outcome = current.Delete(ifMatchVersion);
            if (!outcome.IsSuccess && await IsOutdatedAsync(cancel))
            {
                current = await LoadAsync(cancel);
                deleted = current.Session;
                outcome = current.Delete(ifMatchVersion);
            }

            if (!outcome.IsSuccess)
                return outcome.Error;
            reserved = Send(command: null, change: null, store.DeleteSessionAsync(key, outcome.Value, Now()));
        }
        finally
        {
            turnstile.Release();
        }

        return await SettleAsync(reserved).WaitAsync(cancel) is { } error ? error : deleted!;
    }

    /// <summary>The live window as of the store's version of the session; null when there is no such session.</summary>
    public async Task<WorkingMemoryView?> ReadWindowAsync(CancellationToken cancel)
    {
        if ((await store.FindSessionAsync(key, cancel)).Session is not { } session)
            return null;
        lock (workingLock)
        {
            if (working.ViewAt(session) is { } view)
                return view;
        }

        var tail = await store.ReadTailAsync(key, limits.TurnsMax, cancel);
        lock (workingLock)
        {
            working.Load(session, tail);
            return working.ViewAt(session) ?? WorkingMemory.Select(session, tail, limits);
        }
    }

    /// <summary>Turns after a seq, ascending, out of the window where it holds them all; null when there is no such session.</summary>
    public async Task<IReadOnlyList<Turn>?> ReadTurnsAsync(long afterSeq, int limit, CancellationToken cancel)
    {
        if ((await store.FindSessionAsync(key, cancel)).Session is not { } session)
            return null;
        lock (workingLock)
        {
            if (working.TurnsAfter(afterSeq, limit, session) is { } turns)
                return turns;
        }

        return await store.ReadTurnsAsync(key, afterSeq, limit, cancel);
    }

    /// <summary>What was said before the window: as kept while its sources are the same, else as <paramref name="read"/> answers.</summary>
    /// <param name="sourcesAt">Grows whenever the memories change that the summary is made of.</param>
    public async Task<IReadOnlyList<SummaryPart>> ReadSummaryAsync(
        WorkingMemoryView view, long sourcesAt, Func<WorkingMemoryView, Task<IReadOnlyList<SummaryPart>>> read)
    {
        lock (workingLock)
        {
            if (working.SummaryAt(view.Session, sourcesAt) is { } kept)
                return kept;
        }

        var parts = await read(view);
        lock (workingLock)
            working.KeepSummary(parts, view.Session, sourcesAt);
        return parts;
    }

    /// <summary>
    /// Runs a change of the session's rows that is not the actor's own: after every commit it has sent has ended, and before
    /// the next, which is made up from what the change left.
    /// </summary>
    public async Task ChangeAsync(Func<Task> change, CancellationToken cancel)
    {
        await turnstile.WaitAsync(cancel);
        try
        {
            await EndOf(Task.WhenAll(UnderWay()), cancel);
            await change();
        }
        finally
        {
            state = null;
            ClearWindow();
            turnstile.Release();
        }
    }

    public void Dispose() => turnstile.Dispose();

    // Holds the turnstile on return. What hangs on the outcome of a request under way waits for that first: everything on
    // a close's or a deletion's, an append on that of its twin (same idempotency key or turn id).
    private async Task EnterBehindAsync(AppendCommand? command, CancellationToken cancel)
    {
        while (true)
        {
            await turnstile.WaitAsync(cancel);
            if (FindPredecessor(command) is not { } predecessor)
                return;
            turnstile.Release();
            await EndOf(predecessor.Commit, cancel);
        }
    }

    private Pending? FindPredecessor(AppendCommand? command)
    {
        lock (pendingLock)
        {
            foreach (var other in pending)
            {
                if (!other.Commit.IsCompleted && other.Precedes(command))
                    return other;
            }
        }

        return null;
    }

    // After a failure the state is dropped, but other commits may still be on their way: wait for them before loading.
    private async ValueTask<SessionState> LoadAsync(CancellationToken cancel)
    {
        lock (pendingLock)
        {
            if (state is not null && !pending.Exists(static sent => sent.HasFailed))
                return state;
        }

        await EndOf(Task.WhenAll(UnderWay()), cancel);
        return state = new SessionState(key, await store.FindSessionAsync(key, cancel), turnIds, pace);
    }

    private Task[] UnderWay()
    {
        lock (pendingLock)
            return [.. pending.Select(static sent => sent.Commit)];
    }

    /// <summary>
    /// True when another process has written the session since its state was loaded, which is then void. A commit finds out by
    /// itself; whoever is about to be refused by what is known here would not.
    /// </summary>
    private async ValueTask<bool> IsOutdatedAsync(CancellationToken cancel)
    {
        if (IsBusy || state is not { } known)
            return false;
        var found = await store.FindSessionAsync(key, cancel);
        if ((found.Session?.Version, found.Session?.LastSeq) == (known.Session?.Version, known.Session?.LastSeq))
            return false;
        state = null;
        return true;
    }

    // Waits for the end only. Whoever sent the commit reports its outcome.
    private static async Task EndOf(Task work, CancellationToken cancel)
    {
        await work.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }

    private async ValueTask<Outcome<AppendResult>?> FindReplayAsync(AppendCommand command, CancellationToken cancel)
    {
        if (command.Idempotency is not { } idempotency)
            return null;
        var record = await store.FindIdempotencyAsync(key.Tenant, idempotency.Scope, idempotency.Key, Now(), cancel);
        if (record is null)
            return null;
        if (!record.RequestDigest.AsSpan().SequenceEqual(idempotency.RequestDigest))
            return new MemoryError(ErrorCode.IdempotencyKeyReused, "The key was used with another body.", "Idempotency-Key");
        var range = await store.ReadTurnsAsync(key, record.FirstSeq - 1, record.Count, cancel);
        // The turns were erased after the record was read. The record is gone too, so the first answer cannot be given again.
        if (range.Count < record.Count || range.Any(static turn => turn.IsErased))
            return null;
        // Of the store, whatever the state says: another process may have made the session since it was loaded.
        var existing = await FindStoredAsync(command, cancel);
        return new AppendResult(InOrderOf(command, range, existing), record.Version, Replayed: true);
    }

    // The first answer again: turns with supplied ids by those, the others from the range the first request made.
    private static Turn[] InOrderOf(AppendCommand command, IReadOnlyList<Turn> range, Dictionary<string, Turn> existing)
    {
        var minted = new Queue<Turn>(range.Where(turn => !existing.ContainsKey(turn.Id)));
        return [.. command.Turns.Select(draft => draft.Id is null ? minted.Dequeue() : existing[draft.Id])];
    }

    private ValueTask<Dictionary<string, Turn>> FindExistingAsync(AppendCommand command, CancellationToken cancel) =>
        state?.Session is null || command.HasFreshIds ? new(NoTurns) : FindStoredAsync(command, cancel);

    private async ValueTask<Dictionary<string, Turn>> FindStoredAsync(AppendCommand command, CancellationToken cancel)
    {
        if (!command.Turns.Any(static draft => draft.Id is not null))
            return NoTurns;
        var ids = command.Turns.Where(static draft => draft.Id is not null).Select(static draft => draft.Id!).ToHashSet();
        var found = await store.FindTurnsAsync(key, ids, cancel);
        return found.ToDictionary(static turn => turn.Id);
    }

    private Pending Send(AppendCommand? command, SessionCommit? change, Task<CommitStatus> commit)
    {
        var sent = new Pending(command, change, commit);
        lock (pendingLock)
            pending.Add(sent);
        return sent;
    }

    // Goes on when the caller gives up waiting. A failed commit leaves later reservations without their predecessor; they
    // fail in the store as stale, and the state is loaded afresh by the next request.
    private async Task<MemoryError?> SettleAsync(Pending sent)
    {
        var status = CommitStatus.Unavailable;
        try
        {
            status = await sent.Commit;
        }
        finally
        {
            if (status != CommitStatus.Committed)
            {
                await turnstile.WaitAsync();
                state = null;
                turnstile.Release();
            }

            Remember(status == CommitStatus.Committed ? sent.Change : null);

            lock (pendingLock)
                pending.Remove(sent);
        }

        if (status == CommitStatus.Committed)
            return null;
        return CommitErrors.Of(status, whenStale: new MemoryError(ErrorCode.SessionMoved, MovedText, RetryAfter: TimeSpan.FromSeconds(1)));
    }

    // What became of a commit goes into the window at once; a refused one, or a deletion, empties it.
    private void Remember(SessionCommit? committed)
    {
        if (committed is null)
        {
            ClearWindow();
            return;
        }

        lock (workingLock)
            working.Advance(committed.After, committed.Turns);
    }

    private void ClearWindow()
    {
        lock (workingLock)
            working.Clear();
    }

    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <param name="command">Null for a close or a deletion.</param>
    /// <param name="change">What it stores; null for a deletion.</param>
    private sealed class Pending(AppendCommand? command, SessionCommit? change, Task<CommitStatus> commit)
    {
        private readonly HashSet<string> turnIds =
            command is null ? [] : [.. command.Turns.Select(static draft => draft.Id).OfType<string>()];

        public Task<CommitStatus> Commit => commit;

        public SessionCommit? Change => change;

        public bool HasFailed => commit.IsCompleted && !(commit.IsCompletedSuccessfully && commit.Result == CommitStatus.Committed);

        public bool Precedes(AppendCommand? other) => command is null || (other is not null && (SharesKey(other)
            || (turnIds.Count > 0 && other.Turns.Any(draft => draft.Id is not null && turnIds.Contains(draft.Id)))));

        private bool SharesKey(AppendCommand other) =>
            command?.Idempotency is { } mine && other.Idempotency is { } its && mine.Key == its.Key && mine.Scope == its.Scope;
    }
}
