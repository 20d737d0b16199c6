using MemoryOrleans.Embeddings;
using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Engine;

/// <summary>What is told the tenant after vectors of its turns, memories or entities were stored.</summary>
internal sealed record SavedVectors(Action<string> Turns, Action<string> Memories, Action<string> Entities);

/// <summary>
/// The due work that this process does: a pump for each handler, and the rounds that keep the vector spaces in order. A new
/// kind of work is one more handler of <see cref="HandlersOf"/> or <see cref="MemoryLife"/>.
/// </summary>
public sealed class MemorySchedule
{
    // Leaves no pump behind when a wake-up is lost, and finds out about other processes' spaces.
    private static readonly TimeSpan TendPeriod = TimeSpan.FromSeconds(1);

    // Scopes outgrow exact search in days, not minutes; a look costs a count of each tenant's vectors.
    private static readonly TimeSpan IndexPeriod = TimeSpan.FromMinutes(5);

    // Upkeep is a matter of days; tenants that came since the last look wait so long for theirs.
    private static readonly TimeSpan SeedPeriod = TimeSpan.FromMinutes(10);

    private readonly IVectorStore vectors;
    private readonly SeedJobs seed;
    private readonly DueWorkRunner run;
    private readonly TimeProvider clock;
    private readonly SpaceTender? tending;
    private readonly DueWorkPump[] pumps;
    private readonly bool looksForWork;

    internal MemorySchedule(
        MemoryStores stores, ITextEmbedder? embedder, SpaceBook book, SavedVectors saved, TimeProvider clock, EngineOptions options,
        MemoryLife life)
    {
        this.clock = clock;
        looksForWork = options.LooksForDueWork;
        vectors = stores.Vectors;
        Embedder = embedder;
        Book = book;
        tending = embedder is null ? null : new SpaceTender(stores.Vectors, Book, embedder, clock);
        Neural = embedder is null ? null : new NeuralArm(stores.Vectors, embedder, Book, clock, options.EmbeddingPatience);
        Due = new DueOperations(stores.Due, clock, WakeAll);
        Spaces = new EmbeddingOperations(stores.Vectors, stores.Due, stores.Tenants, tending, Wake);
        seed = new SeedJobs(stores.Due, life.Jobs, clock);
        Upkeep = new UpkeepOperations(stores.Due, life.Jobs, life.Retire, options.Upkeep, clock, WakeAll);
        run = new DueWorkRunner(stores.Due, clock, options.Chance, options.Due,
            (work, failure, isDead) => Watch?.AttemptFailed(work, failure, isDead), options.Shards);
        pumps = [.. HandlersOf(stores, options, saved).Concat(life.Handlers)
            .Select(handler => new DueWorkPump(run, handler, clock, failure => Watch?.RoundFailed(failure)))];
    }

    /// <summary>Told what goes wrong; set before the schedule runs.</summary>
    public IScheduleWatch? Watch { get; set; }

    /// <summary>Spaces and backlog as of the last round.</summary>
    public SpaceBook Book { get; }

    /// <summary>Null: static vectors only.</summary>
    public ITextEmbedder? Embedder { get; }

    internal NeuralArm? Neural { get; }

    internal DueOperations Due { get; }

    internal UpkeepOperations Upkeep { get; }

    internal EmbeddingOperations Spaces { get; }

    /// <summary>Why the space that the settings ask for is not there yet; null when it is, or is not known to fail.</summary>
    internal string? OpeningError => tending?.LastError;

    /// <summary>The kinds of work that this process does, as far as their whole names are known beforehand.</summary>
    internal IEnumerable<string> Kinds => pumps.Select(static pump => pump.Handler.KindPrefix).Where(static kind => !kind.EndsWith(':'));

    /// <summary>True when this process does work of the kind.</summary>
    internal bool Does(string kind) => Array.Exists(pumps, pump => kind.StartsWith(pump.Handler.KindPrefix, StringComparison.Ordinal));

    /// <summary>Has the pumps of work that commits ask for look at once; the others keep their own time.</summary>
    public void Wake()
    {
        foreach (var pump in pumps)
        {
            if (pump.Handler.Poll is null)
                pump.Wake();
        }
    }

    private void WakeAll()
    {
        foreach (var pump in pumps)
            pump.Wake();
    }

