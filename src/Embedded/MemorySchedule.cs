using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Embedded;

/// <summary>
/// The due work that this process does: a pump for each handler, and the rounds that keep the vector spaces in order. A new
/// kind of work is one more handler of <see cref="HandlersOf"/> or <see cref="MemoryLife"/>.
/// </summary>
public sealed class MemorySchedule
{
    // How far into its lease a batch may wait for the embedder; the rest is for saving.
    private const double EmbeddingShare = 0.7;

    // Leaves no pump behind when a wake-up is lost, and finds out about other processes' spaces.
    private static readonly TimeSpan TendPeriod = TimeSpan.FromSeconds(1);

    // Scopes outgrow exact search in days, not minutes; a look costs a count of each tenant's vectors.
    private static readonly TimeSpan IndexPeriod = TimeSpan.FromMinutes(5);

    private readonly IVectorStore vectors;

    private readonly TimeProvider clock;
    private readonly TendSpaces? tending;
    private readonly PumpDueWork[] pumps;

    internal MemorySchedule(MemoryStores stores, ITextEmbedder? embedder, TimeProvider clock, EmbeddedMemoryOptions options, IEnumerable<IDueHandler> others)
    {
        this.clock = clock;
        vectors = stores.Vectors;
        Embedder = embedder;
        Book = new SpaceBook(stores.Vectors, stores.Due, clock);
        tending = embedder is null ? null : new TendSpaces(stores.Vectors, Book, embedder, clock);
        Neural = embedder is null ? null : new NeuralArm(stores.Vectors, embedder, Book, clock, options.EmbeddingPatience);
        Due = new ReviewDueWork(stores.Due, clock, Wake);
        Spaces = new DirectSpaces(stores.Vectors, stores.Due, stores.Tenants, tending, Wake);
        var run = new RunDueWork(stores.Due, clock, options.Chance, options.Due, (work, failure, isDead) => Watch?.AttemptFailed(work, failure, isDead), options.Shards);
        pumps = [.. HandlersOf(stores, options).Concat(others).Select(handler => new PumpDueWork(run, handler, clock, failure => Watch?.RoundFailed(failure)))];
    }

    /// <summary>Told what goes wrong; set before the schedule runs.</summary>
    public IScheduleWatch? Watch { get; set; }

    /// <summary>Spaces and backlog as of the last round.</summary>
    public SpaceBook Book { get; }

    /// <summary>Null: static vectors only.</summary>
    public ITextEmbedder? Embedder { get; }

    internal NeuralArm? Neural { get; }

    internal ReviewDueWork Due { get; }

    internal DirectSpaces Spaces { get; }

    /// <summary>Why the space that the settings ask for is not there yet; null when it is, or is not known to fail.</summary>
    internal string? OpeningError => tending?.LastError;

    /// <summary>True when this process does work of the kind.</summary>
    internal bool Does(string kind) => Array.Exists(pumps, pump => kind.StartsWith(pump.Handler.KindPrefix, StringComparison.Ordinal));

    /// <summary>Lets the pumps look for work now.</summary>
    public void Wake()
    {
        foreach (var pump in pumps)
            pump.Wake();
    }

    /// <summary>Runs until cancelled, and then until claims have ended.</summary>
    public Task RunAsync(CancellationToken cancel) =>
        Task.WhenAll([.. pumps.Select(pump => Task.Run(() => pump.RunAsync(cancel), CancellationToken.None)), RepeatAsync(TendPeriod, TendOnceAsync, cancel), RepeatAsync(IndexPeriod, TendIndexesAsync, cancel)]);

    /// <summary>One round over the spaces, as happens every second.</summary>
    public async Task TendOnceAsync(CancellationToken cancel)
    {
        if (tending is null)
            await Book.RefreshAsync(cancel);
        else
            await tending.RunAsync(cancel);
    }

    private IEnumerable<IDueHandler> HandlersOf(MemoryStores stores, EmbeddedMemoryOptions options)
    {
        if (Embedder is null)
            yield break;
        yield return new EmbedTurns(stores.Sessions, stores.Vectors, Embedder, Book, clock, options.Due.Lease * EmbeddingShare);
        yield return new FillSpace(stores.Vectors, Book, clock);
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
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Watch?.RoundFailed(failure);
        }
    }
}
