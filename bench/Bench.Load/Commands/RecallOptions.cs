using System.CommandLine;
using MemoryOrleans.Bench.Load.Loads;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary>What recalls ask, and of whom.</summary>
internal sealed class RecallOptions
{
    private readonly Option<string> _user = Bounded.Id("--user", "load", "whose memory is asked");
    private readonly Option<int> _limit = Bounded.Int("--limit", 10, 1, 100, "items asked for");
    private readonly Option<string?> _queries = new("--queries") { Description = "file of one question a line, instead of made-up ones" };
    private readonly Option<int> _filled =
        Bounded.Int("--turns", 1_000, 1, 100_000_000, "turns the user was filled with; questions use their words");
    private readonly Option<int> _batch = Bounded.Int("--batch", 500, 1, 1_000, "batch the user was filled by");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _user, _limit, _queries, _filled, _batch })
            command.Options.Add(option);
    }

    public string UserOf(ParseResult parsed) => parsed.GetValue(_user)!;

    public RecallShape ShapeOf(ParseResult parsed)
    {
        var file = parsed.GetValue(_queries);
        var queries = file is null ? [] : File.ReadAllLines(file).Where(line => !string.IsNullOrWhiteSpace(line)).ToArray();
        if (file is not null && queries.Length == 0)
            throw new UsageException($"'{file}' holds no questions.");
        var filled = FillShape.Of(parsed.GetValue(_filled), parsed.GetValue(_batch), sessions: null, UserOf(parsed));
        return new RecallShape(filled, parsed.GetValue(_limit), queries);
    }
}
