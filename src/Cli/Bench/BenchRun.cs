using System.Diagnostics;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Bench;

/// <summary>Workers that append and then recall, as one user that nobody else is, each in a session of its own.</summary>
internal sealed class BenchRun(MemoryClient client, int workers, TimeSpan length)
{
    private const int WordsLeast = 15;
    private const int WordsMost = 40;
    private static readonly string[] Words =
        ("the we a my to in of and for with on at it is was new old little red garden kitchen train ticket doctor recipe guitar meeting "
            + "budget " +
        "server invoice puppy birthday concert flight deadline oven bread lesson painting bicycle storm harbour library jacket lantern")
            .Split(' ');

    private readonly string user = $"bench-{Guid.CreateVersion7():n}";

    private IEnumerable<string> Sessions => Enumerable.Range(0, workers).Select(worker => $"{user}-{worker}");

    public async Task<IReadOnlyList<BenchLine>> RunAsync(CancellationToken cancel) =>
    [
        await MeasureAsync("append", (session, random) => client.AppendAsync(session, Turn(random), cancel: cancel), cancel),
        await MeasureAsync("recall",
            (_, random) => client.RecallAsync(new RecallRequest { Query = Text(random, 6), UserId = user }, cancel), cancel),
    ];

    /// <summary>Deletes the sessions, with what was derived from them; waits where a limit is reached.</summary>
    public async Task CleanUpAsync()
    {
        var policy = new RetryPolicy(
            TimeProvider.System, static (wait, why) => Console.Error.WriteLine($"{why}; deleting goes on in {wait.TotalSeconds:0.#} s"));
        foreach (var session in Sessions)
        {
            try
            {
                await policy.RunAsync(() => DeleteAsync(session), CancellationToken.None);
            }
            catch (MemoryApiException refused)
            {
                await Console.Error.WriteLineAsync($"Session {session} is left: {refused.Message}");
            }
        }
    }

    private async Task<bool> DeleteAsync(string session)
    {
        try
        {
            await client.DeleteSessionAsync(session, cancel: CancellationToken.None);
            return true;
        }
        catch (MemoryApiException refused) when (refused.IsNotFound)
        {
            // No turn of it was accepted.
            return false;
        }
    }

    private async Task<BenchLine> MeasureAsync(string call, Func<string, Random, Task> callAsync, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(Sessions.Select((session, worker) =>
            WorkAsync(random => callAsync(session, random), new Random(worker), begun, cancel)));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var times = results.SelectMany(static each => each.Times).Order().ToArray();
        return new BenchLine(
            call, times.Length, results.Sum(static each => each.Failed), Math.Round(times.Length / seconds, 1), At(times, 0.5),
            At(times, 0.95),
            At(times, 0.99));
    }

    private async Task<(List<double> Times, long Failed)> WorkAsync(
        Func<Random, Task> callAsync, Random random, long begun, CancellationToken cancel)
    {
        var (times, failed) = (new List<double>(), 0L);
        do
        {
            var at = Stopwatch.GetTimestamp();
            try
            {
                await callAsync(random);
                times.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
            catch (MemoryApiException refused) when (refused.IsTransient)
            {
                // A limit or an overload is a result too; what else fails ends the run.
                failed++;
            }
        }
        while (Stopwatch.GetElapsedTime(begun) < length && !cancel.IsCancellationRequested);
        cancel.ThrowIfCancellationRequested();
        return (times, failed);
    }

    private AppendTurnRequest Turn(Random random) =>
        new() { Role = "user", Content = Text(random, random.Next(WordsLeast, WordsMost + 1)), UserId = user };

    private static string Text(Random random, int words) => string.Join(' ', random.GetItems(Words, words));

    private static double At(double[] times, double share) =>
        times.Length == 0 ? 0 : Math.Round(times[Math.Min(times.Length - 1, (int)(share * times.Length))], 2);
}
