using System.Diagnostics;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Measure;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>How a loop runs.</summary>
/// <param name="Duration">The measured time; also the bound of a run that ends by count.</param>
/// <param name="RepeatsFailed">A load counts failures and goes on; a fill repeats what the server was too busy for, and stops at anything
/// else.</param>
internal sealed record LoopSettings(int Workers, TimeSpan Warmup, TimeSpan Duration, TimeSpan Timeout, bool RepeatsFailed = false);

/// <summary>What a run measured.</summary>
/// <param name="Window">The measured time, shorter than asked when the work ran out.</param>
/// <param name="GeneratorCpu">Processor time this program used in that time.</param>
/// <param name="Complete">False when a run that repeats failed requests had to give one up.</param>
internal sealed record LoopResult(
    IReadOnlyList<Tally> Tallies, TimeSpan Window, TimeSpan GeneratorCpu, ProcessSample? ServerBefore, ProcessSample? ServerAfter,
    bool Complete);

/// <summary>Runs the workers of one load together and merges what they saw.</summary>
internal sealed class ClosedLoop(Target target, LoopSettings settings, ServerProcess? server)
{
    /// <summary>Runs to the end of the time or of the work.</summary>
    /// <param name="kinds">Names of the kinds of operation the sources number.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The server cannot be reached.</exception>
    public async Task<LoopResult> RunAsync(IReadOnlyList<string> kinds, Func<int, IRequestSource> sourceOf, CancellationToken cancel)
    {
        using var window = new LoadWindow();
        var workers = Enumerable.Range(0, settings.Workers)
            .Select(w => new LoadWorker(target, settings, sourceOf(w), kinds, window)).ToArray();
        try
        {
            foreach (var worker in workers)
                worker.Start();
            await Task.WhenAll(workers.Select(w => w.Ready));
            window.Open(settings.Warmup, settings.Duration);
            using var stop = cancel.Register(window.Cancel);
            return await MeasureAsync(kinds, workers, window, cancel);
        }
        finally
        {
            foreach (var worker in workers)
                worker.Dispose();
        }
    }

    private async Task<LoopResult> MeasureAsync(
        IReadOnlyList<string> kinds, LoadWorker[] workers, LoadWindow window, CancellationToken cancel)
    {
        var done = Task.WhenAll(workers.Select(w => w.Done));
        await PassAsync(settings.Warmup, done, cancel);
        var serverBefore = server?.Sample();
        var cpuBefore = Environment.CpuUsage.TotalTime;
        await PassAsync(settings.Duration, done, cancel);
        var cpu = Environment.CpuUsage.TotalTime - cpuBefore;
        var serverAfter = server?.Sample();
        await done;

        var ended = Math.Min(window.StopAt, workers.Max(w => w.LastEnded));
        var measured = TimeSpan.FromSeconds(Math.Max(1e-6, (ended - window.MeasureFrom) / (double)Stopwatch.Frequency));
        var tallies = kinds.Select(kind => new Tally(kind)).ToArray();
        foreach (var worker in workers)
        {
            for (var kind = 0; kind < tallies.Length; kind++)
                tallies[kind].Add(worker.Tallies[kind]);
        }

        return new LoopResult(tallies, measured, cpu, serverBefore, serverAfter, workers.All(w => w.Complete));
    }

    private static async Task PassAsync(TimeSpan time, Task done, CancellationToken cancel)
    {
        if (time > TimeSpan.Zero)
            await Task.WhenAny(done, Task.Delay(time, cancel));
    }
}
