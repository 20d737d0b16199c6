using System.Diagnostics;
using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Engine;

/// <summary>An embedder that reports how long its texts took, as <c>memory_embedding_seconds</c>.</summary>
internal sealed class MeteredEmbedder(IEmbedder inner, Meter meter) : IEmbedder
{
    private readonly Histogram<double> seconds = meter.CreateHistogram(
        "memory_embedding_seconds", "s", "Time to embed one text", tags: null,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 1e-3, 1e-2, 0.1, 1] });

    public string ModelId => inner.ModelId;

    public int Dimensions => inner.Dimensions;

    public int RankOf(string word) => inner.RankOf(word);

    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
    {
        if (!seconds.Enabled)
            return inner.TryEmbed(text, vector);
        var started = Stopwatch.GetTimestamp();
        var known = inner.TryEmbed(text, vector);
        seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        return known;
    }
}
