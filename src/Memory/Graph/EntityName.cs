using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Graph;

/// <summary>
/// When two names are the same: search's folding of letters and digits (case, width, compatibility forms and accents do not
/// count), runs of white space as one blank, symbols as they are.
/// </summary>
public static class EntityName
{
    /// <summary>Most characters of a name, as UTF-16 code units.</summary>
    public const int LengthMax = 256;

    /// <summary>The form that two equal names share.</summary>
    public static string Normalize(string name)
    {
        var folded = new StringBuilder(name.Length);
        var fold = new FoldText();
        var start = 0;
        for (var at = 0; at < name.Length;)
        {
            var length = char.IsSurrogatePair(name, at) ? 2 : 1;
            if (IsSymbol(CharUnicodeInfo.GetUnicodeCategory(name, at)))
            {
                folded.Append(fold.Fold(name.AsSpan(start, at - start))).Append(name, at, length);
                start = at + length;
            }

            at += length;
        }

        folded.Append(fold.Fold(name.AsSpan(start)));
        var normalized = JoinWords(folded.ToString());
        return normalized.Length > 0 ? normalized : JoinWords(name);
    }

    /// <summary>SHA-256 of the normalised name, 32 bytes: what stores keep unique, so that no index holds a name.</summary>
    public static byte[] Digest(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(Normalize(name)));

    /// <summary>Other names less those that are the same as the name, or as one before.</summary>
    public static IReadOnlyList<string> Others(string name, IReadOnlyList<string> aliases)
    {
        if (aliases.Count == 0)
            return aliases;
        var taken = new HashSet<string>([Normalize(name)], StringComparer.Ordinal);
        return [.. aliases.Where(alias => taken.Add(Normalize(alias)))];
    }

    private static string JoinWords(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Search turns these signs into blanks. Names made of nothing else would then all be the same name.
    private static bool IsSymbol(UnicodeCategory category) => category
        is UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
        or UnicodeCategory.OtherPunctuation or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
