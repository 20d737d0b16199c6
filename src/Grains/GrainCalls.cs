using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace MemoryOrleans.Grains;

/// <summary>How long a gateway goes on with a call while silos come and go.</summary>
public sealed record GrainCallLimits
{
    /// <summary>MEMORY_CLUSTER_RETRY_SECONDS. Time from the call after which its caller is told; 0..300 s, default 20 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// MEMORY_CLUSTER_WRITE_MILLISECONDS. How long one attempt of a write may take before it is made again; 100 ms..60 s, default
    /// 1.5 s. What was sent to a silo that died is not answered, and nobody says so.
    /// </summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>
    /// True where all grains are in this process: no call can be lost on its way, so that none is given a time of its own.
    /// </summary>
    public bool IsAlone { get; init; }

    /// <summary>Pause after the first failure; it doubles up to <see cref="PauseMax"/>.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan PauseMax { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>
/// Makes grain calls that may be made again: while a silo dies, its calls are rejected or time out, and after a moment the same
/// call finds a new activation. So the caller sees a slow answer instead of an error.
/// </summary>
public sealed class GrainCalls : IDisposable
{
    public const string MeterName = "MemoryOrleans.Cluster";

    private static readonly MemoryError Unreachable = new(
        ErrorCode.StoreUnavailable, "No silo could answer in time; nothing was acknowledged.", RetryAfter: TimeSpan.FromSeconds(1));

    private readonly Meter meter = new(MeterName);
    private readonly GrainCallLimits limits;
    private readonly TimeProvider clock;
    private readonly Func<double> chance;
    private long retries;

    /// <param name="chance">A number from 0 to below 1, another each time.</param>
    public GrainCalls(GrainCallLimits limits, TimeProvider clock, Func<double> chance)
    {
        (this.limits, this.clock, this.chance) = (limits, clock, chance);
        meter.CreateObservableCounter(
            "memory_cluster_retries", () => Volatile.Read(ref retries), "{call}",
            "Grain calls made again because a silo went away or a session moved.");
    }

    /// <summary>
    /// The same for calls that should be short, each attempt of which is given up after <see cref="GrainCallLimits.WriteTimeout"/>.
    /// </summary>
    public Task<Outcome<T>> RunWriteAsync<T>(Func<int, CancellationToken, Task<Outcome<T>>> call, CancellationToken cancel) =>
        limits.IsAlone
        ? RunAsync((before, each) => call(before, CancellationToken.None).WaitAsync(each), cancel)
        : RunAsync(
            async (before, each) =>
            {
                using var late = new CancellationTokenSource(limits.WriteTimeout, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(each, late.Token);
                return await call(before, either.Token);
            },
            cancel);

    /// <summary>Calls until there is an outcome other than <see cref="ErrorCode.SessionMoved"/>, or patience ends.</summary>
    /// <param name="call">Safe to make again. Told how many attempts there were before, 0 at first.</param>
    /// <param name="otherwise">How the release before did it: for the time of an upgrade, in which a silo may not know the call.</param>
    public async Task<Outcome<T>> RunAsync<T>(
        Func<int, CancellationToken, Task<Outcome<T>>> call, CancellationToken cancel,
        Func<CancellationToken, Task<Outcome<T>>>? otherwise = null)
    {
        var started = clock.GetTimestamp();
        var pause = limits.Pause;
        for (var before = 0; ; before++)
        {
            var last = Unreachable;
            try
            {
                var outcome = await call(before, cancel);
                if (outcome.Error?.Code != ErrorCode.SessionMoved)
                    return outcome;
                last = outcome.Error;
            }
            catch (TypeLoadException) when (otherwise is not null)
            {
                return await otherwise(cancel);
            }
            catch (Exception failure) when (IsPassing(failure) && !cancel.IsCancellationRequested)
            {
                Activity.Current?.AddEvent(new ActivityEvent("cluster.retry"));
            }

            if (clock.GetElapsedTime(started) + pause > limits.Patience)
                return last;
            Interlocked.Increment(ref retries);
            await Task.Delay(pause * (0.5 + chance()), clock, cancel);
            pause = pause * 2 < limits.PauseMax ? pause * 2 : limits.PauseMax;
        }
    }

    public void Dispose() => meter.Dispose();

    /// <summary>
    /// Failures of the way there, not of what was asked: the call may or may not have been carried out. A type that could not be
    /// found is one of the call's, in a silo of the release before.
    /// </summary>
    public static bool IsPassing(Exception failure) => failure
        is OrleansMessageRejectionException or TimeoutException or GatewayTooBusyException or LimitExceededException
        or SocketException or IOException or ConnectionFailedException or ObjectDisposedException
        or OperationCanceledException or TypeLoadException
        || failure.GetType() == typeof(OrleansException);
}
