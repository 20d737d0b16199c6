using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Grains;

/// <summary>
/// Stands before every call of a memory grain: it must be made for the grain's tenant (<see cref="CallContext"/>), is counted and
/// timed, and logs what it logs under the request's id.
/// </summary>
public sealed class GuardCalls(IMeterFactory meters, TimeProvider clock, ILogger<GuardCalls> log) : IIncomingGrainCallFilter
{
    private readonly Histogram<double> duration = meters.Create(ClusterCalls.MeterName).CreateHistogram<double>(
        "memory_grain_call_duration", "s", "Time of grain calls, by grain, method and outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not (ISessionGrain or IRecallGrain or ITenantGrain or IShardGrain))
        {
            await context.Invoke();
            return;
        }

        if (context.Grain is not IShardGrain && !IsForTenantOf(context))
            throw new UnauthorizedAccessException("The call is made for another tenant than the grain's, or for none.");
        using var scope = CallContext.RequestId is { } request ? log.BeginScope(new KeyValuePair<string, object?>("request_id", request)) : null;
        var started = clock.GetTimestamp();
        var outcome = "failed";
        try
        {
            await context.Invoke();
            outcome = "answered";
        }
        finally
        {
            duration.Record(
                clock.GetElapsedTime(started).TotalSeconds,
                new TagList
                {
                    { "grain", context.InterfaceName.Split('.')[^1] }, { "method", context.MethodName }, { "outcome", outcome },
                });
        }
    }

    private static bool IsForTenantOf(IIncomingGrainCallContext context) =>
        CallContext.Tenant is { } tenant && tenant == GrainKeys.TenantOf(context.TargetId.Key.ToString()!);
}
