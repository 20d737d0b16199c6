using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>Decides whom a question is about, from its words and the speakers of the scope.</summary>
internal static class SubjectPolicy
{
    private static readonly HashSet<string> FirstPerson = ["i", "me", "my", "mine", "myself"];

    /// <param name="tokens">The question's tokens, lower case, stop words included.</param>
    public static Subject Decide(IReadOnlyList<string> tokens, IReadOnlyList<PartitionSnapshot> partitions, Func<string, IReadOnlyList<string>> tokenize)
    {
        string? named = null;
        foreach (var name in NamesOf(partitions))
        {
            if (name == named || !Mentions(tokens, tokenize(name)))
                continue;
            if (named is not null)
                return Subject.Nobody;
            named = name;
        }

        if (named is not null)
            return Subject.Named(named);
        return tokens.Any(FirstPerson.Contains) ? Subject.Asker : Subject.Nobody;
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<PartitionSnapshot> partitions) => partitions
        .SelectMany(static partition => partition.Speakers.Take(partition.SpeakerCount))
        .Select(static speaker => speaker.Name)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);

    // A person is mentioned by the whole name or by its first word.
    private static bool Mentions(IReadOnlyList<string> tokens, IReadOnlyList<string> name) =>
        name.Count > 0 && tokens.Contains(name[0], StringComparer.Ordinal);
}
