using MemoryOrleans.Embeddings;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Updates;

/// <summary>
/// Takes a text apart into statements: its sentences, and the clauses of English ones. Linear, and bounded: of a text the first
/// <see cref="CharactersMax"/> characters are read, of those the first <see cref="StatementsMax"/> statements.
/// </summary>
internal sealed class ReadStatements
{
    public const int CharactersMax = 6_000;
    public const int StatementsMax = 48;
    private const int ClauseCharactersMax = 160;
    private static readonly string[] ClauseStarts =
        [", so ", ", and ", ", but now ", ", but ", ", my ", ", our ", ", the ", ", we ", ", i ", ": ", "; ", ", mein ", ", now "];
    private const int ToldMin = 24;
    private static readonly string[] Requests =
    [
        ", can you ", ", so can you ", ", could you ", ", so could you ", ", how can i ",
        ", so how can i ", ", how do i ", ", what are ", ", what should i ", ", should i ", ", so should i ", ", is that a ", " - can you ",
    ];

    private readonly WordPool pool = new();
    private readonly ReadFeatures read;

    public ReadStatements(IEmbedder embedder) => read = new ReadFeatures(embedder, pool);

    /// <param name="around">How often the function words of each language stand in what the same writer says; null: in this text.</param>
    public IReadOnlyList<Statement> Of(string text, IReadOnlyDictionary<string, int>? around = null)
    {
        var sentences = Cut(text).ToList();
        var tokens = sentences.ConvertAll(sentence => CutTokens.Of(sentence, pool));
        around ??= Sum(tokens);
        var statements = new List<Statement>(sentences.Count);
        for (var i = 0; i < sentences.Count && statements.Count < StatementsMax; i++)
        {
            var wording = new Wording(sentences[i], Languages.Of(sentences[i], tokens[i], around), tokens[i]);
            if (wording.Length == 0 && !wording.IsUnspaced)
                continue;
            var whole = read.Of(wording);
            statements.Add(whole);
            if (wording.Language == Languages.English && sentences[i].Length <= ClauseCharactersMax)
                statements.AddRange(Clauses(sentences[i])
                    .Select(clause => read.OfClause(new Wording(clause, Languages.English, CutTokens.Of(clause, pool)), whole)));
        }

        return statements.ToArray();
    }

    /// <summary>Counts as of a writer who mostly writes one language.</summary>
    public static Dictionary<string, int> Mostly(string language) => new(StringComparer.Ordinal) { [language] = 4 };

    /// <summary>Keeps no word of what was read.</summary>
    public void Forget() => pool.Clear();

    /// <summary>A question as a statement, without how it is meant: what its words are about.</summary>
    public Statement OfQuestion(string question, IReadOnlyDictionary<string, int> around)
    {
        var text = question.Length <= CharactersMax ? question : question[..CharactersMax];
        var tokens = CutTokens.Of(text);
        return read.OfQuestion(new Wording(text, Languages.Of(text, tokens, around), tokens));
    }

    /// <summary>How often each language's function words stand in a text.</summary>
    public static Dictionary<string, int> CountLanguages(string text) =>
        Sum([.. Cut(text).Select(static sentence => CutTokens.Of(sentence))]);

    /// <summary>The language that most of the texts' function words are of.</summary>
    public static string LanguageOf(IEnumerable<string> texts) => JudgeLanguage(texts).Language;

    /// <summary>The same, and whether there are enough of them to be sure.</summary>
    public static (string Language, bool IsSure) JudgeLanguage(IEnumerable<string> texts) => JudgeLanguage(texts.Select(CountAtStart));

    /// <summary>
    /// How often each language's function words stand in the beginning of a text, which is enough to judge by: in the order of
    /// <see cref="Languages.AllSpaced"/>; empty where it has no sentence.
    /// </summary>
    public static ushort[] CountAtStart(string text)
    {
        const int readMax = 400;
        var counts = CountLanguages(text.Length > readMax ? text[..readMax] : text);
        return counts.Count == 0 ? [] : [.. Languages.AllSpaced.Select(each => (ushort)counts[each])];
    }

