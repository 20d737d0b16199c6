using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>What a question asks for, as far as updates go.</summary>
/// <param name="Statement">Its words, slots and vector.</param>
/// <param name="AsksPast">For what was before; then the older one answers.</param>
/// <param name="IsPresent">For what holds now.</param>
/// <param name="Types">The types of value it asks for; empty where it does not tell.</param>
internal sealed record UpdateQuestion(Statement Statement, bool AsksPast, bool IsPresent, IReadOnlyList<ValueKind> Types)
{
    private static readonly FrozenSet<string> Asking =
        "am is are do does has have can will ist bin sind habe hat est-ce soy es tengo sou".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Stems of the names and numbers that it says.</summary>
    public IReadOnlyList<string> Named { get; } =
        [.. Statement.Wording.Tokens.Where((token, i) => token.IsWord && (token.HasDigit || (token.IsCapital && i > 0)))
            .Select(token => Content.Stem(Statement.Language, token.Folded)).Where(Statement.Words.ContainsKey)];

    /// <summary>Asks how far two things lie apart: no newer value answers that.</summary>
    public bool IsOfSpan { get; } = Statement.Wording.Tokens.Any(static token => token.Folded is "between" or "passed" or "elapsed");

    /// <summary>"What books has she read?", "which shelters …": a newer one stands beside the older ones. Of English questions.</summary>
    public bool IsOfSeveral { get; } = AsksForSeveral(Statement);

    public bool IsYesOrNo { get; } = Statement.Wording.Tokens.FirstOrDefault(static token => token.IsWord) is { Folded: { } first }
        && Asking.Contains(first);

    private static readonly PhraseList Past = PhraseList.Load("asks-past");
    private static readonly FrozenSet<string> PastVerbs = "did was were had".Split(' ').ToFrozenSet(StringComparer.Ordinal);
    private static readonly string[] TimeWords =
        Padded("when", "wann", "quand", "cuando", "quando", "time", "date", "day", "uhr", "heure", "hora", "deadline",
            "什么时候", "几点", "哪天", "いつ", "何時", "何曜");

    private static readonly string[] QuantityWords =
        Padded("how much", "how many", "how old", "how long", "how tall", "how far", "how big", "how fast", "how high", "how heavy", "how often",
            "wie viel", "wie alt", "wie lange", "wie hoch", "wie oft",
        "combien", "quel age", "cuanto", "cuanta", "cuantos", "cuantas", "quanto", "quanta", "quantos", "quantas", "dose", "price",
        "budget", "limit", "salary", "score", "number", "temperature",
        "weight", "height", "size", "percentage", "percent", "quota", "target", "goal", "average", "accuracy", "coverage", "count",
        "version", "rent", "balance", "pressure", "pace", "best", "多少", "几个", "いくら", "いくつ", "何人");

    private static readonly ValueKind[] Times = [ValueKind.Time, ValueKind.Date, ValueKind.Weekday];
    private static readonly ValueKind[] Quantities = [ValueKind.Number, ValueKind.Money, ValueKind.Time, ValueKind.Phone, ValueKind.Code];

    public static UpdateQuestion Of(Statement question)
    {
        var tokens = question.Wording.Tokens;
        var hasPastVerb = question.Language == Languages.English && tokens.Any(static token => PastVerbs.Contains(token.Folded));
        var asksPast = Past.IsIn(question.Wording)
            || (hasPastVerb && tokens.Any(static token => FindValues.IsMonthOrWeekday(token.Folded)));
        var text = $" {string.Join(' ', tokens.Select(static token => token.Folded))} ";
        List<ValueKind> types = [];
        if (SaysAny(question, text, TimeWords))
            types.AddRange(Times);
        if (SaysAny(question, text, QuantityWords))
            types.AddRange(Quantities.Where(type => !types.Contains(type)));
        // "When will we meet?" asks for the plan that holds.
        var isSupposed = tokens.Any(token => token.Folded is "would" or "could" or "might" || (token.Folded == "will" && types.Count == 0));
        var isPresent = !asksPast && !hasPastVerb && !isSupposed;
        return new UpdateQuestion(question, asksPast, isPresent, types);
    }

    /// <summary>How near a statement is to it, a cosine; 0 where either has no vector.</summary>
    public double Near(Statement statement) => Prototypes.Cosine(Statement.Vector, statement.Vector);

    /// <summary>The share of its weight that the statements say together, 0..1.</summary>
    public double CoveredBy(IReadOnlyList<Statement> statements)
    {
        var words = Statement.Words;
        var weight = 0.0;
        for (var i = 0; i < words.Count && Statement.Weight > 0; i++)
        {
            for (var each = 0; each < statements.Count; each++)
            {
                if (!statements[each].Words.ContainsKey(words.Keys[i]))
                    continue;
                weight += words.WeightAt(i);
                break;
            }
        }

        return weight > 0 ? weight / Statement.Weight : 0;
    }

    /// <summary>The share of its weight that one statement says, 0..1.</summary>
    public double CoveredBy(Statement statement) => Statement.Weight <= 0 ? 0 : WeightIn(statement) / Statement.Weight;

    /// <summary>The weights of its words that a statement says too, together.</summary>
    public double WeightIn(Statement statement)
    {
        var words = Statement.Words;
        var weight = 0.0;
        for (var i = 0; i < words.Count; i++)
            weight += statement.Words.ContainsKey(words.Keys[i]) ? words.WeightAt(i) : 0;
        return weight;
    }

    /// <summary>Whether a statement says any of its words.</summary>
    public bool IsTouchedBy(Statement statement)
    {
        var words = Statement.Words.Keys;
        for (var i = 0; i < words.Count; i++)
        {
            if (statement.Words.ContainsKey(words[i]))
                return true;
        }

        return false;
    }

    /// <summary>Whether a statement says all of its words that another one says.</summary>
    public bool AllOfIn(Statement other, Statement statement)
    {
        var words = Statement.Words.Keys;
        for (var i = 0; i < words.Count; i++)
        {
            if (other.Words.ContainsKey(words[i]) && !statement.Words.ContainsKey(words[i]))
                return false;
        }

        return true;
    }

    /// <summary>Whether two statements give different values of a type that it asks for.</summary>
    public bool AsksForWhatDiffers(StatementPair pair)
    {
        for (var i = 0; i < Types.Count; i++)
        {
            if (pair.Differs(Types[i]))
                return true;
        }

        return false;
    }

    private static bool AsksForSeveral(Statement question)
    {
        var words = question.Wording.Tokens.Where(static token => token.IsWord).Select(static token => token.Folded).ToList();
        if (question.Language != Languages.English || words.Count < 2)
            return false;
        var isPlural = words[0] is "what" or "which" && words[1].Length > 3 && words[1] is not "does" && words[1][^1] == 's'
            && words[1][^2] is not ('s' or 'u' or 'i');
        return isPlural || (words.FindIndex(static word => word is "has" or "have") is var at and >= 0 && at < words.Count - 1
            && !words.Contains("do") && !words.Contains("does"));
    }

    private static string[] Padded(params string[] words) => [.. words.Select(static word => $" {word} ")];

    // Of a language that writes no spaces a word need not stand apart.
    private static bool SaysAny(Statement question, string text, string[] padded)
    {
        foreach (var word in padded)
        {
            if (question.Wording.IsUnspaced
                ? question.Wording.Text.AsSpan().Contains(word.AsSpan()[1..^1], StringComparison.Ordinal)
                : text.Contains(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
