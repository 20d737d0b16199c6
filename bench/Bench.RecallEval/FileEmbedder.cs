using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>The local encoder, with a file of vectors before it.</summary>
internal sealed class FileEmbedder(ITextEmbedder model, VectorFile file) : ITextEmbedder, IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);

    public string Model => model.Model;

    public int? Dimensions => model.Dimensions;

    public bool RanksInIndex => true;

    public EmbedderState State => model.State;

    public async ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string name, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            return await file.ReadAsync(texts, role, cancel);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
