namespace MemoryOrleans.Updates;

/// <summary>
/// One string for each word that was met of late: what turns state is kept for thousands of them, and most of their words are the same.
/// Lossy, so that it stays small: a word takes the place of another. Any number of threads may use it.
/// </summary>
internal sealed class WordPool
{
    private const int PlacesMax = 8_192;
    private const int LongestWord = 32;
    private readonly string?[] places = new string?[PlacesMax];

    /// <summary>A string equal to the word, the same as for the last who asked for it.</summary>
    public string Of(string word)
    {
        if (word.Length > LongestWord)
            return word;
        ref var place = ref places[(uint)string.GetHashCode(word, StringComparison.Ordinal) % PlacesMax];
        return place is { } known && known == word ? known : place = word;
    }

    public void Clear() => Array.Clear(places);
}
