using System.Diagnostics;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Bench.Vectors;

/// <summary>Times searches of tenants of several sizes, and what of the exact answers the approximate ones hold.</summary>
internal static class MeasureScopes
{
    private const string Schema = "bench_vectors";

    private static readonly int[] Limits = [10, 100];
    private static readonly string?[] Ada = ["ada"];

    public static async Task RunSqliteAsync(SqliteStore store, IVectorSource source, int[] sizes, int rounds)
    {
        var space = await store.OpenSpaceAsync("bench", TextVectors.Dimensions, DateTimeOffset.UnixEpoch, default);
        var scopes = new StoredScopes(store, store, space, source);
        foreach (var size in sizes)
        {
            var (rate, questions) = await scopes.FillAsync($"tenant-{size}", size);
            Say($"{size,7} vectors: {rate:0}/s stored");
            foreach (var limit in Limits)
                await SearchAsync(store, space, $"tenant-{size}", null, questions, limit, rounds, "exact");
            await SearchAsync(store, space, $"tenant-{size}", Ada, questions, 10, rounds, "exact, a user of half");
        }
    }

    public static async Task RunPostgresAsync(string url, IVectorSource source, int[] sizes, int rounds)
    {
        // The lowest limit at which the smallest tenant gets an index too, so that both ways are measured at each size.
        var options = new PostgresStoreOptions { Url = url, Schema = Schema, VectorExactMax = sizes.Min() / 4 };
        var questions = new Dictionary<int, List<float[]>>();
        var exact = new Dictionary<(int Size, int Limit), List<HashSet<(string, long)>>>();
        await using (var store = await PostgresStore.OpenAsync(options, TimeProvider.System))
        {
            var space = await store.OpenSpaceAsync("bench", TextVectors.Dimensions, DateTimeOffset.UnixEpoch, default);
            var scopes = new StoredScopes(store, store, space, source);
            foreach (var size in sizes)
            {
                var (rate, asked) = await scopes.FillAsync($"tenant-{size}", size);
                questions[size] = asked;
                Say($"{size,7} vectors: {rate:0}/s stored without an index");
            }

            foreach (var size in sizes)
            {
                foreach (var limit in Limits)
                    exact[(size, limit)] = await SearchAsync(store, space, $"tenant-{size}", null, questions[size], limit, rounds, "exact");
                exact[(size, 0)] = await SearchAsync(store, space, $"tenant-{size}", Ada, questions[size], 10, rounds,
                    "exact, a user of half");
            }

            foreach (var done in await store.TendIndexesAsync(default))
                Say(done);
        }

        // Another process: what the first one knows of the scopes is half a minute old.
        await using var again = await PostgresStore.OpenAsync(options, TimeProvider.System);
        var opened = (await again.ListSpacesAsync(default))[0];
        foreach (var size in sizes)
        {
            foreach (var limit in Limits)
                Compare(exact[(size, limit)],
                    await SearchAsync(again, opened, $"tenant-{size}", null, questions[size], limit, rounds, "index"));
            Compare(exact[(size, 0)],
                await SearchAsync(again, opened, $"tenant-{size}", Ada, questions[size], 10, rounds, "index, a user of half"));
        }

        var (slower, _) = await new StoredScopes(again, again, opened, source).FillAsync($"tenant-{sizes.Max()}", 5_000, from: 1_000_000);
        Say($"{sizes.Max(),7} vectors: {slower:0}/s stored with the live index");
        Say($"drop the schema {Schema} when done with it");
    }

    private static async Task<List<HashSet<(string, long)>>> SearchAsync(
        IVectorStore store, VectorSpace space, string tenant, IReadOnlyList<string?>? users, List<float[]> questions, int limit,
        int rounds, string how)
    {
        var found = new List<HashSet<(string, long)>>();
        var best = (P50: double.MaxValue, P95: double.MaxValue);
        for (var round = 0; round <= rounds; round++)
        {
            found.Clear();
            var times = new List<double>();
            foreach (var question in questions)
            {
                var started = Stopwatch.GetTimestamp();
                var hits = await store.SearchAsync(space, tenant, users, question, limit, default);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                found.Add([.. hits.Select(hit => (hit.SessionId, hit.Seq))]);
            }

            times.Sort();
            // The first round warms caches and plans.
            if (round > 0 && times[times.Count / 2] < best.P50)
                best = (times[times.Count / 2], times[(int)(times.Count * 0.95)]);
        }

        Say($"{tenant,14} {how}, first {limit}: p50 {best.P50:0.00} ms, p95 {best.P95:0.00} ms");
        return found;
    }

    private static void Compare(List<HashSet<(string, long)>> exact, List<HashSet<(string, long)>> near)
    {
        var recall = exact.Zip(near, static (all, some) => (double)all.Count(some.Contains) / all.Count).Average();
        Say($"{"",14} of the exact answers: {recall:0.000}");
    }

    private static void Say(string text) => Console.WriteLine(text);
}
