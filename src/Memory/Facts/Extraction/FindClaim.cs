using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using MemoryOrleans.Memories;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>A claim with what its rule says of it.</summary>
internal readonly record struct FoundClaim(FactClaim Claim, string Kind, bool IsEnding);

/// <summary>Brings a statement into the form of a claim, when a rule of <see cref="ClaimRules"/> fits and its value says something.</summary>
internal static partial class FindClaim
{
    private const int ValueWordsMax = 12;

    private static readonly FrozenSet<string> Empty = (
        "it them this that these those him her you me us one ones how what when where who why which everything something anything things stuff all much more lot lots being having getting going doing making seeing knowing "
        + "i we my our to be not no there here so very was were is are has had both the those seeing few someone somebody keep each go").Split(' ').ToFrozenSet();

    public static FoundClaim? In(string statement, Speaker speaker)
    {
        foreach (var rule in ClaimRules.All)
        {
            var match = rule.Pattern.Match(statement);
            while (match.Success && rule.IsDenied?.Invoke(statement, match) == true)
                match = match.NextMatch();
            if (!match.Success)
                continue;
            var value = rule.Value ?? ValueOf(match.Groups["value"].Value);
            if (value is null)
                continue;
            var thing = Normalize(match.Groups["thing"].Value);
            var attribute = rule.Attribute.Contains("{0}", StringComparison.Ordinal) ? string.Format(CultureInfo.InvariantCulture, rule.Attribute, thing) : rule.Attribute;
            return new FoundClaim(new FactClaim(speaker.Key, attribute, value, rule.IsSingleValued), rule.Kind, rule.IsEnding);
        }

        return null;
    }

    private static string? ValueOf(string text)
    {
        var value = LeadingArticle().Replace(Normalize(text), "");
        value = value.EndsWith("'s", StringComparison.Ordinal) ? value[..^2] : value.TrimEnd('.', '\'', '-', ' ');
        var words = value.Split(' ');
        if (value.Length < 2 || DanglingEnd().IsMatch(value) || words.Length > ValueWordsMax || Empty.Contains(words[0]) || words.Any(static word => word is "it" or "them" or "i" or "i'm" or "me" or "my" or "our" or "we" or "you" or "your"))
            return null;
        return value;
    }

    private static string Normalize(string text) => CleanText.OneLine(text).Replace('’', '\'').ToLowerInvariant();

    [GeneratedRegex(@"\s(a safe|a|an|the|of|to|and|very|so|more|their|his|her)$", WordList.Linear, -1)]
    private static partial Regex DanglingEnd();

    [GeneratedRegex(@"^((an?|the|my|our|some|to|with|using|having)\s+)+", WordList.Linear, -1)]
    private static partial Regex LeadingArticle();
}
