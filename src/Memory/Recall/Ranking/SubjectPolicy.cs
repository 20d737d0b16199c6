using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Decides whom a question is about, from its words and the speakers of the scope. A speaker is named by the first
/// word of the name, unless another's whole name, which begins alike, is there.
/// </summary>
internal static class SubjectPolicy
{
    private static readonly HashSet<string> FirstPerson = ["i", "me", "my", "mine", "myself"];

    /// <param name="tokens">The question's tokens, lower case, stop words included.</param>
    public static Subject Decide(
        IReadOnlyList<string> tokens, IReadOnlyList<PartitionSnapshot> partitions, Func<string, IReadOnlyList<string>> tokenize)
    {
        var named = NamesOf(partitions)
            .Select(name => (name, words: tokenize(name)))
            .Where(each => each.words.Count > 0 && tokens.Contains(each.words[0], StringComparer.Ordinal))
            .Select(each => (each.name, first: each.words[0], whole: each.words.All(word => tokens.Contains(word, StringComparer.Ordinal))))
            .ToArray();
        var mentioned = named.Where(each => each.whole || !named.Any(other => other.whole && other.first == each.first)).ToArray();
        return mentioned.Length switch
        {
            0 => tokens.Any(FirstPerson.Contains) ? Subject.Asker : Subject.Nobody,
            1 => Subject.Named(mentioned[0].name),
            _ => Subject.Nobody,
        };
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<PartitionSnapshot> partitions) => partitions
        .SelectMany(static partition => partition.Speakers.Take(partition.SpeakerCount)
        .Where((_, number) => partition.Hidden?.HasSpeaker(number) != true))
        .Select(static speaker => speaker.Name)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);
}
