using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary>Where requests go and under which key; every command has these.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string> _base =
        new("--base") { Description = "the server, loopback only", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
    private readonly Option<string?> _key = new("--key") { Description = "API key, sent as X-Api-Key" };
    private readonly Option<string?> _keys =
        new("--tenants-keys") { Description = "file of one key a line: sessions and recalls are dealt to them in turn" };
    private readonly Option<int> _timeout = Bounded.Int("--timeout", 60, 1, 600, "seconds a request may take");

    public Option<long> Seed { get; } = new("--seed") { Description = "seed of all texts and choices", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _base, _key, _keys, _timeout, Seed })
            command.Options.Add(option);
    }

    /// <summary>The server asked for.</summary>
    /// <exception cref="UsageException">The address is not loopback, or a key is no header value.</exception>
    public Target TargetOf(ParseResult parsed) => Target.Parse(parsed.GetValue(_base)!);

    public RequestForms FormsOf(ParseResult parsed) =>
        new(TargetOf(parsed), Credentials.Read(parsed.GetValue(_key), parsed.GetValue(_keys)));

    public TimeSpan TimeoutOf(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(_timeout));
}

/// <summary>What the measuring commands share, and how a run is put together from it.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _json = new("--json") { Description = "file for the figures, machine-readable" };
    private readonly Option<int?> _serverPid = new("--server-pid") { Description = "the server's process id; else found by its port" };
    private readonly Option<int?> _serverPort =
        new("--server-port") { Description = "the port to find the server's process by; else that of --base" };
    private readonly Option<int> _words = Bounded.Int("--words", 25, TurnTexts.WordsMin, TurnTexts.WordsMax, "mean words of a turn");
    private readonly Option<string> _run = Bounded.Id("--run", null, "prefix of the session ids; else one of this second");

    private readonly string _runOfThisSecond = "r" + TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
        .ToString("x", CultureInfo.InvariantCulture);

    public TargetOptions Target { get; } = new();

    public Option<int> Workers { get; }

    public Option<int> Seconds { get; } = Bounded.Int("--seconds", 20, 1, 3_600, "measured seconds");

    public Option<int> Warmup { get; } = Bounded.Int("--warmup", 3, 0, 600, "seconds before measuring");

    public CommonOptions(int workers = 16) =>
        Workers = Bounded.Int("--workers", workers, 1, 1_024, "connections, each with one request at a time");

    public void AddTo(Command command, bool timed = true)
    {
        Target.AddTo(command);
        foreach (var option in new Option[] { _words, _run, _json, _serverPid, _serverPort })
            command.Options.Add(option);
        if (!timed)
            return;
        command.Options.Add(Seconds);
        command.Options.Add(Warmup);
    }

    public LoadPlan PlanOf(ParseResult parsed, int workers, string? run = null)
    {
        var seed = parsed.GetValue(Target.Seed);
        return new LoadPlan(Target.FormsOf(parsed), new Vocabulary(seed), seed, workers, run ?? RunOf(parsed), parsed.GetValue(_words));
    }

    /// <summary>Runs do not meet in one session unless told to by name.</summary>
    public string RunOf(ParseResult parsed) => parsed.GetValue(_run) ?? _runOfThisSecond;

    public LoopSettings TimedLoop(ParseResult parsed, int workers) => new(
        workers, TimeSpan.FromSeconds(parsed.GetValue(Warmup)), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), Target.TimeoutOf(parsed));

    public ServerProcess? ServerOf(ParseResult parsed) =>
        ServerProcess.Find(parsed.GetValue(_serverPid), parsed.GetValue(_serverPort) ?? Target.TargetOf(parsed).EndPoint.Port);

    /// <summary>The options as given or preset, for the figures; keys are left out.</summary>
    public Dictionary<string, object> SettingsOf(ParseResult parsed)
    {
        var settings = new Dictionary<string, object>(StringComparer.Ordinal) { ["run"] = RunOf(parsed) };
        foreach (var option in parsed.CommandResult.Command.Options)
        {
            if (option.Name is "--help" or "--run" or "--key" or "--json" || parsed.GetResult(option) is not { } result)
                continue;
            var tokens = string.Join(' ', result.Tokens.Select(t => t.Value));
            settings[option.Name.TrimStart('-').Replace('-', '_')] = result.Implicit ? option.GetDefaultValue()
                ?? "" : double.TryParse(tokens, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : tokens;
        }

        return settings;
    }

    /// <summary>Prints the table, writes the JSON where asked to.</summary>
    /// <returns>The exit code: 1 when nothing succeeded or a fill is incomplete.</returns>
    public int Report(ParseResult parsed, params IReadOnlyList<RunFigures> runs)
    {
        RunTable.Print(runs);
        if (parsed.GetValue(_json) is { } path)
            Figures.Write(path, runs);
        return runs.All(run => run.Complete && run.Operations.All(o => o.Count > 0)) ? 0 : 1;
    }
}
