using System.Collections;

namespace MemoryOrleans.Updates;

/// <summary>
/// A few words, each once, in no more room than they need: what turns state is kept of thousands of them. What a bit of each word tells is
/// looked at first, since most words that are looked up are not there.
/// </summary>
internal sealed class WordSet : IEnumerable<string>
{
    public static readonly WordSet Empty = new([]);
    private readonly string[] words;
    private readonly ulong bits;

    private WordSet(string[] words)
    {
        this.words = words;
        foreach (var word in words)
            bits |= BitOf(word);
    }

    public int Count => words.Length;

    /// <param name="distinct">Each word once; it keeps their order.</param>
    public static WordSet Of(IReadOnlyCollection<string> distinct) => distinct.Count == 0 ? Empty : new WordSet([.. distinct]);

    public bool Contains(string word) => IndexOf(word) >= 0;

    /// <summary>The word's place in their order; −1 without it.</summary>
    public int IndexOf(string word)
    {
        if ((bits & BitOf(word)) == 0)
            return -1;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == word)
                return i;
        }

        return -1;
    }

    public bool Overlaps(WordSet other)
    {
        if ((bits & other.bits) == 0)
            return false;
        foreach (var word in other.words)
        {
            if (Contains(word))
                return true;
        }

        return false;
    }

    public string this[int place] => words[place];

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)words).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => words.GetEnumerator();

    private static ulong BitOf(string word) => word.Length == 0 ? 1 : 1UL << (((word[0] * 31) + (word[^1] * 7) + word.Length) & 63);
}
