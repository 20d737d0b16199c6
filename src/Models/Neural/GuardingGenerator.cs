using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;

namespace MemoryOrleans.Models.Neural;

/// <summary>
/// Spares a server that is failing, and the callers it keeps waiting: a circuit breaker, the pauses that the server asks
/// for, and a limit of requests at a time. A request that its caller gives up goes on to its answer or time-out, so that a
/// server that hangs is noticed even by callers of little patience.
/// </summary>
internal sealed class GuardingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromHours(1);

    private readonly TimeProvider time;
    private readonly SemaphoreSlim slots;

    // One slot is left free, so that a question need not wait while a backlog of stored texts is embedded.
    private readonly SemaphoreSlim storedSlots;
    private readonly CancellationTokenSource lifetime = new();
    private readonly ResiliencePipeline<GeneratedEmbeddings<Embedding<float>>> circuit;
    private readonly Lock gate = new();
    private EmbedderState last = EmbedderState.Unknown;
    private DateTimeOffset pausedUntil;
    private DateTimeOffset openUntil;

    public GuardingGenerator(
        IEmbeddingGenerator<string, Embedding<float>> inner, NeuralEmbedderOptions limits, TimeProvider time, Meter meter)
        : base(inner)
    {
        this.time = time;
        slots = new SemaphoreSlim(limits.ConcurrentRequestsMax);
        storedSlots = new SemaphoreSlim(Math.Max(1, limits.ConcurrentRequestsMax - 1));
        var state = new CircuitBreakerStateProvider();
        circuit = new ResiliencePipelineBuilder<GeneratedEmbeddings<Embedding<float>>> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<GeneratedEmbeddings<Embedding<float>>>
            {
                FailureRatio = limits.CircuitFailureRatio,
                MinimumThroughput = limits.CircuitRequestsMin,
                SamplingDuration = limits.CircuitWindow,
                BreakDuration = limits.CircuitBreak,
                StateProvider = state,
                ShouldHandle = static each => ValueTask.FromResult(each.Outcome.Exception is EmbedderException { IsPassing: true }),
                OnOpened = opened =>
                {
                    lock (gate)
                        openUntil = time.GetUtcNow() + opened.BreakDuration;
                    return default;
                },
                OnClosed = _ =>
                {
                    lock (gate)
                        openUntil = default;
                    return default;
                },
            })
            .Build();
        meter.CreateObservableGauge(
            "memory_embedder_circuit_state", () => NumberOf(state.CircuitState),
            description: "Circuit to the neural embedder: 0 closed, 1 half-open, 2 open");
    }

    public EmbedderState State
    {
        get
        {
            lock (gate)
            {
                var now = time.GetUtcNow();
                return now < pausedUntil || now < openUntil ? last with { Condition = EmbedderCondition.LeftAlone } : last;
            }
        }
    }

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfPaused();
        var isStored = RequestRole.Of(options) == TextRole.Stored;
        await TakeSlotAsync(isStored, cancellationToken);
        var running = RunAsync(values, options, isStored);
        _ = running.ContinueWith(
            static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return await running.WaitAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            lifetime.Cancel();
        base.Dispose(disposing);
    }

    private async Task TakeSlotAsync(bool isStored, CancellationToken cancel)
    {
        if (!isStored)
        {
            await slots.WaitAsync(cancel);
            return;
        }

        await storedSlots.WaitAsync(cancel);
        try
        {
            await slots.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            storedSlots.Release();
            throw;
        }
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> RunAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options, bool isStored)
    {
        try
        {
            ThrowIfPaused();
            var answer = await circuit.ExecuteAsync(
                static async (asked, cancel) => await asked.Inner.GenerateAsync(asked.Values, asked.Options, cancel),
                (Inner: InnerGenerator, Values: values, Options: options),
                lifetime.Token);
            Observe(null);
            return answer;
        }
        catch (BrokenCircuitException open)
        {
            throw LeftAlone(open.RetryAfter);
        }
        catch (EmbedderException failure) when (EmbedderFailure.KindOf(failure) != FailureKind.LeftAlone)
        {
            Observe(failure);
            throw;
        }
        finally
        {
            slots.Release();
            if (isStored)
                storedSlots.Release();
        }
    }

    private void Observe(EmbedderException? failure)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var condition = failure is null ? EmbedderCondition.Answering : EmbedderCondition.Failing;
            last = new EmbedderState(condition, last.Condition == condition ? last.Since : now, failure?.Message);
            if (failure?.RetryAfter is { } pause)
                pausedUntil = now + (pause < PauseMax ? pause : PauseMax);
        }
    }

    private void ThrowIfPaused()
    {
        TimeSpan left;
        lock (gate)
            left = pausedUntil - time.GetUtcNow();
        if (left > TimeSpan.Zero)
            throw LeftAlone(left);
    }

    private static EmbedderException LeftAlone(TimeSpan? left) => EmbedderFailure.Of(
        FailureKind.LeftAlone, "The embedder failed too often or asked for a pause, and is left alone for a while.", left);

    private static int NumberOf(CircuitState state) => state switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };
}
