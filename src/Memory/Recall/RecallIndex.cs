using System.Collections.Concurrent;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall;

/// <summary>How much the recall index may hold, and for how long.</summary>
/// <param name="IdleMax">A partition not recalled for so long is dropped, and built again when asked for.</param>
/// <param name="BytesMax">Above this, the partitions idle longest are dropped too.</param>
public sealed record RecallIndexLimits(TimeSpan IdleMax, long BytesMax)
{
    /// <summary>
    /// Share of a partition's turns, 0..1, that may lie hidden after their removal before they are swept away in one pass.
    /// 0, the default, sweeps at once, which suits conversations: they are rarely deleted. Rankings are the same either way.
    /// </summary>
    public double HiddenShareMax { get; init; }

    /// <summary>
    /// Partitions built from the store at a time, at least 1. The others wait in line, so that a start, or taking over what
    /// another process held, leaves the store's connections and the processors to what is acknowledged meanwhile.
    /// </summary>
    public int BuildsMax { get; init; } = BuildsMaxDefault;

    public const int BuildsMaxDefault = 4;
}

/// <summary>What the index holds at the moment.</summary>
public readonly record struct RecallIndexSize(int Partitions, long Turns, long Bytes);

/// <summary>
/// The one in-memory index of all turns, partitioned by (tenant, user). A partition is built from the feed when first
/// asked for and catches up to the feed's head before it answers, so an acknowledged turn is in the very next recall.
/// Appends never come here and never wait; readers rank over immutable snapshots.
/// </summary>
/// <param name="vectors">Where an encoder's vectors come from; null: without.</param>
public sealed class RecallIndex(
    IRecallFeed feed, IEmbedder embedder, TimeProvider clock, RecallIndexLimits limits, IndexVectors? vectors = null)
{
    // How often vectors that other processes made are looked for, at first and while none come.
    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookPauseMax = TimeSpan.FromSeconds(16);

    // What nobody waits for takes a fifth of one processor, and lets go of its rest when somebody comes.
    private const int RestPerWork = 4;
    private static readonly TimeSpan RestStep = TimeSpan.FromMilliseconds(20);

    // A backlog up to this is worked off by the recall that finds it, without changing threads.
    private const int InlineChangesMax = 64;
    private readonly SemaphoreSlim builds = new(limits.BuildsMax, limits.BuildsMax);
    private readonly ConcurrentDictionary<PartitionKey, Slot> slots = new();

    /// <summary>Items that could not be read and are in no answer.</summary>
    public LeftOutItems LeftOut { get; } = new();

    public RecallIndexSize Size
    {
        get
        {
            var held = slots.Values.Select(static slot => slot.Partition).OfType<IndexPartition>().ToArray();
            return new RecallIndexSize(
                held.Length, held.Sum(static each => (long)each.Snapshot.TurnCount - (each.Snapshot.Hidden?.Turns ?? 0)),
                held.Sum(static each => each.Bytes));
        }
    }

    /// <summary>
    /// Snapshots of one user's partition, or of the tenant's all, no older than what was acknowledged before the call.
    /// </summary>
    internal async ValueTask<IReadOnlyList<PartitionSnapshot>> ReadAsync(
        string tenant, IReadOnlyList<PartitionKey>? partitions, CancellationToken cancel)
    {
        var heads = partitions is null ? await feed.ListHeadsAsync(tenant, cancel) : await ReadHeadsAsync(partitions, cancel);
        return await ReadAsync(heads, cancel);
    }

    /// <summary>
    /// The same of one partition for work that nobody waits for: what has to be built for it is built on one thread and with rests,
    /// beside all else, until somebody waits for the partition.
    /// </summary>
    internal async ValueTask<PartitionSnapshot> ReadBehindAsync(PartitionKey partition, CancellationToken cancel) =>
        await CatchUpAsync(partition, await feed.HeadAsync(partition, cancel), isWaitedFor: false, cancel);

    /// <summary>Snapshots of partitions, no older than their heads, in the same order.</summary>
    internal async ValueTask<IReadOnlyList<PartitionSnapshot>> ReadAsync(IReadOnlyList<PartitionHead> heads, CancellationToken cancel)
    {
        var snapshots = new List<PartitionSnapshot>(heads.Count);
        foreach (var (partition, head) in heads)
            snapshots.Add(await CatchUpAsync(partition, head, isWaitedFor: true, cancel));
        return snapshots;
    }

    /// <summary>Vectors of some of the tenant's turns are in the store now: the next recall has them.</summary>
    public void NoteVectors(string tenant)
    {
        foreach (var (key, slot) in slots)
        {
            if (key.Tenant == tenant)
                slot.HasNews = true;
        }
    }

    /// <summary>Drops all partitions of a tenant; whoever reads one at this moment keeps what it read.</summary>
    public void Forget(string tenant)
    {
        foreach (var key in slots.Keys.Where(key => key.Tenant == tenant))
            slots.TryRemove(key, out _);
    }

    /// <summary>Drops what has been idle too long, then the idlest until the rest fits; the number dropped.</summary>
    public int Evict()
    {
        var now = clock.GetTimestamp();
        var dropped = 0;
        var byAge = slots.OrderBy(static pair => pair.Value.LastUsed).ToArray();
        var bytes = byAge.Sum(static pair => pair.Value.Partition?.Bytes ?? 0);
        foreach (var (key, slot) in byAge)
        {
            var idle = clock.GetElapsedTime(slot.LastUsed, now) > limits.IdleMax;
            var size = slot.Partition?.Bytes ?? 0;
            if ((!idle && bytes <= limits.BytesMax) || slot.IsBusy || !slots.TryRemove(new KeyValuePair<PartitionKey, Slot>(key, slot)))
                continue;
            bytes -= size;
            dropped++;
        }

        return dropped;
    }

    private async ValueTask<IReadOnlyList<PartitionHead>> ReadHeadsAsync(IReadOnlyList<PartitionKey> partitions, CancellationToken cancel)
    {
        var heads = new PartitionHead[partitions.Count];
        for (var i = 0; i < heads.Length; i++)
            heads[i] = new PartitionHead(partitions[i], await feed.HeadAsync(partitions[i], cancel));
        return heads;
    }

    private async ValueTask<PartitionSnapshot> CatchUpAsync(PartitionKey key, long head, bool isWaitedFor, CancellationToken cancel)
    {
        if (head == 0 && !slots.ContainsKey(key))
            return new IndexPartition(key, embedder.Dimensions).Snapshot;
        while (true)
        {
            var slot = slots.GetOrAdd(key, static each => new Slot());
            slot.LastUsed = clock.GetTimestamp();
            if (slot.Partition?.Snapshot is { } snapshot && snapshot.Watermark >= head && !MayFill(slot, snapshot))
                return snapshot;
            var backlog = head - (slot.Partition?.Snapshot.Watermark ?? 0);
            await (backlog <= InlineChangesMax
                ? slot.JoinRun(() => RunAsync(slot, key), inline: true, isWaitedFor)
                : slot.JoinRun(() => isWaitedFor ? BuildAsync(slot, key) : RunAsync(slot, key), inline: false, isWaitedFor))
                .WaitAsync(cancel);
            // What was erased with its tenant is not to be waited for.
            if (slot.Partition?.Snapshot.Watermark < head)
                head = Math.Min(head, await feed.HeadAsync(key, cancel));
        }
    }

    private async Task BuildAsync(Slot slot, PartitionKey key)
    {
        await builds.WaitAsync();
        try
        {
            await RunAsync(slot, key);
        }
        finally
        {
            builds.Release();
        }
    }

    // Goes on when the caller gives up: the next one finds the work done. A partition that failed halfway is built anew.
    private async Task RunAsync(Slot slot, PartitionKey key)
    {
        var partition = slot.Partition;
        slot.Partition = null;
        do
            partition = await FollowAsync(slot, partition ?? new IndexPartition(key, embedder.Dimensions), key);
        while (partition is null);
        if (MayFill(slot, partition.Snapshot))
            await FillAsync(slot, partition);
        slot.Partition = partition;
    }

    private bool MayFill(Slot slot, PartitionSnapshot snapshot) => vectors?.Space is { } space && snapshot.LacksVectorsOf(space)
        && (slot.HasNews || snapshot.Neural?.Space.Id != space.Id || clock.GetElapsedTime(slot.LookedAt) >= slot.Pause);

    private async Task FillAsync(Slot slot, IndexPartition partition)
    {
        if (vectors!.Space is not { } space)
            return;
        var had = partition.Snapshot.Neural?.Turns ?? 0;
        slot.HasNews = false;
        try
        {
            await vectors.FillAsync(partition, space);
        }
        catch (StoreUnavailableException)
        {
            // The turns are there, and rank by what there is of vectors; the next look takes the rest.
            partition.Publish(partition.Snapshot.Watermark);
        }

        slot.LookedAt = clock.GetTimestamp();
        var longer = slot.Pause * 2;
        slot.Pause = partition.Snapshot.Neural!.Turns > had || longer < LookPause ? LookPause : longer < LookPauseMax
            ? longer : LookPauseMax;
    }

    // Null when a turn that was indexed has been erased. That is rare, so the partition is then built anew, without it.
    private async Task<IndexPartition?> FollowAsync(Slot slot, IndexPartition partition, PartitionKey key)
    {
        var worked = clock.GetTimestamp();
        await foreach (var batch in feed.ReadSinceAsync(key, partition.Snapshot.Watermark, CancellationToken.None))
        {
            partition = Apply(slot, partition, batch);
            await RestAsync(slot, clock.GetElapsedTime(worked) * RestPerWork);
            worked = clock.GetTimestamp();
            if (batch.OfType<TurnErased>().Any(erased => partition.Holds(erased.SessionId, erased.Seq)))
                return null;
        }

        return partition;
    }

    private async Task RestAsync(Slot slot, TimeSpan rest)
    {
        for (; rest > TimeSpan.Zero && !slot.IsWaitedFor; rest -= RestStep)
            await Task.Delay(RestStep, clock);
    }

    private IndexPartition Apply(Slot slot, IndexPartition partition, IReadOnlyList<FeedChange> changes)
    {
        if (changes.Count == 0)
            return partition;
        var analyzed = AnalyzeAll(partition.Snapshot.Key.Tenant, changes, isShared: slot.IsWaitedFor);
        for (var i = 0; i < changes.Count; i++)
        {
            if (RemovedBy(changes[i]) is { } sessionId && partition.Holds(sessionId))
                partition = Remove(partition, sessionId);
            if (analyzed[i] is { } turn)
                partition.Append(turn);
        }

        partition.Publish(changes[^1].Change);
        return partition;
    }

    private IndexPartition Remove(IndexPartition partition, string sessionId)
    {
        if (limits.HiddenShareMax <= 0)
            return partition.Without(new HashSet<string>(StringComparer.Ordinal) { sessionId });
        partition.Hide(sessionId);
        return partition.HiddenShare > limits.HiddenShareMax ? partition.Without(new HashSet<string>(StringComparer.Ordinal)) : partition;
    }

    private static string? RemovedBy(FeedChange change) => change switch
    {
        SessionRemoved removed => removed.SessionId,
        TurnCommitted { IsDocument: true } committed => committed.Turn.SessionId,
        _ => null,
    };

    private AnalyzedTurn?[] AnalyzeAll(string tenant, IReadOnlyList<FeedChange> changes, bool isShared)
    {
        const int worthSharing = 64;
        var analyzed = new AnalyzedTurn?[changes.Count];
        if (!isShared || changes.Count < worthSharing)
        {
            var analysis = NewAnalyzer();
            for (var i = 0; i < analyzed.Length; i++)
                analyzed[i] = Analyze(tenant, analysis, changes[i]);
        }
        else
        {
            Parallel.For(
                0, analyzed.Length, NewAnalyzer,
                (i, _, analysis) =>
                {
                    analyzed[i] = Analyze(tenant, analysis, changes[i]);
                    return analysis;
                },
                static _ => { });
        }

        return analyzed;
    }

    private TurnAnalyzer NewAnalyzer() => new(embedder, resolvesDays: vectors is not null);

    private AnalyzedTurn? Analyze(string tenant, TurnAnalyzer analysis, FeedChange change) => change is TurnCommitted committed
        ? LeftOut.Read(tenant, $"{committed.Turn.SessionId}:{committed.Turn.Seq}", () => analysis.Analyze(committed))
        : null;

    private sealed class Slot
    {
        private readonly Lock runLock = new();
        private Task? run;
        private IndexPartition? partition;
        private long lastUsed;
        private volatile bool hasNews;
        private volatile bool isWaitedFor;

        /// <summary>True when somebody waits, or has waited, for the run under way: it may hold a place that others wait for.</summary>
        public bool IsWaitedFor => isWaitedFor;

        /// <summary>When vectors were last looked for, and for how long nobody need look again; of the run under way.</summary>
        public long LookedAt { get; set; }

        public TimeSpan Pause { get; set; }

        /// <summary>True when this process has stored vectors since they were last looked for.</summary>
        public bool HasNews
        {
            get => hasNews;
            set => hasNews = value;
        }

        public IndexPartition? Partition
        {
            get => Volatile.Read(ref partition);
            set => Volatile.Write(ref partition, value);
        }

        public long LastUsed
        {
            get => Volatile.Read(ref lastUsed);
            set => Volatile.Write(ref lastUsed, value);
        }

        public bool IsBusy
        {
            get
            {
                lock (runLock)
                    return run is { IsCompleted: false };
            }
        }

        /// <summary>The run under way, or a new one: shared by all who wait for it.</summary>
        public Task JoinRun(Func<Task> start, bool inline, bool isWaitedFor)
        {
            TaskCompletionSource mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (runLock)
            {
                var isUnderWay = run is { IsCompleted: false };
                this.isWaitedFor = isWaitedFor || (isUnderWay && this.isWaitedFor);
                if (isUnderWay)
                    return run!;
                run = mine.Task;
            }

            _ = inline ? FinishAsync(start, mine) : Task.Run(() => FinishAsync(start, mine));
            return mine.Task;
        }

        private static async Task FinishAsync(Func<Task> start, TaskCompletionSource finished)
        {
            var work = start();
            await work.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            if (work.IsCompletedSuccessfully)
                finished.SetResult();
            else if (work.Exception is { } failure)
                finished.SetException(failure.InnerExceptions);
            else
                finished.SetException(new StoreUnavailableException("The store gave up reading a partition."));
        }
    }
}
