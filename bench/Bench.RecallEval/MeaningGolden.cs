using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Bench.RecallEval;

internal sealed record MeaningGoldenRow(
    string Id, [property: JsonPropertyName("embedded_as")] string EmbeddedAs, IReadOnlyList<JsonElement[]> Top)
{
    public IEnumerable<(string Turn, double Score)> Pairs => Top.Select(static pair => (pair[0].GetString()!, pair[1].GetDouble()));
}

internal sealed record MeaningGoldenSet(string Conversation, IReadOnlyList<MeaningGoldenRow> Questions);

/// <summary>Expected rankings of the formula with an encoder: the question as embedded, and the top ten.</summary>
internal sealed record MeaningGolden(IReadOnlyDictionary<string, MeaningGoldenSet> Sets)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static MeaningGolden Read(string path) =>
        JsonSerializer.Deserialize<MeaningGolden>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException($"{path} is empty.");

    /// <summary>Prints how far rankings are from these; false when none of their questions was asked.</summary>
    public bool Compare(IReadOnlyList<MeaningRanking> rankings, bool verbose)
    {
        var byId = rankings.ToDictionary(static each => each.Ranking.Question, StringComparer.Ordinal);
        int compared = 0, sameText = 0, sameFirst = 0, shared = 0, expected = 0, scored = 0;
        double total = 0, signed = 0, worst = 0;
        foreach (var row in Sets.Values.SelectMany(static set => set.Questions))
        {
            if (!byId.TryGetValue(row.Id, out var ranking))
                continue;
            compared++;
            sameText += ranking.EmbeddedAs == row.EmbeddedAs ? 1 : 0;
            var scores = ranking.Ranking.Items.ToDictionary(static item => item.Turn, static item => item.Score);
            var top = ranking.Ranking.Items.Take(10).Select(static item => item.Turn).ToArray();
            var pairs = row.Pairs.ToArray();
            sameFirst += top.FirstOrDefault() == pairs[0].Turn ? 1 : 0;
            expected += pairs.Length;
            shared += pairs.Count(pair => top.Contains(pair.Turn));
            var differences = pairs.Where(pair => scores.ContainsKey(pair.Turn)).Select(pair => scores[pair.Turn] - pair.Score).ToArray();
            scored += differences.Length;
            total += differences.Sum(Math.Abs);
            signed += differences.Sum();
            worst = Math.Max(worst, differences.Select(Math.Abs).DefaultIfEmpty(0).Max());
            if (verbose && (ranking.EmbeddedAs != row.EmbeddedAs || differences.Average(Math.Abs) > 0.1))
                Console.WriteLine($"  {row.Id}: mean {differences.Average(Math.Abs):F3} ({differences.Average():+0.000;-0.000})  got \"{ranking.EmbeddedAs}\"  expected \"{row.EmbeddedAs}\"");
        }

        Console.WriteLine(
            $"golden: {compared} questions, {sameText} embedded as the same text, same first turn {sameFirst}, top-ten overlap {shared}/{expected}, " +
            $"score differences mean {total / Math.Max(scored, 1):F4} (signed {signed / Math.Max(scored, 1):F4}), worst {worst:F3}");
        return compared > 0;
    }
}
