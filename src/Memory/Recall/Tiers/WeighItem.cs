using MemoryOrleans.Embeddings;
using MemoryOrleans.Facts;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>A recalled item taken apart for comparison with the others of its answer.</summary>
/// <param name="Terms">Hashes of its terms.</param>
internal sealed record WeighedItem(RecalledItem Item, FactText Text, HashSet<ulong> Terms);

/// <summary>Takes the items of one tenant's answer apart; null for one that cannot be read, which the answer then leaves out.</summary>
internal sealed class WeighItem(IEmbedder embedder, LeftOutItems leftOut, string tenant)
{
    public WeighedItem? Weigh(RecalledItem item) => leftOut.Read(
        tenant, item.Id, () => new WeighedItem(item, FactText.Of(item.Content, embedder), TermsOf(item.Content)));

    public static HashSet<ulong> TermsOf(string text)
    {
        var terms = new List<ulong>();
        new TextAnalyzer().Analyze(text, terms);
        return [.. terms];
    }
}
