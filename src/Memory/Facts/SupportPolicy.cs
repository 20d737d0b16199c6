using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Dates;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Facts;

/// <summary>
/// Whether what a language model wrote rests on the turns it names. It may say things in other words, but most of its content
/// words must be theirs, and every number, date and name; it may not deny what they do not deny, nor state what they deny. What
/// tools and systems said supports nothing, an assistant's words alone no fact. Doubt drops a statement: rules find facts too.
/// </summary>
public static class SupportPolicy
{
    /// <summary>The share of a fact's content words that its sources must have.</summary>
    public const double FactShareMin = 0.6;

    /// <summary>The share that the words of people must have in it.</summary>
    public const double PeopleShareMin = 0.3;

    /// <summary>The share of a summary's content words that its turns must have.</summary>
    public const double SummaryShareMin = 0.5;

    /// <param name="sources">The turns the fact names.</param>
    public static bool IsFactSupported(string content, IReadOnlyList<Turn> sources, IEmbedder embedder)
    {
        var fact = FactText.Of(content, embedder);
        var said = sources.Where(static turn => turn.Role == "assistant" || Speaker.Of(turn.Role, turn.Name).IsPerson).ToList();
        return fact.Stems.Count > 0
            && ShareOf(fact, [.. said.Where(static turn => Speaker.Of(turn.Role, turn.Name).IsPerson)], embedder) >= PeopleShareMin
            && IsSupported(fact, said, FactShareMin, embedder)
            && AgreesOnDenial(fact, said, embedder);
    }

    /// <param name="turns">The turns it is the summary of.</param>
    public static bool IsSummarySupported(string summary, IReadOnlyList<Turn> turns, IEmbedder embedder) =>
        IsSupported(FactText.Of(WithoutCapitalStarts(summary), embedder), turns, SummaryShareMin, embedder);

    // A sentence's first word is capitalised anyway, so its capital does not make it a name.
    private static string WithoutCapitalStarts(string summary)
    {
        var sentences = new List<Sentence>();
        SplitTurn.Split(summary, 0, new Speaker("the user", "user", IsPerson: true), sentences);
        return string.Join(' ', sentences.Select(static sentence => $"{char.ToLowerInvariant(sentence.Text[0])}{sentence.Text[1..]}"));
    }

    /// <summary>
    /// True when a sentence says what a fact of the rules claims: of whom, and which value; and denies it only if that does.
    /// </summary>
    public static bool SaysClaim(string content, FactCandidate rule, IEmbedder embedder)
    {
        if (rule.Claim is not { } claim)
            return false;
        var text = FactText.Of(content, embedder);
        var words = NormalizedText.Of($"{claim.Subject} {claim.Value}").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.All(text.Words.Contains) && Denies(text) == Denies(FactText.Of(rule.Content, embedder));
    }

    private static bool IsSupported(FactText claim, IReadOnlyList<Turn> turns, double shareMin, IEmbedder embedder)
    {
        if (turns.Count == 0 || ShareOf(claim, turns, embedder) < shareMin)
            return false;
        var words = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var turn in turns)
        {
            var text = FactText.Of(TextOf(turn), embedder);
            words.UnionWith(text.Words);
            numbers.UnionWith(text.Numbers);
            numbers.UnionWith(DatesOf(turn, embedder));
        }

        return claim.Numbers.IsSubsetOf(numbers)
            && claim.Names.All(name => words.Contains(name) || words.Contains(name + "s") || numbers.Contains(name) || IsCalendar(name));
    }

    private static double ShareOf(FactText claim, IReadOnlyList<Turn> turns, IEmbedder embedder)
    {
        if (claim.Stems.Count == 0)
            return 1;
        var stems = new HashSet<ulong>();
        foreach (var turn in turns)
            stems.UnionWith(FactText.Of(TextOf(turn), embedder).Stems);
        return claim.Stems.Count(stems.Contains) / (double)claim.Stems.Count;
    }

    // A denial needs one among the sources; a statement must not come from a sentence that denies it.
    private static bool AgreesOnDenial(FactText fact, IReadOnlyList<Turn> turns, IEmbedder embedder)
    {
        var sentences = new List<Sentence>();
        foreach (var turn in turns)
            SplitTurn.Split(turn.Content, 0, Speaker.Of(turn.Role, turn.Name), sentences);
        var texts = sentences.ConvertAll(sentence => FactText.Of(sentence.Text, embedder));
        if (texts.Count == 0)
            return false;
        return Denies(fact)
            ? texts.Exists(Denies)
            : !Denies(texts.MaxBy(text => text.Stems.Count(fact.Stems.Contains))!);
    }

    private static bool Denies(FactText text) => text.Frames.Contains(ContrastWords.Negation);

    private static string TextOf(Turn turn) => $"{turn.Name} {turn.Role} {SplitTurn.Head(turn.Content, SplitTurn.ProseLengthMax)}";

    // "Yesterday" and "last Friday" may have become dates; so may the day it was said.
    private static IReadOnlySet<string> DatesOf(Turn turn, IEmbedder embedder)
    {
        var said = turn.OccurredAt.ToString("dddd d MMMM yyyy", CultureInfo.InvariantCulture);
        var dates = ResolveDates.Find(SplitTurn.Head(turn.Content, SplitTurn.ProseLengthMax), turn.OccurredAt)
            .Select(static date => $"{date.Name} {date.From.ToString("dddd d MMMM yyyy", CultureInfo.InvariantCulture)}");
        return FactText.Of(string.Join(' ', dates.Prepend(said)), embedder).Numbers;
    }

    // A month or day among the names has been compared as a number.
    private static bool IsCalendar(string name) => NumberWords.Find($"{char.ToUpperInvariant(name[0])}{name[1..]}", name) is not null;
}
