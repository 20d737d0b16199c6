using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall;

/// <summary>
/// Whether relevance tells of an answer that it is none, so that the default cut-off applies. Without the encoder only English is judged:
/// the word vectors know no other language, and there words alone miss what is said in others ("Wo wohne ich?", "Ich bin umgezogen").
/// </summary>
internal static class CutoffPolicy
{
    /// <param name="isMeant">The encoder read the question.</param>
    public static bool CanJudge(string question, bool isMeant) => isMeant || Languages.Of(question, CutTokens.Of(question)) == Languages.English;
}
