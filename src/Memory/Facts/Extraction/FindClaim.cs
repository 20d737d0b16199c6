using System.Collections.Frozen;
using System.Globalization;
using MemoryOrleans.Memories;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>A claim with what its rule says of it.</summary>
internal readonly record struct FoundClaim(FactClaim Claim, string Kind, bool IsEnding);

/// <summary>
/// Brings a statement into the form of a claim, when a rule of <see cref="ClaimRules"/> fits and its value says something.
/// </summary>
internal static class FindClaim
{
    private const int ValueWordsMax = 12;

    private static readonly FrozenSet<string> Empty = (
        "it them this that these those him her you me us one ones how what when where who why which everything something anything "
        + "things stuff all much more lot lots being having getting going doing making seeing knowing i we my our to be not no there "
        + "here so very was were is are has had both the those seeing few someone somebody keep each go")
        .Split(' ').ToFrozenSet();

    public static FoundClaim? In(string statement, Speaker speaker)
    {
        foreach (var rule in ClaimRules.In(statement))
        {
            var match = rule.Pattern.Find(statement);
            while (match.IsFound && rule.IsDenied?.Invoke(statement, match) == true)
                match = rule.Pattern.Find(statement, match.End);
            if (!match.IsFound)
                continue;
            var value = rule.Value ?? ValueOf(match["value"].Value);
            if (value is null)
                continue;
            var thing = Normalize(match["thing"].Value);
            var attribute = rule.Attribute.Contains("{0}", StringComparison.Ordinal)
                ? string.Format(CultureInfo.InvariantCulture, rule.Attribute, thing) : rule.Attribute;
            return new FoundClaim(new FactClaim(speaker.Key, attribute, value, rule.IsSingleValued), rule.Kind, rule.IsEnding);
        }

        return null;
    }

    private static string? ValueOf(string text)
    {
        var phrase = Normalize(text);
        var value = phrase[LeadingArticle.Find(phrase).End..];
        value = value.EndsWith("'s", StringComparison.Ordinal) ? value[..^2] : value.TrimEnd('.', '\'', '-', ' ');
        var words = value.Split(' ');
        if (value.Length < 2 || DanglingEnd.IsMatch(value) || words.Length > ValueWordsMax || Empty.Contains(words[0])
            || words.Any(static word => word is "it" or "them" or "i" or "i'm" or "me" or "my" or "our" or "we" or "you" or "your"))
            return null;
        return value;
    }

    private static string Normalize(string text) => CleanText.OneLine(text).Replace('’', '\'').ToLowerInvariant();

    private static readonly Pattern DanglingEnd = Pattern.Exact(@"\s(a safe|a|an|the|of|to|and|very|so|more|their|his|her)$");

    private static readonly Pattern LeadingArticle = Pattern.Exact(@"^((an?|the|my|our|some|to|with|using|having)\s+)+");
}
