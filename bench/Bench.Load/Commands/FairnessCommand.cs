using System.CommandLine;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>fairness</c>: a quiet tenant alone, and beside one that sends ten times its limit.</summary>
internal static class FairnessCommand
{
    public static Command Create()
    {
        var common = new CommonOptions(workers: 4);
        var fairness = new FairnessOptions();
        var recall = new RecallOptions();
        var command = new Command("fairness",
            "a quiet tenant's latencies alone and beside a noisy one; what the noisy one is refused with") { common.Workers };
        fairness.AddTo(command);
        recall.AddTo(command);
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var run = new FairnessRun(common, recall, parsed);
            var perSecond = parsed.GetValue(fairness.LimitPerMinute) / 60.0 * parsed.GetValue(fairness.Times);
            var noisy = new FairnessTenant("noisy", parsed.GetValue(fairness.NoisyKey)!, parsed.GetValue(fairness.NoisyWorkers), perSecond);
            var quiet = new FairnessTenant("quiet", parsed.GetValue(fairness.QuietKey)!, parsed.GetValue(common.Workers),
                parsed.GetValue(fairness.QuietPerSecond));
            await run.LimitAsync(noisy, parsed.GetValue(fairness.OperatorKey)!, parsed.GetValue(fairness.NoisyTenant)!,
                parsed.GetValue(fairness.LimitPerMinute));
            // What a minute allows is there at once: only when that is used up is the noisy tenant held to its limit.
            var stock = TimeSpan.FromSeconds(
                parsed.GetValue(fairness.LimitPerMinute) / (perSecond - (parsed.GetValue(fairness.LimitPerMinute) / 60.0)));
            var alone = await run.RunAsync(quiet, "alone", TimeSpan.Zero, cancel);
            var both = await Task.WhenAll(run.RunAsync(quiet, "beside", stock, cancel), run.RunAsync(noisy, "beside", stock, cancel));
            return Judge(common, parsed, [alone, .. both], parsed.GetValue(fairness.RatioMax));
        });
        return command;
    }

    /// <summary>
    /// 1 when the quiet tenant was refused, or slowed beyond the bound, or the noisy one was refused otherwise than it should be.
    /// </summary>
    private static int Judge(CommonOptions common, ParseResult parsed, FairnessResult[] runs, double ratioMax)
    {
        var (alone, beside, noisy) = (runs[0], runs[1], runs[2]);
        var ratio = beside.P95Ms / alone.P95Ms;
        var refused = noisy.Tallies.SelectMany(each => each.Errors).GroupBy(each => each.Key, each => each.Value)
            .ToDictionary(each => each.Key, each => each.Sum(), StringComparer.Ordinal);
        var advised = noisy.Tallies.Sum(each => each.FailedWithRetryAfter);
        var code = common.Report(parsed, [.. runs.Select(each => each.Figures)]);
        var quietFailures = alone.Tallies.Concat(beside.Tallies).Sum(each => each.Errors.Values.Sum());
        var by = string.Join(", ", refused.Select(each => $"{each.Value} x {each.Key}"));
        Console.WriteLine(
            $"fairness: quiet p95 {alone.P95Ms:0.00} ms alone, {beside.P95Ms:0.00} ms beside: {ratio:0.00} times (bound {ratioMax:0.00}); "
            + $"{quietFailures} of its requests failed");
        Console.WriteLine($"fairness: noisy refused {refused.Values.Sum()}: {by}; {advised} with Retry-After");
        var asTheyShould = refused.Count > 0 && refused.Keys.All(each => each is "429" or "503") && advised == refused.Values.Sum();
        return code != 0 || quietFailures > 0 || ratio > ratioMax || !asTheyShould ? 1 : 0;
    }
}

/// <summary>What <c>fairness</c> asks for besides.</summary>
internal sealed class FairnessOptions
{
    public Option<string> NoisyKey { get; } =
        new("--noisy-key") { Description = "API key of the tenant that sends too much", Required = true };

    public Option<string> QuietKey { get; } = new("--quiet-key") { Description = "API key of the tenant beside it", Required = true };

    public Option<string> OperatorKey { get; } =
        new("--operator-key") { Description = "API key that may set the noisy tenant's limit", Required = true };

