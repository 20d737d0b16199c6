using MemoryOrleans.Embeddings;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>A text to be embedded, and which version of its document it is of.</summary>
internal readonly record struct DocumentText(string Id, long Version, string Text);

/// <summary>
/// Makes the vectors of documents (memories, entities) whose text is new: one of each, a work of each. Only for an embedder that ranks in
/// the index; others' spaces are searched for turns alone, and embedding documents in them would be paid for nothing.
/// </summary>
/// <param name="timeMax">How long the embedder may take for a batch; less than a lease.</param>
/// <param name="saved">
/// Told the tenant after vectors of its documents were stored, but for those of a long backlog: an index looks by itself once a second,
/// and asked after every batch it would look for all that is still to come.
/// </param>
public abstract class DocumentEmbeddingHandler(
    ITextEmbedder embedder, SpaceBook book, TimeProvider clock, TimeSpan timeMax, Action<string>? saved) : IDueHandler
{
    private long batches;

    public abstract string KindPrefix { get; }

    // Short, for it takes the processor time that is left over, which may be little.
    public int BatchMax => 16;

    public bool TakeNewest() => Interlocked.Increment(ref batches) % 2 == 0;

    public async Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel)
    {
        var outcomes = new Dictionary<long, DueOutcome>();
        if (embedder.RanksInIndex && await book.FindAsync(works[0].Kind, cancel) is { } space)
        {
            foreach (var tenant in works.GroupBy(static work => work.Tenant, StringComparer.Ordinal))
                await RunAsync(space, tenant.Key, [.. tenant], outcomes, cancel);
        }

        // What is not among them is not to be found any more, or has its vector.
        return [.. works.Select(work => outcomes.GetValueOrDefault(work.Id, new DueFinished(0)))];
    }

    /// <summary>The ids of those that have their vector.</summary>
    private protected abstract ValueTask<IEnumerable<string>> FindEmbeddedAsync(
        VectorSpace space, string tenant, string[] ids, CancellationToken cancel);

    /// <summary>The texts of those that recall may find, as they are now.</summary>
    private protected abstract ValueTask<IEnumerable<DocumentText>> ReadAsync(string tenant, string[] ids, CancellationToken cancel);

    /// <summary>Stores vectors; the ids of documents that are of another version by now.</summary>
    private protected abstract ValueTask<IReadOnlyList<string>> SaveAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> made, CancellationToken cancel);

    private async Task RunAsync(
        VectorSpace space, string tenant, DueWork[] works, Dictionary<long, DueOutcome> outcomes, CancellationToken cancel)
    {
        string[] ids = [.. works.Select(static work => work.Subject)];
        var there = (await FindEmbeddedAsync(space, tenant, ids, cancel)).ToHashSet(StringComparer.Ordinal);
        var texts = (await ReadAsync(tenant, ids, cancel))
            .Where(each => !string.IsNullOrWhiteSpace(each.Text) && !UnreadableText.Is(each.Text) && !there.Contains(each.Id))
            .ToDictionary(static each => each.Id, StringComparer.Ordinal);
        var wanted = Array.FindAll(works, work => texts.ContainsKey(work.Subject));
        if (wanted.Length == 0)
            return;
        var embedded = await EmbedAsync(space, Array.ConvertAll(wanted, work => texts[work.Subject].Text), cancel);
        var made = new List<DocumentVector>(wanted.Length);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (embedded[i].Vector is { } vector)
                made.Add(new DocumentVector(wanted[i].Subject, texts[wanted[i].Subject].Version, vector));
            else if (embedded[i].Failure is { } failure)
                outcomes[wanted[i].Id] = new DueFailed(0, failure.Message, failure.IsPassing, failure.RetryAfter);
        }

        if (made.Count == 0)
            return;
        var changed = (await SaveAsync(space, tenant, made, cancel)).ToHashSet(StringComparer.Ordinal);
        // Another version may say the same, and then nothing woke this work: it looks again.
        foreach (var work in wanted.Where(work => changed.Contains(work.Subject)))
            outcomes[work.Id] = new DueGoesOn(0, clock.GetUtcNow());
        if (changed.Count < made.Count && works.Length < BatchMax)
            saved?.Invoke(tenant);
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
}