    /// <summary>
    /// Runs until cancelled, and then until claims have ended: the pumps, where the options want due work looked for, and what keeps
    /// the spaces of this process in order.
    /// </summary>
    public Task RunAsync(CancellationToken cancel)
    {
        var rounds = new List<Task> { RepeatAsync(TendPeriod, TendOnceAsync, cancel), RepeatAsync(IndexPeriod, TendIndexesAsync, cancel) };
        if (looksForWork)
        {
            rounds.AddRange(pumps.Select(pump => Task.Run(() => pump.RunAsync(cancel), CancellationToken.None)));
            rounds.Add(RepeatAsync(SeedPeriod, SeedOnceAsync, cancel));
        }

        return Task.WhenAll(rounds);
    }

    /// <summary>
    /// Does what is due of one shard, of every kind, until nothing is: distillation, embedding, erasure, decay, retention and
    /// clean-up; of kinds whose pump has a share of the time only, where pumps run, the pump is woken instead. Shard 0 also gives tenants
    /// the recurring jobs they lack. Done beside the pumps it does no harm, as claims decide.
    /// </summary>
    /// <param name="shard">0..63.</param>
    /// <returns>The number of works done.</returns>
    public async Task<int> RunShardAsync(int shard, CancellationToken cancel)
    {
        if (shard == 0)
            await SeedOnceAsync(cancel);
        var total = 0;
        foreach (var pump in pumps)
        {
            // Work that yields to requests keeps its pace only in its pump: 64 shards that did it beside would take a processor whole.
            if (looksForWork && pump.Handler.Share < 1)
            {
                pump.Wake();
                continue;
            }

            DueRound round;
            do
            {
                round = await run.RunAsync(pump.Handler, 0, cancel, shard);
                total += round.Claimed;
            }
            while (round is { Claimed: > 0, Pause: null });
        }

        return total;
    }

    /// <summary>One round over the spaces, as happens every second.</summary>
    public async Task TendOnceAsync(CancellationToken cancel)
    {
        if (tending is null)
            await Book.RefreshAsync(cancel);
        else
            await tending.RunAsync(cancel);
    }

    /// <summary>Gives every tenant the recurring jobs it lacks, as happens every ten minutes.</summary>
    public async Task SeedOnceAsync(CancellationToken cancel)
    {
        if (await seed.RunAsync(cancel) > 0)
            WakeAll();
    }

    /// <summary>
    /// Does whatever is due now, of every kind, until nothing is; for simulations that turn their own clock. The number of works done.
    /// </summary>
    public async Task<int> RunDueAsync(CancellationToken cancel)
    {
        var total = 0;
        for (var done = -1; done != total;)
        {
            done = total;
            foreach (var pump in pumps)
                total += (await run.RunAsync(pump.Handler, 0, cancel)).Claimed;
        }

        return total;
    }

    private IEnumerable<IDueHandler> HandlersOf(MemoryStores stores, EngineOptions options, SavedVectors saved)
    {
        if (Embedder is null)
            yield break;
        yield return new EmbeddingHandler(stores.Sessions, stores.Vectors, Embedder, Book, clock, options.Due.EmbeddingMax, saved.Turns);
        yield return new MemoryEmbeddingHandler(
            stores.Memories, stores.Vectors, Embedder, Book, clock, options.Due.EmbeddingMax, saved.Memories);
        yield return new EntityEmbeddingHandler(stores.Graph, stores.Vectors, Embedder, Book, clock, options.Due.EmbeddingMax,
            saved.Entities);
        yield return new SpaceFillHandler(stores.Vectors, Book, clock);
    }

    private async Task TendIndexesAsync(CancellationToken cancel)
    {
        if (Embedder is null)
            return;
        foreach (var done in await vectors.TendIndexesAsync(cancel))
            Watch?.IndexTended(done);
    }

    private async Task RepeatAsync(TimeSpan period, Func<CancellationToken, Task> round, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            do
                await RunBoundaryAsync(round, cancel);
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopping is the only way out.
        }
    }

    // A job boundary: a failed round is reported, and the next one tries again.
    private async Task RunBoundaryAsync(Func<CancellationToken, Task> round, CancellationToken cancel)
    {
        try
        {
            await round(cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Watch?.RoundFailed(failure);
        }
    }
}
