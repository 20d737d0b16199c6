using MemoryOrleans.Bench.Fuzz.Api;
using MemoryOrleans.Bench.Fuzz.Measure;
using MemoryOrleans.Bench.Fuzz.Raw;

namespace MemoryOrleans.Bench.Fuzz;

/// <summary>What came of a run.</summary>
/// <param name="Tally">Counts and failures.</param>
/// <param name="SweptReads">Reads of what was stored, after the run, that answered as they should.</param>
internal sealed record FuzzReport(Tally Tally, int SweptReads, TimeSpan Took);

/// <summary>All requests of a seed, side by side, then everything that is stored read back.</summary>
internal sealed class FuzzRun(FuzzPlan plan)
{
    /// <param name="sink">An empty tenant that the exports are imported into, or null: not tried.</param>
    /// <param name="tell">Told after every hundredth request how many were sent; may be called from several threads at once.</param>
    public async Task<FuzzReport> RunAsync(TenantKey? sink, Action<int> tell, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var tally = new Tally();
        var known = new KnownIds();
        using var client = new HttpClient { BaseAddress = plan.Url };
        var document = ApiDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), cancel));
        using var send = new SendRequest(plan, new MakeRequest(document, known, plan), known, tally);
        var raw = new SendRaw(plan, tally);
        var sent = 0;
        var numbers = plan.Only is { } only ? [only] : Enumerable.Range(0, plan.Requests);
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = plan.Workers, CancellationToken = cancel },
            async (number, token) =>
        {
            await (IsRaw(number) ? raw.SendAsync(number, token) : send.SendAsync(number, token));
            if (Interlocked.Increment(ref sent) is var count && count % 100 == 0)
                tell(count);
        });
        return new FuzzReport(tally, plan.Only is null ? await SweepAsync(sink, tally, cancel) : 0,
            TimeProvider.System.GetElapsedTime(started));
    }

    // Not by the request's own source, whose first draw this would be.
    private bool IsRaw(int number) => plan.RandomOf(~number).Next(100) < plan.RawPercent;

    private async Task<int> SweepAsync(TenantKey? sink, Tally tally, CancellationToken cancel)
    {
        var read = 0;
        foreach (var tenant in plan.Tenants)
        {
            using var sweep = new SweepStored(plan, tenant, tally);
            await sweep.RunAsync(cancel);
            var export = await sweep.ExportAsync(cancel);
            read += sweep.Read;
            if (sink is null || export is null)
                continue;
            // One tenant's export: two would meet in the same ids.
            using var into = new SweepStored(plan, sink, tally);
            await into.ImportAsync(export, cancel);
            await into.RunAsync(cancel);
            read += into.Read;
            sink = null;
        }

        return read;
    }
}
