using MemoryOrleans.Embeddings;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>A word of a question that nothing searched has, and the one that was meant.</summary>
/// <param name="Asked">As the question has it.</param>
/// <param name="Text">What was meant; null of a name written short, of which only the term is known.</param>
/// <param name="From">The asked word's term.</param>
/// <param name="Term">The meant one's.</param>
internal sealed record MeantWord(string Asked, string? Text, ulong From, ulong Term)
{
    /// <summary>How an explanation shows it; the meant word is read from what was found where it is not known.</summary>
    public string Shown => $"{Asked}→{Text}";
}

/// <summary>
/// Slips in a question's names and rare words. A word is looked at only where nothing that is searched has it, nor any speaker
/// is called so; meant is a word that is there, begins with the same letter, and differs by one letter more, less or other or by
/// two neighbours that changed places; or a name with a capital that begins with the word. The most frequent such word is taken.
/// Candidates are made and looked up, as the index knows no words: about 54 for each letter of the asked word, for at most
/// <see cref="WordsMax"/> words.
/// </summary>
internal sealed class FindMeant(IEmbedder embedder, IReadOnlyList<RankScope> scopes)
{
    /// <summary>Words of one question that are looked at, the first.</summary>
    public const int WordsMax = 4;

    private const int LettersMin = 4;
    private const int LettersMax = 24;

    // An English word, or a name like many others, is rarely a slip: only a long one with a capital is taken for one.
    private const int KnownLettersMin = 6;

    private readonly TextAnalyzer analyzer = new();
    private readonly List<ulong> terms = [];
    private readonly float[] scratch = new float[embedder.Dimensions];

    /// <summary>Whether any word is worth a look, by one scope alone.</summary>
    public static bool MayHave(string question, RankScope scope) =>
        QueryAnalyzer.TermsOf(question).Exists(term => scope.CountChunks(term.Hash) == 0);

    public IReadOnlyList<MeantWord> In(string question)
    {
        var meant = new List<MeantWord>();
        var looked = 0;
        var words = WordsOf(question);

        // In a language that the embedder does not know, every word looks rare; what is written small is then left alone.
        var isSpoken = IsSpoken(words.Count > 1 ? words : WordsOf(question, lettersMin: 1));
        foreach (var word in words)
        {
            if (looked == WordsMax)
                break;
            if (TermOf(word.Folded) is not { } term || Count(term) > 0 || Speakers().Contains(word.Folded, StringComparer.Ordinal))
                continue;
            var isKnown = embedder.TryEmbed(word.Folded, scratch);
            if (isKnown ? !word.HasCapital || word.Folded.Length < KnownLettersMin : !isSpoken && !word.IsCalled)
                continue;
            looked++;
            if (Find(word, term, isSpoken) is { } found)
                meant.Add(found);
        }

        return meant;
    }

    /// <summary>The question with the words that were meant, where they are known.</summary>
    public static string Correct(string question, IReadOnlyList<MeantWord> meant)
    {
        foreach (var word in meant.Where(static word => word.Text is not null))
            question = question.Replace(word.Asked, word.Text, StringComparison.Ordinal);
        return question;
    }

    /// <summary>The terms of a corrected question as they are shown, those of names written short in place of what was written.</summary>
    public static IReadOnlyList<WeightedTerm> Apply(IReadOnlyList<WeightedTerm> terms, IReadOnlyList<MeantWord> meant) =>
        meant.Count == 0 ? terms
        : [.. terms.Select(term => meant.FirstOrDefault(word => term.Hash == (word.Text is null ? word.From : word.Term)) is { } word
            ? new WeightedTerm(word.Shown, word.Term, term.Count)
            : term)];

    private bool IsSpoken(List<AskedWord> words) => words.Count(word => embedder.TryEmbed(word.Folded, scratch)) * 2 >= words.Count;

