namespace MemoryOrleans.Recall.Tiers;

/// <summary>Compares texts letter by letter, but for case, white space and the marks that end or part sentences.</summary>
internal static class SameText
{
    /// <summary>Whether two texts whose words are the same are the same text; question marks and signs count.</summary>
    public static bool Are(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < left.Length && IsPassedOver(left[i]))
                i++;
            while (j < right.Length && IsPassedOver(right[j]))
                j++;
            if (i == left.Length || j == right.Length)
                return i == left.Length && j == right.Length;
            if (char.ToLowerInvariant(left[i++]) != char.ToLowerInvariant(right[j++]))
                return false;
        }
    }

    private static bool IsPassedOver(char letter) =>
        char.IsWhiteSpace(letter) || letter is '.' or ',' or '!' or ';' or '…' or '。' or '，' or '！' or '、';
}
