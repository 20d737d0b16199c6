using System.Globalization;
using System.Text;
using MemoryOrleans.Episodes;

namespace MemoryOrleans.Memory.Tests.Episodes;

/// <summary>A distillation as text, to be compared and read.</summary>
internal static class DistilledText
{
    public static string Of(Distillation made)
    {
        var text = new StringBuilder();
        foreach (var episode in made.Episodes)
        {
            Line(text, $"episode {episode.Sources[0].Seq}-{episode.Sources[^1].Seq} {episode.OccurredFrom:yyyy-MM-dd HH:mm} {episode.Importance:F3}");
            Line(text, $"  summary: {episode.Summary}");
            Line(text, $"  topics: {string.Join(", ", episode.Topics)}");
            Line(text, $"  entities: {string.Join(", ", episode.Entities)}");
        }

        foreach (var fact in made.Facts)
        {
            var claim = fact.Claim is { } known
                ? $" [{known.Subject}.{known.Attribute} {(known.IsSingleValued ? "=" : "has")} {known.Value}]" : "";
            Line(text, $"{fact.Kind} {string.Join('+', fact.Sources.Select(source => source.Seq))} {fact.Importance:F3} from {fact.ValidFrom:yyyy-MM-dd}{(fact.EndsEarlier ? " ends" : "")}: {fact.Content}{claim}");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
