using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall;

/// <summary>
/// The least relevance that one of the first items must have where a query names none. By itself only what the encoder read is judged:
/// words
/// alone miss too much that is said in others. A least that somebody set is taken for words too, in English: the word vectors know no other
/// language ("Wo wohne ich?", "Ich bin umgezogen").
/// </summary>
internal static class CutoffPolicy
{
    /// <summary>Where nothing is set: it cost none of our answerable questions, and none of 880 public ones.</summary>
    public const double Default = 0.1;

    /// <param name="set">0..1; null: nobody set one.</param>
    /// <param name="isMeant">The encoder read the question and what is ranked.</param>
    public static double LeastOf(double? set, string question, bool isMeant)
    {
        if (isMeant)
            return set ?? Default;
        return set is { } least && Languages.Of(question, CutTokens.Of(question)) == Languages.English ? least : 0;
    }
}
