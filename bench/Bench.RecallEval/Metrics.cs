namespace MemoryOrleans.Bench.RecallEval;

/// <summary>Quality of one ranked list against its evidence; fractions of 1.</summary>
internal sealed record Metrics(double Recall5, double Recall10, double Recall20, double Hit10, double Ndcg10, double Mrr)
{
    public static readonly string[] Names = ["recall@5", "recall@10", "recall@20", "hit@10", "ndcg@10", "mrr"];

    public double[] Values => [Recall5, Recall10, Recall20, Hit10, Ndcg10, Mrr];

    public static Metrics Of(IReadOnlyList<string> ranked, IReadOnlyCollection<string> gold)
    {
        var places = ranked.Select((id, place) => (id, place)).Where(each => gold.Contains(each.id)).Select(static each => each.place)
            .ToArray();
        double At(int k) => places.Count(place => place < k) / (double)gold.Count;
        var gain = places.Where(static place => place < 10).Sum(static place => 1 / Math.Log2(place + 2));
        var ideal = Enumerable.Range(0, Math.Min(gold.Count, 10)).Sum(static place => 1 / Math.Log2(place + 2));
        return new Metrics(At(5), At(10), At(20), places.Any(static place => place < 10) ? 1 : 0, gain / ideal,
            places.Length == 0 ? 0 : 1.0 / (places[0] + 1));
    }

    public static void Print(IEnumerable<(string Category, Metrics Metrics)> rows)
    {
        var all = rows.ToArray();
        Console.WriteLine($"{"category",-28}{"n",6}{string.Concat(Names.Select(static name => $"{name,11}"))}");
        foreach (var group in all.Select(static row => row with { Category = "all" }).Concat(all).GroupBy(static row => row.Category)
            .OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            var means = Enumerable.Range(0, Names.Length).Select(i => group.Average(row => row.Metrics.Values[i]));
            Console.WriteLine($"{group.Key,-28}{group.Count(),6}{string.Concat(means.Select(static mean => $"{mean,11:F4}"))}");
        }
    }
}
