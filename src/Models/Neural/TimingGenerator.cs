using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>Gives each request a time-out.</summary>
internal sealed class TimingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, TimeSpan timeout, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await base.GenerateAsync(values, options, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw EmbedderFailure.Of(FailureKind.Timeout, $"The embedder did not answer within {timeout.TotalSeconds:0.###} seconds.");
        }
    }
}
