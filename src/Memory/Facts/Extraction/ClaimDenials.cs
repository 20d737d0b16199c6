using System.Collections.Frozen;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>What a pattern of a claim cannot tell from where it stands: the words around it decide.</summary>
internal static class ClaimDenials
{
    // They end like words of professions.
    private static readonly FrozenSet<string> NoJobs = (
        "number member lover winner beginner reader believer listener player fighter dreamer runner swimmer leader stranger supporter "
        + "parent patient important determined matter").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>"I don't like it" ends nothing unless the sentence goes on to say "any more".</summary>
    public static bool IsStillSo(string statement, PatternMatch match)
    {
        if (match["unless"] is not { IsFound: true } unless)
            return false;
        var rest = statement.AsSpan(unless.End);
        var end = rest.IndexOf('.');
        return !AnyMore.IsMatch(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Whether a word that ends like a profession's is none: "member", "parent-teacher".</summary>
    public static bool IsNoJob(ReadOnlySpan<char> word)
    {
        var hyphen = word.IndexOf('-');
        return NoJobs.Contains((hyphen < 0 ? word : word[..hyphen]).ToString());
    }

    private static readonly Pattern AnyMore = Pattern.AnyCase(" any ?more");
}
