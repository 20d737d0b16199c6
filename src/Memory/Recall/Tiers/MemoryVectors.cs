using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// An encoder's vectors of memories for their recall index: one a version, of its content. They are made in this process, beside
/// recall and never within it, of those memories whose partitions are asked for; until then such a memory has its static vector in
/// their place. Nothing of it is stored: a process that starts makes them anew. Safe for concurrent use.
/// </summary>
/// <param name="made">Told the tenant after vectors of its memories were made.</param>
public sealed class MemoryVectors(IMemoryStore memories, SpaceBook book, ITextEmbedder embedder, Action<string> made) : IndexVectors, IDisposable
{
    // A partition keeps what it was given; these are for partitions that are built again. Some 450 bytes each.
    internal const int KeptMax = 16_384;

    // What does not get a place asks again with the next recall.
    internal const int WaitingMax = 4_096;
    private const int TextsPerCall = 16;

    private static readonly NeuralTurn None = NeuralTurn.Of(null, []);

    private readonly Lock gate = new();
    private readonly Dictionary<Key, NeuralTurn> kept = [];
    private readonly Queue<Key> keptInOrder = [];
    private readonly Queue<Key> waiting = [];
    private readonly HashSet<Key> known = [];
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private bool isRunning;
    private long forgotten;

    public override VectorSpace? Space => book.Active is { } active && active.Model == embedder.Model ? active : null;

    /// <summary>Memories that wait for their vectors, those under way included.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return known.Count;
        }
    }

    /// <summary>Drops every vector kept and all that waits; what is being made meanwhile goes too. An erased text may be among them.</summary>
    public void Forget()
    {
        lock (gate)
        {
            forgotten++;
            kept.Clear();
            keptInOrder.Clear();
            waiting.Clear();
            known.Clear();
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <summary>Ends when nothing waits.</summary>
    internal Task WhenIdleAsync()
    {
        lock (gate)
            return running;
    }

    internal override Task FillAsync(IndexPartition partition, VectorSpace space)
    {
        var tenant = partition.Snapshot.Key.Tenant;
        partition.KeepVectorsOf(space);
        lock (gate)
        {
            foreach (var (id, change) in partition.ListDocumentsWithoutVectors())
            {
                var key = new Key(tenant, space, id, change);
                if (kept.TryGetValue(key, out var vectors))
                    partition.Append(id, new Dictionary<long, NeuralTurn> { [1] = vectors });
                else if (known.Count < WaitingMax && known.Add(key))
                    waiting.Enqueue(key);
            }

            if (waiting.Count > 0 && !isRunning && !stopping.IsCancellationRequested)
            {
                isRunning = true;
                running = Task.Run(() => RunAsync(stopping.Token));
            }
        }

        partition.Publish(partition.Snapshot.Watermark);
        return Task.CompletedTask;
    }

    // A job boundary: after a failure all that waits is let go; a later recall asks for it again.
    private async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (Next() is { Count: > 0 } batch)
            {
                await MakeAsync(batch, cancel);
                made(batch[0].Tenant);
            }
        }
        catch (Exception failure) when (failure is StoreUnavailableException or EmbedderException or OperationCanceledException or ObjectDisposedException)
        {
            // Recall goes on by the static vectors; the embedder's state is in the health report.
            lock (gate)
                Stop();
        }
    }

    // Of one tenant and one space at a time, in the order of asking.
    private List<Key> Next()
    {
        var batch = new List<Key>(TextsPerCall);
        lock (gate)
        {
            while (batch.Count < TextsPerCall && waiting.TryPeek(out var next)
                && (batch.Count == 0 || (next.Tenant == batch[0].Tenant && next.Space.Id == batch[0].Space.Id)))
                batch.Add(waiting.Dequeue());
            if (batch.Count == 0)
                Stop();
        }

        return batch;
    }

    private void Stop()
    {
        isRunning = false;
        waiting.Clear();
        known.Clear();
    }

    // Read after the partition had it, so the record is that version or a later one, which has a number of its own.
    private async Task MakeAsync(List<Key> batch, CancellationToken cancel)
    {
        var begun = Interlocked.Read(ref forgotten);
        var records = (await memories.FindMemoriesAsync(batch[0].Tenant, [.. batch.Select(static key => key.Id).Distinct(StringComparer.Ordinal)], cancel))
            .Where(static each => MemoryDocument.IsRecallable(each.Status) && !string.IsNullOrWhiteSpace(each.Content))
            .ToDictionary(static each => each.Id, static each => each.Content, StringComparer.Ordinal);
        var there = batch.Where(key => records.ContainsKey(key.Id)).ToArray();
        var embedded = await new EmbedTexts(embedder, batch[0].Space).RunAsync([.. there.Select(key => records[key.Id])], cancel);
        if (Array.Find(embedded, static each => each.Failure is { IsPassing: true }).Failure is { } passing)
            throw passing;
        lock (gate)
        {
            known.ExceptWith(batch);
            if (begun != forgotten)
                return;
            for (var i = 0; i < there.Length; i++)
                Keep(there[i], embedded[i].Vector is { } vector ? NeuralTurn.Of(vector, []) : None);
        }
    }

    private void Keep(Key key, NeuralTurn vectors)
    {
        if (!kept.TryAdd(key, vectors))
            return;
        keptInOrder.Enqueue(key);
        if (keptInOrder.Count > KeptMax)
            kept.Remove(keptInOrder.Dequeue());
    }

    private readonly record struct Key(string Tenant, VectorSpace Space, string Id, long Change);
}
