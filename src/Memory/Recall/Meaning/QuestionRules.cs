using MemoryOrleans.Text.Analysis;
using System.Collections.Frozen;

namespace MemoryOrleans.Recall.Meaning;

/// <summary>The rules of <c>question.txt</c>.</summary>
internal sealed class QuestionRules
{
    public static readonly QuestionRules English = new(EmbeddedLines.Read(typeof(QuestionRules), "question.txt"));

    private QuestionRules(IEnumerable<string> lines)
    {
        var rules = lines.Select(static line => line.Split(' ', 2))
            .ToLookup(static parts => parts[0], static parts => parts[1], StringComparer.Ordinal);
        Cuts = new PhraseTable(rules["cut"]);
        Assistant = new PhraseTable(rules["assistant"]);
        When = new PhraseTable(rules["when"]);
        Auxiliaries = Words(rules["auxiliary"]);
        Objects = Words(rules["object"]);
        SubjectQuestions = Words(rules["subject-question"]);
        BeforeI = Pairs(rules["before-i"]);
        AfterI = Pairs(rules["after-i"]);
        Pronouns = Pairs(rules["pronoun"]);
        Possessives = Pairs(rules["possessive"]);
    }

    public PhraseTable Cuts { get; }

    public PhraseTable Assistant { get; }

    public PhraseTable When { get; }

    public FrozenSet<string> Auxiliaries { get; }

    public FrozenSet<string> Objects { get; }

    public FrozenSet<string> SubjectQuestions { get; }

    public FrozenDictionary<string, string> BeforeI { get; }

    public FrozenDictionary<string, string> AfterI { get; }

    public FrozenDictionary<string, string> Pronouns { get; }

    public FrozenDictionary<string, string> Possessives { get; }

    private static FrozenSet<string> Words(IEnumerable<string> lines) =>
        lines.SelectMany(static line => line.Split(' ')).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Pairs(IEnumerable<string> lines) =>
        lines.Select(static line => line.Split(' ', 2))
        .ToFrozenDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
}

/// <summary>Phrases looked up by their first word.</summary>
internal sealed class PhraseTable(IEnumerable<string> phrases)
{
    private const string AnyWord = "*";

    private readonly FrozenDictionary<string, string[][]> byFirst = phrases
        .Select(static phrase => phrase.Split(' '))
        .GroupBy(static words => words[0], StringComparer.Ordinal)
        .ToFrozenDictionary(static each => each.Key, static each => each.OrderByDescending(static words => words.Length).ToArray(),
        StringComparer.Ordinal);

    /// <summary>Words of the longest phrase that begins there; 0 when none does.</summary>
    public int LengthAt(IReadOnlyList<QuestionWord> words, int at)
    {
        if (!byFirst.TryGetValue(words[at].Lower, out var candidates))
            return 0;
        foreach (var phrase in candidates)
        {
            if (Fits(phrase, words, at))
                return phrase.Length;
        }

        return 0;
    }

    private static bool Fits(string[] phrase, IReadOnlyList<QuestionWord> words, int at)
    {
        if (at + phrase.Length > words.Count)
            return false;
        for (var i = 0; i < phrase.Length; i++)
        {
            if (phrase[i] != AnyWord && phrase[i] != words[at + i].Lower)
                return false;
        }

        return true;
    }
}
