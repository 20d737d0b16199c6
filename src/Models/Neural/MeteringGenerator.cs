using System.Diagnostics;
using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>What was asked of the model server, for operators: part of the meter <see cref="NeuralEmbedder.MeterName"/>.</summary>
internal sealed class MeteringGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, Meter meter)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly Counter<long> requests =
        meter.CreateCounter<long>("memory_embedder_requests", description: "Requests to the neural embedder");
    private readonly LabelledCount failures = new(
        meter, "memory_embedder_failures", "kind", Enum.GetValues<FailureKind>().Select(NameOf).Distinct(),
        description: "Requests that failed, by kind");

    private readonly Counter<long> texts = meter.CreateCounter<long>("memory_embedder_texts", description: "Texts embedded, by role");
    private readonly Histogram<double> seconds = meter.CreateHistogram(
        "memory_embedder_request_seconds", "s", "Time of a request, answered or not", tags: null,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        requests.Add(1);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = await base.GenerateAsync(values, options, cancellationToken);
            texts.Add(answer.Count, new KeyValuePair<string, object?>("role",
                RequestRole.Of(options) == TextRole.Question ? "question" : "stored"));
            return answer;
        }
        catch (EmbedderException failure)
        {
            failures.Add(NameOf(EmbedderFailure.KindOf(failure)));
            throw;
        }
        finally
        {
            seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private static string NameOf(FailureKind kind) => kind switch
    {
        FailureKind.Unreachable => "unreachable",
        FailureKind.Timeout => "timeout",
        FailureKind.Throttled => "throttled",
        FailureKind.Server => "server",
        FailureKind.Refused => "refused",
        FailureKind.Unreadable => "unreadable",
        FailureKind.Invalid => "invalid",
        _ => "left_alone",
    };
}
