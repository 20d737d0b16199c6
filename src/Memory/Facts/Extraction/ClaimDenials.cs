using MemoryOrleans.Text.Prose;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>What a pattern of a claim cannot tell from where it stands: the words around it decide.</summary>
internal static partial class ClaimDenials
{
    // They end like words of professions.
    private static readonly FrozenSet<string> NoJobs = (
        "number member lover winner beginner reader believer listener player fighter dreamer runner swimmer leader stranger supporter parent patient "
        + "important determined matter").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>"I don't like it" ends nothing unless the sentence goes on to say "any more".</summary>
    public static bool IsStillSo(string statement, Match match)
    {
        if (match.Groups["unless"] is not { Success: true } unless)
            return false;
        var rest = statement.AsSpan(unless.Index + unless.Length);
        var end = rest.IndexOf('.');
        return !AnyMore().IsMatch(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Whether a word that ends like a profession's is none: "member", "parent-teacher".</summary>
    public static bool IsNoJob(ReadOnlySpan<char> word)
    {
        var hyphen = word.IndexOf('-');
        return NoJobs.Contains((hyphen < 0 ? word : word[..hyphen]).ToString());
    }

    [GeneratedRegex(" any ?more", WordList.AnyCase, -1)]
    private static partial Regex AnyMore();
}