    /// <summary>The same of texts whose words have been counted.</summary>
    public static (string Language, bool IsSure) JudgeLanguage(IEnumerable<ushort[]> counts)
    {
        const int surely = 4;
        Span<int> sums = stackalloc int[Languages.AllSpaced.Count];
        sums.Clear();
        var isEmpty = true;
        foreach (var each in counts)
        {
            for (var i = 0; i < each.Length; i++)
                sums[i] += each[i];
            isEmpty &= each.Length == 0;
        }

        if (isEmpty)
            return (Languages.English, false);
        var (best, second) = (0, -1);
        for (var i = 1; i < sums.Length; i++)
        {
            if (sums[i] > sums[best])
                (best, second) = (i, best);
            else if (second < 0 || sums[i] > sums[second])
                second = i;
        }

        return (Languages.AllSpaced[best], sums[best] - sums[second] >= surely);
    }

    private static Dictionary<string, int> Sum(IReadOnlyList<List<SentenceToken>> sentences)
    {
        var sum = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tokens in sentences)
        {
            foreach (var (language, count) in Languages.Count(tokens))
                sum[language] = sum.GetValueOrDefault(language) + count;
        }

        return sum;
    }

    private static IEnumerable<string> Cut(string text)
    {
        const int sentencesMax = StatementsMax;
        var rest = text.AsMemory(0, Math.Min(text.Length, CharactersMax));
        var isCode = false;
        for (var count = 0; rest.Length > 0 && count < sentencesMax;)
        {
            var length = LengthOfSentence(rest.Span);
            var sentence = rest[..length].Trim().ToString();
            rest = rest[length..];
            if (sentence.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && sentence.Length > 0 && !sentence.StartsWith("[image:", StringComparison.Ordinal))
            {
                count++;
                var told = BeginOfRequest(sentence);
                if (told > 0)
                    yield return sentence[..told];
                yield return told > 0 ? sentence[(told + 1)..].Trim() : sentence;
            }
        }
    }

    // "The call was moved to nine, can you remind me?": what is told before a request is not asked. 0 without one.
    private static int BeginOfRequest(string sentence)
    {
        foreach (var request in Requests)
        {
            if (sentence.IndexOf(request, StringComparison.OrdinalIgnoreCase) is var at and > ToldMin)
                return at;
        }

        return 0;
    }

    // "Dr. Okafor" and "at 5 p.m. today" go on: a full stop after a title or a single letter ends nothing.
    private static int LengthOfSentence(ReadOnlySpan<char> text)
    {
        var length = 0;
        do
            length += Sentences.LengthOfFirst(text[length..]);
        while (length < text.Length && EndsInAbbreviation(text[..length]));
        return length;
    }

    private static bool EndsInAbbreviation(ReadOnlySpan<char> text)
    {
        if (text[^1] is '\n' or '\r')
            return false;
        var trimmed = text.TrimEnd();
        if (trimmed.IsEmpty || trimmed[^1] != '.')
            return false;
        var word = trimmed[(trimmed.LastIndexOf(' ') + 1)..^1];
        return word is "Dr" or "Mr" or "Mrs" or "Ms" or "St" or "Prof" or "Sr" or "Sra" or "Hr" or "Fr" or "No" or "Nr" or "e.g" or "i.e"
            or "vs" or "ca" or "approx";
    }

    private static IEnumerable<string> Clauses(string sentence)
    {
        var cuts = new List<int>();
        foreach (var start in ClauseStarts)
        {
            for (var at = sentence.IndexOf(start, StringComparison.OrdinalIgnoreCase); at >= 0;
                at = sentence.IndexOf(start, at + 1, StringComparison.OrdinalIgnoreCase))
                cuts.Add(at);
        }

        if (cuts.Count == 0)
            yield break;
        cuts.Sort();
        var from = 0;
        foreach (var cut in cuts.Append(sentence.Length))
        {
            if (cut - from > 3)
                yield return sentence[from..cut].Trim(',', ':', ';', ' ');
            from = cut;
        }
    }
}
