using System.Collections.Frozen;
using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Episodes;

/// <summary>
/// What a run of sentences is about: words that come back in several of them, and pairs of words that do. A word's weight is
/// the number of sentences it is in times ln(2 + its letters), a pair's twice that; a word that mostly stands in a chosen
/// pair is left out. Forms of one stem count together and are shown in the form that is most frequent.
/// </summary>
internal static class PickTopics
{
    public const int TopicsMax = 8;
    private const int SentencesMin = 2;
    private const int TokensMax = 20_000;

    private static readonly FrozenSet<string> Fillers = (
        "thanks thank hey hi hello wow yeah yep yes no ok okay sure great good nice awesome amazing cool wonderful lovely super really "
        + "pretty totally definitely absolutely actually just also even still always never ever maybe kind kinda sort lot lots bit much "
        + "many thing things stuff way ways time times day days today lately recently last next new old get got getting go going gone "
        + "went come came make made making take took taking see saw seen look looks looking know knew think thought feel felt feeling "
        + "want wanted wanna gonna need say said tell told talk talking love loved loving like liked hope glad happy excited proud "
        + "thankful grateful lucky sounds sound mean means help helps helped helping keep keeping let give gave giving try trying tried "
        + "start started use used using one two three first year years week weeks month months people person someone something anything "
        + "everything everyone guys us it's that's i've i'm you're don't can't best better big little long far back around together "
        + "would could should us able sure it's great fun chat photo pic picture please following example code ensure based set here's "
        + "work works working well right life share special important live lives lived living")
        .Split(' ').ToFrozenSet();

    public static IReadOnlyList<string> Pick(IReadOnlyList<WeighedSentence> sentences, IEnumerable<string> speakers)
    {
        var names = speakers.SelectMany(static name => name.ToLowerInvariant().Split(' ')).ToHashSet(StringComparer.Ordinal);
        var words = new Dictionary<string, Topic>();
        var pairs = new Dictionary<string, Topic>();
        var tokenizer = new Tokenizer();
        var read = 0;
        for (var i = 0; i < sentences.Count && read < TokensMax; i++)
        {
            string? before = null;
            foreach (var token in tokenizer.Tokenize(sentences[i].Sentence.Text))
            {
                read++;
                var word = token.ToString();
                if (word.Length < 2 || char.IsAsciiDigit(word[0]) || StopWords.Contains(word) || Fillers.Contains(word)
                    || names.Contains(word))
                {
                    before = null;
                    continue;
                }

                Count(words, word, i);
                // Bigrams of unspaced scripts already overlap.
                if (before is not null && word[0] < '\u0E00')
                    Count(pairs, $"{before} {word}", i);
                before = word;
            }
        }

        return Choose(words, pairs);
    }

    private static string[] Choose(Dictionary<string, Topic> words, Dictionary<string, Topic> pairs)
    {
        var ranked = pairs.Values.Select(static pair => (pair, Weight: 2 * pair.Weight))
            .Concat(words.Values.Select(static word => (word, word.Weight)))
            .Where(static topic => topic.Item1.Sentences >= SentencesMin)
            .OrderByDescending(static topic => topic.Weight).ThenBy(static topic => topic.Item1.Form, StringComparer.Ordinal)
            .Select(static topic => topic.Item1.Form);
        var chosen = new List<string>();
        foreach (var form in ranked)
        {
            if (chosen.Count == TopicsMax)
                break;
            var parts = form.Split(' ').Select(StemOf).ToHashSet(StringComparer.Ordinal);
            if (!chosen.Exists(other => other.Split(' ').Select(StemOf).Any(parts.Contains)))
                chosen.Add(form);
        }

        return [.. chosen];
    }

    private static void Count(Dictionary<string, Topic> topics, string form, int sentence)
    {
        var stem = string.Join(' ', form.Split(' ').Select(StemOf));
        if (!topics.TryGetValue(stem, out var topic))
            topics.Add(stem, topic = new Topic());
        topic.Add(form, sentence);
    }

    private static string StemOf(string word)
    {
        Span<char> letters = word.ToCharArray();
        return letters[..Porter2Stemmer.Stem(letters)].ToString();
    }

    private sealed class Topic
    {
        private readonly Dictionary<string, int> forms = [];
        private int last = -1;

        public int Sentences { get; private set; }

        public double Weight => Sentences * Math.Log(2 + Form.Length);

        public string Form => forms.OrderByDescending(static form => form.Value).ThenBy(static form => form.Key, StringComparer.Ordinal)
            .First().Key;

        public void Add(string form, int sentence)
        {
            forms[form] = forms.GetValueOrDefault(form) + 1;
            if (sentence != last)
                Sentences++;
            last = sentence;
        }
    }
}