    private MeantWord? Find(AskedWord word, ulong asked, bool isSpoken)
    {
        var called = Speakers().Where(name => name != word.Folded
            && (IsSlip(word.Folded, name) || name.StartsWith(word.Folded, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (called is not null && TermOf(called) is { } name)
            return new MeantWord(word.Text, Like(word, called), asked, name);

        var best = (Text: (string?)null, Term: 0UL, Count: 0L);
        foreach (var slip in Slips.Of(word.Folded))
        {
            if (!IsOtherForm(word.Folded, slip, isSpoken) && TermOf(slip) is { } term && term != asked && Count(term) is var count
                && count > best.Count)
                best = (slip, term, count);
        }

        if (best.Text is not null)
            return new MeantWord(word.Text, Like(word, best.Text), asked, best.Term);
        var beginning = TermHash.Of(word.Folded);
        foreach (var term in scopes.SelectMany(static scope => scope.Partitions).SelectMany(partition => partition.Names.TermsOf(beginning))
            .Distinct().Order())
        {
            if (Count(term) is var count && count > best.Count)
                best = (null, term, count);
        }

        return best.Count > 0 ? new MeantWord(word.Text, null, asked, best.Term) : null;
    }

    private long Count(ulong term) => scopes.Sum(scope => scope.CountChunks(term));

    private ulong? TermOf(string word)
    {
        terms.Clear();
        analyzer.Analyze(word, terms);
        return terms is [var term] ? term : null;
    }

    // Words of the names of who speaks.
    private HashSet<string> Speakers() => speakers ??= [.. scopes.SelectMany(static scope => scope.Partitions)
        .SelectMany(static partition => partition.Speakers.Take(partition.SpeakerCount)
        .Where((_, number) => partition.Hidden?.HasSpeaker(number) != true))
        .Select(static speaker => speaker.Name).OfType<string>().Distinct(StringComparer.Ordinal)
        .SelectMany(static name => WordsOf(name)).Select(static word => word.Folded)];

    private HashSet<string>? speakers;

    // Words that differ in their last letter alone are more often forms of one word than slips. In the language that is stemmed, forms
    // are one term anyway, so that a word that goes on is a slip.
    private static bool IsOtherForm(string word, string slip, bool isSpoken) => slip.Length > word.Length
        ? !isSpoken && slip.StartsWith(word, StringComparison.Ordinal)
        : slip.Length < word.Length ? word.StartsWith(slip, StringComparison.Ordinal)
        : word.AsSpan(0, word.Length - 1).SequenceEqual(slip.AsSpan(0, word.Length - 1));

    private static bool IsSlip(string asked, string name) =>
        Math.Abs(asked.Length - name.Length) <= 1 && Slips.Of(asked).Contains(name, StringComparer.Ordinal);

    private static string Like(AskedWord model, string word) => model.HasCapital ? char.ToUpperInvariant(word[0]) + word[1..] : word;

    private static List<AskedWord> WordsOf(string text, int lettersMin = LettersMin)
    {
        var words = new List<AskedWord>();
        var fold = new FoldText();
        var isFirst = true;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && char.IsLetter(text[at]))
                at++;
            if (at - start >= lettersMin && at - start <= LettersMax && Scripts.StyleOf(text[start]) == WordStyle.Spaced)
                words.Add(new AskedWord(text[start..at], fold.Fold(text.AsSpan(start, at - start)).ToString(), char.IsUpper(text[start]),
                    isFirst));
            isFirst &= at == start;
            at = Math.Max(at, start + 1);
        }

        return words;
    }

    private readonly record struct AskedWord(string Text, string Folded, bool HasCapital, bool IsFirst)
    {
        public bool IsCalled => HasCapital && !IsFirst;
    }
}

/// <summary>All that one slip of the hand makes of a word, its first letter kept.</summary>
internal static class Slips
{
    private const string Latin = "abcdefghijklmnopqrstuvwxyz";
    private const string Cyrillic = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ";
    private const string Greek = "αβγδεζηθικλμνξοπρσςτυφχψω";

    public static IEnumerable<string> Of(string word)
    {
        var letters = word[0] switch
        {
            >= '\u0370' and <= '\u03ff' => Greek,
            >= '\u0400' and <= '\u04ff' => Cyrillic,
            _ => Latin,
        };
        for (var at = 1; at < word.Length; at++)
        {
            var (before, after) = (word[..at], word[(at + 1)..]);
            if (at + 1 < word.Length && word[at] != word[at + 1])
                yield return $"{before}{word[at + 1]}{word[at]}{word[(at + 2)..]}";
            yield return before + after;
            foreach (var letter in letters)
            {
                if (letter != word[at])
                    yield return $"{before}{letter}{after}";
                yield return $"{before}{letter}{word[at..]}";
            }
        }

        foreach (var letter in letters)
            yield return word + letter;
    }
}
