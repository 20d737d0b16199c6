using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Grains;

/// <summary>
/// Stands before every call of a memory grain: it must be made for the grain's tenant (<see cref="CallContext"/>), is counted and
/// timed, and logs what it logs under the request's id.
/// </summary>
public sealed class CallGuard(IMeterFactory meters, TimeProvider clock, ILogger<CallGuard> log) : IIncomingGrainCallFilter
{
    private readonly Histogram<double> duration = meters.Create(GrainCalls.MeterName).CreateHistogram<double>(
        "memory_grain_call_duration", "s", "Time of grain calls, by grain, method and outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    public Task Invoke(IIncomingGrainCallContext context) =>
        NameOf(context.Grain) is { } name ? InvokeAsync(name, context) : context.Invoke();

    private async Task InvokeAsync(string name, IIncomingGrainCallContext context)
    {
        if (context.Grain is not IShardGrain && !IsForTenantOf(context))
            throw new UnauthorizedAccessException("The call is made for another tenant than the grain's, or for none.");
        using var scope = CallContext.RequestId is { } request
            ? log.BeginScope(new KeyValuePair<string, object?>("request_id", request)) : null;
        var started = clock.GetTimestamp();
        var outcome = "failed";
        try
        {
            await context.Invoke();
            outcome = "answered";
        }
        finally
        {
            if (duration.Enabled)
            {
                duration.Record(
                    clock.GetElapsedTime(started).TotalSeconds,
                    new TagList { { "grain", name }, { "method", context.MethodName }, { "outcome", outcome } });
            }
        }
    }

    // The interfaces' names, as dashboards know them; null for grains that are not the memory's.
    private static string? NameOf(object? grain) => grain switch
    {
        ISessionGrain => nameof(ISessionGrain),
        IRecallGrain => nameof(IRecallGrain),
        ITenantGrain => nameof(ITenantGrain),
        IShardGrain => nameof(IShardGrain),
        _ => null,
    };

    private static bool IsForTenantOf(IIncomingGrainCallContext context) =>
        CallContext.Tenant is { } tenant && GrainKeys.IsOfTenant(context.TargetId.Key.AsSpan(), tenant);
}
