using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>One question's expected top ten: [turn id, score] pairs.</summary>
internal sealed record GoldenRow(string Set, string Conversation, string Question, IReadOnlyList<JsonElement[]> Top)
{
    [JsonIgnore]
    public IReadOnlyList<(string Turn, double Score)> Pairs =>
        [.. Top.Select(static pair => (pair[0].GetString()!, pair[1].GetDouble()))];
}

/// <summary>Expected rankings, to hold an implementation against.</summary>
internal sealed record Golden([property: JsonPropertyName("golden")] IReadOnlyList<GoldenRow> Rows)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static Golden Read(string path) =>
        JsonSerializer.Deserialize<Golden>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException($"{path} is empty.");

    public static void Write(string path, string set, IEnumerable<Ranking> rankings)
    {
        var rows = rankings.Select(each => new
        {
            set, conversation = each.Conversation, question = each.Question,
                top = each.Items.Take(10).Select(static item => new object[] { item.Turn, Math.Round(item.Score, 4) }),
        });
        var lines = rows.Select(static row => "  " + JsonSerializer.Serialize(row));
        File.WriteAllText(path, "{\"golden\": [\n" + string.Join(",\n", lines) + "\n]}\n");
    }

    /// <summary>
    /// Prints how far rankings are from these; true when the same turns come first and scores agree within <paramref name="tolerance"/>.
    /// </summary>
    public bool Compare(IReadOnlyList<Ranking> rankings, string set, double tolerance, bool verbose)
    {
        var byQuestion = rankings.ToDictionary(static each => (each.Conversation, each.Question));
        int compared = 0, sameTop = 0, shared = 0, expected = 0, beyond = 0;
        double worst = 0, total = 0;
        foreach (var row in Rows.Where(row => row.Set == set))
        {
            if (!byQuestion.TryGetValue((row.Conversation, row.Question), out var ranking))
                continue;
            compared++;
            var scores = ranking.Items.ToDictionary(static item => item.Turn, static item => item.Score);
            var pairs = row.Pairs;
            sameTop += ranking.Items.Select(static item => item.Turn).FirstOrDefault() == pairs.Select(static pair => pair.Turn)
                .FirstOrDefault() ? 1 : 0;
            expected += pairs.Count;
            shared += pairs.Count(pair => ranking.Items.Take(10).Any(item => item.Turn == pair.Turn));
            var differences = pairs.Where(pair => scores.ContainsKey(pair.Turn)).Select(pair => Math.Abs(scores[pair.Turn] - pair.Score))
                .ToArray();
            worst = Math.Max(worst, differences.DefaultIfEmpty(0).Max());
            total += differences.Sum();
            beyond += differences.Count(difference => difference > tolerance);
            if (verbose && differences.Any(difference => difference > tolerance))
                Console.WriteLine($"  {row.Question}: expected {Show(pairs)} | got {Show([.. ranking.Items.Take(10)])}");
        }

        Console.WriteLine(
            $"golden: {compared} questions, same first turn {sameTop}, top-ten overlap {shared}/{expected}, " +
            $"score differences mean {total / Math.Max(shared, 1):F5}, worst {worst:F4}, beyond {tolerance}: {beyond}");
        return compared > 0 && beyond == 0 && sameTop == compared;
    }

    private static string Show(IReadOnlyList<(string Turn, double Score)> pairs) =>
        string.Join(' ', pairs.Select(static pair => $"{pair.Turn}={pair.Score:F4}"));
}
