using MemoryOrleans.Embeddings;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>
/// Brings the vectors of many sessions up to date at once: their new turns go to the embedder together, are saved by session,
/// and each session's cursor moves. A turn that the embedder refuses holds back its own session's cursor and no other.
/// </summary>
/// <param name="timeMax">How long the embedder may take for a batch; less than a lease.</param>
/// <param name="saved">Told the tenant after vectors of it were stored.</param>
public sealed class EmbeddingHandler(
    ISessionStore sessions, IVectorStore vectors, ITextEmbedder embedder, SpaceBook book, TimeProvider clock, TimeSpan timeMax,
    Action<string>? saved = null) : IDueHandler
{
    private const int TurnsMax = 256;
    private const int TurnsPerSessionMin = 8;

    // A model in this process takes the processor time that is left over, which may be little: small batches, so that news wait for no
    // large one, and few texts a call.
    private const int LocalTurnsMax = 64;
    private const int LocalSessionsMax = 8;
    private const int LocalTextsPerCall = 16;
    private static readonly TimeSpan LocalTime = TimeSpan.FromSeconds(2);

    private long batches;

    public string KindPrefix => DueKinds.EmbedPrefix;

    public int BatchMax => embedder.RanksInIndex ? LocalSessionsMax : 64;

    public int Lanes => embedder.StoredAtOnce;

    public bool TakeNewest() => embedder.RanksInIndex && Interlocked.Increment(ref batches) % 2 == 0;

    public async Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel)
    {
        if (await book.FindAsync(works[0].Kind, cancel) is not { } space)
            return [.. works.Select(static work => new DueFinished(work.Cursor))];
        var turnsMax = Math.Max((embedder.RanksInIndex ? LocalTurnsMax : TurnsMax) / works.Count, TurnsPerSessionMin);
        var slices = new List<SessionSlice>(works.Count);
        foreach (var work in works)
        {
            // A row without a cursor may be one of a session whose former work was finished.
            var from = work.Cursor > 0 ? work.Cursor : await vectors.FindLastSeqAsync(space, work.Tenant, work.Subject, cancel);
            slices.Add(await ReadAsync(space, work, from, turnsMax, cancel));
        }

        var pieces = slices.SelectMany(static slice => slice.Pieces).ToArray();
        var embedded = embedder.RanksInIndex
            ? await EmbedSomeAsync(space, pieces, cancel)
            : await EmbedAsync(space, Array.ConvertAll(pieces, static piece => piece.Text), cancel);
        var outcomes = new List<DueOutcome>(works.Count);
        var at = 0;
        foreach (var slice in slices)
        {
            var done = slice.First(Math.Clamp(embedded.Length - at, 0, slice.Pieces.Count));
            outcomes.Add(await SaveAsync(space, done, embedded.AsMemory(Math.Min(at, embedded.Length), done.Pieces.Count), cancel));
            at += slice.Pieces.Count;
        }

        return outcomes;
    }

    // In context, the turn before is read as well; where it was erased, there is none.
    private async Task<SessionSlice> ReadAsync(VectorSpace space, DueWork work, long from, int turnsMax, CancellationToken cancel)
    {
        var key = new SessionKey(work.Tenant, work.Subject);
        if (!embedder.RanksInIndex)
        {
            var next = await sessions.ReadTurnsAsync(key, from, turnsMax, cancel);
            return SessionSlice.Of(work, from, next, isLast: next.Count < turnsMax);
        }

        var turns = await sessions.ReadTurnsAsync(key, Math.Max(from - 1, 0), turnsMax + 1, cancel);
        var previous = turns.Count > 0 && turns[0].Seq <= from ? turns[0] : null;
        IReadOnlyList<Turn> following = previous is null ? turns : [.. turns.Skip(1)];
        return SessionSlice.InContext(work, from, previous, following, turns.Count <= turnsMax,
            await FindEmbeddedAsync(space, work, following, cancel));
    }

    // After an erasure the cursor is set back, to the turns that lost their vectors with the one before them; most have theirs still.
    private async Task<HashSet<long>> FindEmbeddedAsync(
        VectorSpace space, DueWork work, IReadOnlyList<Turn> turns, CancellationToken cancel) => turns.Count == 0
        ? []
        : [.. (await vectors.ReadVectorsAsync(space, work.Tenant, [new TurnSpan(work.Subject, turns[0].Seq, turns[^1].Seq)], cancel))
        .Select(static each => each.Seq)];

    // As many as there is time for: what was done is saved, however slow the processor, and new turns wait for no large batch. The
    // first turn whole, so that every batch gets on; after a failure in passing no more.
    private async Task<EmbeddedText[]> EmbedSomeAsync(VectorSpace space, TurnPiece[] pieces, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        var least = pieces.TakeWhile(piece => piece.Turn == pieces[0].Turn).Count();
        var embedded = new List<EmbeddedText>(pieces.Length);
        while (embedded.Count < pieces.Length && (embedded.Count < least || clock.GetElapsedTime(started) < LocalTime))
        {
            var texts = pieces.Skip(embedded.Count).Take(LocalTextsPerCall).Select(static piece => piece.Text).ToArray();
            embedded.AddRange(await EmbedAsync(space, texts, cancel));
            if (embedded[^1].Failure is { IsPassing: true } failure)
                embedded.AddRange(Enumerable.Repeat(new EmbeddedText(null, failure), pieces.Length - embedded.Count));
        }

        return [.. embedded];
    }

    private async Task<EmbeddedText[]> EmbedAsync(VectorSpace space, IReadOnlyList<string> texts, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(timeMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await new EmbedTexts(embedder, space).RunAsync(texts, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            var late = new EmbeddedText(null, new EmbedderException("The embedder took too long.", isPassing: true));
            return [.. Enumerable.Repeat(late, texts.Count)];
        }
    }

    // Turns after a refused one are saved as well: recall finds them while that one waits for a person. Not when it is the
    // first: without a cursor, the last turn with a vector would be taken for where to go on.
    private async Task<DueOutcome> SaveAsync(
        VectorSpace space, SessionSlice slice, ReadOnlyMemory<EmbeddedText> embedded, CancellationToken cancel)
    {
        var made = new List<TurnVector>(slice.Pieces.Count);
        (long Seq, EmbedderException Failure)? first = null;
        for (var i = 0; i < slice.Pieces.Count; i++)
        {
            var (turn, number, _, holdsPrevious) = slice.Pieces[i];
            var (vector, failure) = embedded.Span[i];
            if (vector is not null)
                made.Add(new TurnVector(turn.Seq, turn.Id, number, vector) { HoldsPrevious = holdsPrevious });
            else
                first ??= (turn.Seq, failure!);
        }

        if (made.Count > 0 && first is not { Seq: 1 })
        {
            if (!await vectors.SaveAsync(space, slice.Work.Tenant, slice.Work.Subject, made, cancel))
                return GoOn(slice.Work, slice.From);
            saved?.Invoke(slice.Work.Tenant);
        }

        if (first is { } refused)
            return new DueFailed(refused.Seq - 1, refused.Failure.Message, refused.Failure.IsPassing, refused.Failure.RetryAfter);
        return slice.IsLast ? new DueFinished(slice.LastSeq) : GoOn(slice.Work, slice.LastSeq);
    }

    // It keeps its place among what waits: else what was just worked on would be the newest.
    private DueGoesOn GoOn(DueWork work, long cursor)
    {
        var now = clock.GetUtcNow();
        return new DueGoesOn(cursor, work.DueAt < now ? work.DueAt : now);
    }
}
