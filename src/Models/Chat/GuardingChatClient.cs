using System.Diagnostics;
using System.Diagnostics.Metrics;
using MemoryOrleans.Episodes;
using MemoryOrleans.Models.Neural;
using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;

namespace MemoryOrleans.Models.Chat;

/// <summary>
/// Gives each request a time-out, counts it, and leaves a failing server alone for a while. Nothing is retried here: the
/// durable work that asks tries again later.
/// </summary>
internal sealed class GuardingChatClient : DelegatingChatClient
{
    private readonly ChatModelOptions limits;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline<ChatResponse> circuit;
    private readonly Counter<long> requests;
    private readonly LabelledCount failures;
    private readonly Histogram<double> seconds;

    public GuardingChatClient(IChatClient inner, ChatModelOptions limits, TimeProvider time, Meter meter)
        : base(inner)
    {
        this.limits = limits;
        this.time = time;
        requests = meter.CreateCounter<long>("memory_distiller_requests", description: "Requests to the chat model");
        failures = new LabelledCount(
            meter, "memory_distiller_failures", "kind", Enum.GetValues<FailureKind>().Select(NameOf).Distinct(),
            description: "Requests that failed, by kind");
        seconds = meter.CreateHistogram(
            "memory_distiller_request_seconds", "s", "Time of a request, answered or not", tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120] });
        circuit = new ResiliencePipelineBuilder<ChatResponse> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ChatResponse>
            {
                FailureRatio = limits.CircuitFailureRatio,
                MinimumThroughput = limits.CircuitRequestsMin,
                SamplingDuration = limits.CircuitWindow,
                BreakDuration = limits.CircuitBreak,
                ShouldHandle = static each => ValueTask.FromResult(each.Outcome.Exception is DistillerException { IsPassing: true }),
            })
            .Build();
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await circuit.ExecuteAsync(async cancel => await AskAsync(messages, options, cancel), cancellationToken);
        }
        catch (BrokenCircuitException open)
        {
            throw ChatFailure.Of(FailureKind.LeftAlone, "The chat model failed too often and is left alone for a while.", open.RetryAfter);
        }
    }

    private async Task<ChatResponse> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(limits.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        requests.Add(1);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await base.GetResponseAsync(messages, options, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            Count(FailureKind.Timeout);
            throw ChatFailure.Of(FailureKind.Timeout, $"The chat model did not answer within {limits.Timeout.TotalSeconds:0.###} seconds.");
        }
        catch (DistillerException failure)
        {
            Count(ChatFailure.KindOf(failure));
            throw;
        }
        finally
        {
            seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private void Count(FailureKind kind) => failures.Add(NameOf(kind));

    private static string NameOf(FailureKind kind) => kind switch
    {
        FailureKind.Unreachable => "unreachable",
        FailureKind.Timeout => "timeout",
        FailureKind.Throttled => "throttled",
        FailureKind.Server => "server",
        FailureKind.Refused => "refused",
        _ => "unreadable",
    };
}
