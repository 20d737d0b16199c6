namespace MemoryOrleans.Recall;

/// <summary>
/// What a question is after, from its words alone: <c>recent</c>, <c>episodic</c> (when, what happened),
/// <c>preference</c>, <c>procedural</c> (how to), <c>entity</c> (who is), <c>semantic</c> (what is), else <c>general</c>.
/// The first rule that applies decides. English; questions in other languages are general.
/// </summary>
public static class IntentPolicy
{
    private static readonly (string Intent, string[] Cues)[] Rules =
    [
        ("recent", ["just now", "a moment ago", "just said", "last message", "earlier today", "so far"]),
        ("preference", ["prefer", "preference", "favorite", "favourite", "like best", "likes best", "enjoy", "dislike", "hate"]),
        ("procedural", ["how do i", "how to", "how should", "how can i", "steps to", "procedure"]),
        ("episodic", ["when did", "when was", "when is", "when will", "what happened", "last time", "how long ago", "where did",
        "what did"]),
        ("entity", ["who is", "who was", "who are", "tell me about"]),
        ("semantic", ["what is", "what are", "what kind", "which", "does", "is", "are"]),
    ];

    /// <summary>Every intent there is.</summary>
    public static IReadOnlyList<string> Intents { get; } = [.. Rules.Select(static rule => rule.Intent), "general"];

    public static string Classify(string query)
    {
        var padded = $" {query.ToLowerInvariant()} ";
        foreach (var (intent, cues) in Rules)
        {
            foreach (var cue in cues)
            {
                if (ContainsWords(padded, cue))
                    return intent;
            }
        }

        return "general";
    }

    private static bool ContainsWords(string text, string cue)
    {
        for (var at = text.IndexOf(cue, StringComparison.Ordinal); at >= 0; at = text.IndexOf(cue, at + 1, StringComparison.Ordinal))
        {
            if (!char.IsLetterOrDigit(text[at - 1]) && !char.IsLetterOrDigit(text[at + cue.Length]))
                return true;
        }

        return false;
    }
}
