using MemoryOrleans.Embeddings;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall;

/// <summary>A question as the active space's model sees it; no vector when it could not be had in time.</summary>
internal sealed record NeuralQuestion(VectorSpace Space, float[]? Vector);

/// <summary>
/// The question for a ranking with an encoder's vectors; null when the scope has none of the active space, or when the question's own
/// could not be had in time: then <paramref name="IsDegraded"/>.
/// </summary>
internal readonly record struct MeaningAnswer(MeaningQuery? Question, bool IsDegraded);

/// <summary>
/// The part of recall that asks a neural model and the vectors it made. It never fails a recall and never holds one up for
/// longer than it may: without an answer in time, recall ranks by words and static vectors.
/// </summary>
/// <param name="patience">How long a recall waits for its question's vector, and for the nearest turns; each.</param>
public sealed class NeuralArm(IVectorStore vectors, ITextEmbedder embedder, SpaceBook book, TimeProvider clock, TimeSpan patience)
{
    public const string DegradedName = "embedder";
    internal static readonly Task<MeaningAnswer> NotAsked = Task.FromResult(default(MeaningAnswer));
    private const int HitsMin = 64;
    private const int HitsMax = 1_600;
    private const int HitsPerItem = 4;
    private const int Growth = 4;

    // After one question waited in vain, the next ones wait only as long as a cached vector takes, until a full wait is allowed again.
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ImpatientFor = TimeSpan.FromSeconds(5);
    private long impatientSince = long.MinValue;

    /// <summary>
    /// True when every turn is ranked by its vectors in the index: then <see cref="AskAboutAsync"/>, else <see cref="AskAsync"/>.
    /// </summary>
    internal bool RanksInIndex => embedder.RanksInIndex;

    /// <summary>The question for a ranking over the scope with an encoder's vectors. Begins at once, waits within its patience.</summary>
    /// <param name="asksMemories">Whether memories are asked for too: where there are no turns, theirs are the only vectors.</param>
    internal async Task<MeaningAnswer> AskAboutAsync(
        string question, AskedDays days, RankScope scope, bool asksMemories, CancellationToken cancel)
    {
        if (book.Active is not { } active
            || !(asksMemories && scope.Turns == 0)
            && !scope.Partitions.Any(each => each.Neural is { Turns: > 0 } rows && rows.Space.Id == active.Id))
            return default;
        var text = MeaningQuery.TextOf(question, scope);
        return await AskAsync(text, cancel) switch
        {
            null => default,
            { Vector: null } => new MeaningAnswer(null, IsDegraded: true),
            var asked => new MeaningAnswer(MeaningQuery.Of(question, text, asked.Space, asked.Vector, days), IsDegraded: false),
        };
    }

    /// <summary>The question for the active space; null when there is none. Begins at once, waits within its patience.</summary>
    internal async Task<NeuralQuestion?> AskAsync(string question, CancellationToken cancel)
    {
        if (book.Active is not { } space)
            return null;
        using var late = new CancellationTokenSource(IsImpatient() ? ShortPatience : patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            var answer = await embedder.EmbedAsync(space.Model, space.Dimensions, [question], TextRole.Question, either.Token).AsTask()
                .WaitAsync(either.Token);
            Volatile.Write(ref impatientSince, long.MinValue);
            return new NeuralQuestion(space, answer[0]);
        }
        catch (EmbedderException)
        {
            return new NeuralQuestion(space, null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            if (!IsImpatient())
                Volatile.Write(ref impatientSince, clock.GetTimestamp());
            return new NeuralQuestion(space, null);
        }
    }

    /// <summary>The turns of a scope that are nearest to the question; null when they could not be had.</summary>
    /// <param name="isWholeTenant">True when the scope is all of the tenant's partitions.</param>
    internal async Task<NeuralScores?> FindAsync(
        NeuralQuestion question, RankScope scope, bool isWholeTenant, RecallQuery query, CancellationToken cancel)
    {
        if (question.Vector is null)
            return null;
        var users = isWholeTenant ? null : scope.Partitions.Select(static partition => partition.Key.UserId).ToArray();
        using var late = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            for (var limit = Math.Max(HitsMin, query.Limit * HitsPerItem); ; limit *= Growth)
            {
                var hits = await vectors.SearchAsync(question.Space, query.Tenant, users, question.Vector, limit, either.Token);
                var scores = NeuralScores.Of(question.Space, scope, hits, book.EmbeddedUpTo(question.Space));
                if (hits.Count < limit || scores.Allowed >= query.Limit || limit * Growth > HitsMax)
                    return scores;
            }
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool IsImpatient() =>
        Volatile.Read(ref impatientSince) is var since and not long.MinValue && clock.GetElapsedTime(since) < ImpatientFor;
}