    public Option<string> NoisyTenant { get; } = Bounded.Id("--noisy-tenant", "noisy", "name of the tenant that sends too much");

    public Option<int> LimitPerMinute { get; } = Bounded.Int(
        "--limit-per-minute", 1_200, 60, 1_000_000, "requests a minute the noisy tenant may send; set by the command");

    public Option<int> Times { get; } = Bounded.Int("--times", 10, 2, 100, "times its limit that it sends");

    public Option<int> NoisyWorkers { get; } = Bounded.Int("--noisy-workers", 16, 1, 256, "connections of the noisy tenant");

    public Option<int> QuietPerSecond { get; } = Bounded.Int("--quiet-per-second", 40, 1, 10_000, "requests a second of the quiet tenant");

    public Option<double> RatioMax { get; } =
        new("--ratio-max") { Description = "times its p95 alone that the quiet tenant's may be", DefaultValueFactory = _ => 1.5 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { NoisyKey, QuietKey, OperatorKey, NoisyTenant, LimitPerMinute, Times, NoisyWorkers,
            QuietPerSecond, RatioMax })
            command.Options.Add(option);
    }
}

/// <summary>One of the two tenants.</summary>
/// <param name="PerSecond">Requests a second, all workers together.</param>
internal sealed record FairnessTenant(string Name, string Key, int Workers, double PerSecond);

/// <summary>What one tenant saw in one run; appends and recalls together.</summary>
internal sealed record FairnessResult(IReadOnlyList<Tally> Tallies, double P95Ms, RunFigures Figures);

/// <summary>Runs one tenant's load: appends and recalls, half and half, at its rate.</summary>
internal sealed class FairnessRun(CommonOptions common, RecallOptions recall, ParseResult parsed)
{
    private const double RecallShare = 0.5;

    /// <param name="lead">Time before measuring, besides the warm-up.</param>
    public async Task<FairnessResult> RunAsync(FairnessTenant tenant, string when, TimeSpan lead, CancellationToken cancel)
    {
        var target = common.Target.TargetOf(parsed);
        var plan = common.PlanOf(parsed, tenant.Workers, $"{common.RunOf(parsed)}-{tenant.Name}-{when}") with
        {
            Forms = new RequestForms(target, Credentials.Read(tenant.Key, keysFile: null)),
        };
        var shape = recall.ShapeOf(parsed);
        var server = common.ServerOf(parsed);
        var settings = common.TimedLoop(parsed, tenant.Workers);
        var loop = new ClosedLoop(target, settings with { Warmup = settings.Warmup + lead }, server);
        var result = await loop.RunAsync(["append", "recall"],
            worker => new PacedSource(SourceOf(plan, worker, shape), tenant.PerSecond / tenant.Workers), cancel);
        var all = new Tally("all");
        foreach (var tally in result.Tallies)
            all.Add(tally);
        return new FairnessResult(
            result.Tallies,
            all.Latency.ValueAt(0.95) / 1e6,
            MeasuredRun.Describe($"{tenant.Name} {when}", common.SettingsOf(parsed), result, server));
    }

    /// <summary>Sets the noisy tenant's limit as an operator would.</summary>
    /// <exception cref="UsageException">The server does not let this key do so.</exception>
    public async Task LimitAsync(FairnessTenant tenant, string operatorKey, string name, int perMinute)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{common.Target.TargetOf(parsed).Authority}") };
        http.DefaultRequestHeaders.Add("X-Api-Key", operatorKey);
        using var body = new StringContent($"{{\"requests_per_minute_max\":{perMinute}}}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/v1/admin/tenants/{name}", body);
        if (!answer.IsSuccessStatusCode)
        {
            var why = await answer.Content.ReadAsStringAsync();
            throw new UsageException($"The limit of '{name}' ({tenant.Name}) could not be set: {(int)answer.StatusCode} {why}");
        }
    }

    private MixedSource SourceOf(LoadPlan plan, int worker, RecallShape shape) => new(
        new AppendSource(plan, worker, plan.Workers, recall.UserOf(parsed)), new RecallSource(plan, worker, shape), RecallShare,
        SplitMix.Of(plan.Seed, worker, 0xFA1));
}
