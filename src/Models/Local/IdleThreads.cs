using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MemoryOrleans.Models.Local;

/// <summary>
/// Threads for work that takes only the processor time nobody else wants: the scheduler of the operating system gives it to them, so
/// requests need not be watched for; they may rest between pieces of it. Started when first
/// used.
/// </summary>
/// <param name="restAfter">How long one of them rests after a piece of work of so much processor time.</param>
internal sealed class IdleThreads(int count, Func<TimeSpan, TimeSpan> restAfter) : IDisposable
{
    // A sixtieth of a busy processor, so that what waits gets on all the same; by the idle policy less, but never nothing.
    private const int NiceMost = 19;
    private const int ThisThread = 0;

    // Linux's policy for what runs only where nothing else wants to, and whoever wakes up goes before.
    private const int SchedIdle = 5;

    private readonly BlockingCollection<Action> waiting = [];
    private readonly Lock starting = new();
    private readonly ManualResetEventSlim ended = new();
    private bool isStarted;

    /// <summary>Runs it on one of them; what it throws is the task's.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        Start();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(() => Finish(work, done, cancel), cancel);
        return done.Task;
    }

    /// <summary>Lets those end that were begun, without rests; takes no more.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        ended.Set();
    }

    private static void Finish<T>(Func<T> work, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            done.TrySetCanceled(cancel);
            return;
        }

        try
        {
            done.TrySetResult(work());
        }
        catch (OperationCanceledException given)
        {
            done.TrySetCanceled(given.CancellationToken);
        }
        catch (Exception failure)
        {
            // A job boundary: whatever it throws is the caller's.
            done.TrySetException(failure);
        }
    }

    private void Start()
    {
        lock (starting)
        {
            if (isStarted)
                return;
            isStarted = true;
            for (var i = 0; i < count; i++)
                new Thread(Work) { IsBackground = true, Name = $"idle {i}" }.Start();
        }
    }

    private void Work()
    {
        Yield();
        foreach (var each in waiting.GetConsumingEnumerable())
        {
            var (began, before) = (Stopwatch.GetTimestamp(), ProcessorUse.OfThread());
            each();
            var worked = Stopwatch.GetElapsedTime(began);
            var own = ProcessorUse.OfThread() - before ?? worked;
            if (restAfter(own) is var rest && rest > TimeSpan.Zero)
                ended.Wait(rest);
        }
    }

    // Linux has a nice value for each thread, which the runtime's own priorities do not reach.
    private static void Yield()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
            return;
        }

        // Where the policy is refused, or the C library does not know the call, the nice value stands.
        var none = 0;
        _ = SetPriority(ThisThread, ThisThread, NiceMost);
        _ = SetScheduler(ThisThread, SchedIdle, in none);
    }

    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, in int priority);

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int nice);
}
