using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Bench.Fuzz;
using MemoryOrleans.Bench.Fuzz.Measure;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var url = new Option<string>("--url") { Required = true, Description = "the service, like http://127.0.0.1:8080" };
var keys = new Option<string[]>("--key") { Required = true,
    Description = "TENANT:KEY with the scopes read, write and admin; repeat for several tenants" };
var sink = new Option<string?>("--sink") { Description = "TENANT:KEY of an empty tenant that takes the first tenant's export in" };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "the same seed sends the same requests" };
var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 1000, Description = "how many" };
var raw = new Option<int>("--raw") { DefaultValueFactory = _ => 15, Description = "of a hundred, so many on bare connections (0..100)" };
var workers = new Option<int>("--workers") { DefaultValueFactory = _ => 4,
    Description = "requests at a time; 1 for a replay that is exact" };
var bound = new Option<int>("--bound-ms") { DefaultValueFactory = _ => 2000, Description = "an answer that takes longer is a failure" };
var only = new Option<int?>("--only") { Description = "sends the request of this number alone" };
var pid = new Option<int?>("--pid") { Description = "the server's process, whose memory is watched" };
var command = new RootCommand(
    "Sends random requests made from the service's own OpenAPI document, right and wrong ones, and bytes that are no HTTP; then reads back all that is stored. "
    + "Exit code 1: a failure, with the command that sends its request again.")
{
    url, keys, sink, seed, requests, raw, workers, bound, only, pid,
};
command.SetAction(async (parsed, cancel) =>
{
    var plan = new FuzzPlan(
        new Uri(parsed.GetValue(url)!), [.. parsed.GetValue(keys)!.Select(KeyOf)], parsed.GetValue(seed), parsed.GetValue(requests),
        parsed.GetValue(raw), parsed.GetValue(workers),
        TimeSpan.FromMilliseconds(parsed.GetValue(bound)), parsed.GetValue(only));
    var memory = parsed.GetValue(pid) is { } id ? new ResidentMemory(id) : null;
    var report = await new FuzzRun(plan).RunAsync(
        parsed.GetValue(sink) is { } into ? KeyOf(into) : null,
        sent =>
        {
            if (memory is null || sent % 500 > 0)
                return;
            lock (memory)
                memory.Sample(sent);
        },
        cancel);
    memory?.Sample(plan.Requests);
    foreach (var line in report.Tally.Lines())
        Console.WriteLine(line);
    Console.WriteLine($"{plan.Requests} requests of seed {plan.Seed} in {report.Took.TotalSeconds:0} s, {report.SweptReads} reads of what is stored; {report.Tally.Failed} failures");
    if (memory is not null)
        Console.WriteLine(memory);
    foreach (var failure in report.Tally.Failures)
    {
        Console.WriteLine($"FAILED {failure.Operation} {failure.What[..Math.Min(failure.What.Length, 800)]}\n{failure.Request}");
        if (failure.Number >= 0)
            Console.WriteLine($"  again: bench/fuzz --seed {plan.Seed} --only {failure.Number} --url {plan.Url} --key TENANT:KEY…, or without --only and with --workers 1");
    }

    return report.Tally.Failed > 0 || memory?.HasGone == true ? 1 : 0;
});
return await command.Parse(args).InvokeAsync();

static TenantKey KeyOf(string text) =>
    text.Split(':', 2) is [var tenant, var key] ? new TenantKey(tenant, key)
    : throw new ArgumentException($"--key is TENANT:KEY, not {text}.", nameof(text));
