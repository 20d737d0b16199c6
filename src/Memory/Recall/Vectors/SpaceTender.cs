using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>
/// The rounds that keep the spaces in order: the one the settings ask for is opened once the embedder answers, and a filled
/// one is made the active one. Any number of processes may run them.
/// </summary>
public sealed class SpaceTender(IVectorStore vectors, SpaceBook book, ITextEmbedder embedder, TimeProvider clock)
{
    private const string Probe = "memory";

    /// <summary>Why the wanted space could not be opened at the last try; null when it is there.</summary>
    public string? LastError { get; private set; }

    /// <exception cref="StoreUnavailableException">The next round tries again.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        await book.RefreshAsync(cancel);
        if (IsWantedMissing())
            await OpenWantedAsync(cancel);
        if (ActivationPolicy.FindFilled(book.Spaces, book.Backlog) is { } filled
            && ActivationPolicy.MayActivate(filled, book.Backlog, await vectors.CountTurnsAsync(filled, null, cancel)))
        {
            await vectors.ActivateAsync(filled.Id, cancel);
            await book.RefreshAsync(cancel);
        }
    }

    /// <summary>
    /// The space of a model, opened if it is not there; its dimensions are those of the model's answer to a probe.
    /// </summary>
    /// <exception cref="EmbedderException">The embedder does not answer, or not with such vectors.</exception>
    public async Task<VectorSpace> OpenAsync(string model, int? dimensions, CancellationToken cancel)
    {
        // As a question, which does not wait behind the stored texts of a backlog.
        var probe = await embedder.EmbedAsync(model, dimensions, [Probe], TextRole.Question, cancel);
        var opened = await vectors.OpenSpaceAsync(model, probe[0].Length, clock.GetUtcNow(), cancel);
        await book.RefreshAsync(cancel);
        return opened;
    }

    // A retired space of the model counts as there: someone went over to another, and a restart does not undo that. One
    // space is filled at a time.
    private bool IsWantedMissing() =>
        !book.Spaces.Any(IsWanted) && !book.Spaces.Any(static space => space.State == VectorSpaceState.Filling);

    private bool IsWanted(VectorSpace space) =>
        space.Model == embedder.Model && (embedder.Dimensions is null || embedder.Dimensions == space.Dimensions);

    private async Task OpenWantedAsync(CancellationToken cancel)
    {
        try
        {
            await OpenAsync(embedder.Model, embedder.Dimensions, cancel);
            LastError = null;
        }
        catch (EmbedderException failure)
        {
            LastError = failure.Message;
        }
    }
}
