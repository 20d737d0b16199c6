using MemoryOrleans.Bench.Fuzz;
using MemoryOrleans.Bench.Fuzz.Api;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The fuzzer's short run. bench/drills/fuzz.sh makes long ones, and replays a seed that failed.</summary>
public sealed class FuzzTests
{
    private const int Requests = 600;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_requests_of_all_kinds_break_nothing_and_leave_nothing_behind_that_cannot_be_read(int seed)
    {
        TenantKey red = new("red", "red-key-of-the-fuzz-test"), green = new("green", "green-key-of-the-fuzz-test"),
            sink = new("sink", "sink-key-of-the-fuzz-test");
        await using var gateway = await RunningGateway.StartAsync(
            "MEMORY_API_KEYS=" + string.Join(',',
            new[] { red, green, sink }.Select(static each => $"{each.Tenant}:{each.Key}:read+write+admin")),
            "MEMORY_UNAUTHENTICATED_RATE_LIMIT=none");
        var plan = new FuzzPlan(gateway.Address, [red, green], seed, Requests, RawPercent: 15, Workers: 4,
            SlowBound: TimeSpan.FromSeconds(30));
        var report = await new FuzzRun(plan).RunAsync(sink, static _ => { }, CancellationToken.None);
        Assert.True(report.Tally.Failed == 0,
            string.Join("\n\n", report.Tally.Failures.Select(static each =>
            $"#{each.Number} {each.Operation} {each.What}\n{each.Request}")));

        // It has done something: most operations were met, writes succeeded, and what they wrote was read.
        var operations = report.Tally.Counts.Keys.Select(static each => each.Operation).ToHashSet(StringComparer.Ordinal);
        Assert.True(operations.Count > 40, $"{operations.Count} operations");
        Assert.True(report.Tally.Counts.GetValueOrDefault(("appendTurn", 201)) > 10);
        Assert.True(report.SweptReads > 50, $"{report.SweptReads} reads");
    }

    [Fact]
    public void A_seed_makes_the_same_requests_again()
    {
        var document = ApiDocument.Parse(
            """
            {"paths":{"/v1/recall":{"post":{"operationId":"recall","requestBody":{"content":{"application/json":{"schema":
             {"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer"}}}}}}}}}}
            """);
        var plan = new FuzzPlan(new Uri("http://localhost"), [new TenantKey("red", "k")], 7, 50, 0, 1, TimeSpan.FromSeconds(1));
        MakeRequest first = new(document, new KnownIds(), plan), second = new(document, new KnownIds(), plan);
        Assert.All(Enumerable.Range(0, 50), number => Assert.Equal(first.Make(number).Show(), second.Make(number).Show()));
        Assert.True(Enumerable.Range(0, 50).Select(number => first.Make(number).Show()).Distinct().Count() > 10);
    }
}
