using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Dates;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Fact candidates of one distillation: statements that matter enough, made self-contained, each once. An assistant's turns
/// give only what is said to be agreed or decided; what it explains is nobody's fact.
/// </summary>
internal sealed class ExtractFacts(FindEntities entities, PersonPronouns pronouns)
{
    /// <summary>Importance of a fact in the third person at least, and of one that can only be quoted.</summary>
    private const double RewrittenMin = 0.3;
    private const double QuotedMin = 0.38;

    /// <summary>What matters only as something one did (0.307) must also say something: "I went to an event" does not.</summary>
    private const double FullMin = 0.31;
    private const int TermsMin = 4;
    private const double ClaimBonus = 0.25;
    private const int FullTermsMin = 5;
    private const double FullBonus = 0.16;
    private const double AnswerImportance = 0.4;

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly TextAnalyzer analyzer = new();

    /// <summary>
    /// Candidates of the sentences of one episode in the order of their turns, the most important when there are too many.
    /// </summary>
    public IReadOnlyList<FactCandidate> Extract(IReadOnlyList<Turn> turns, IReadOnlyList<WeighedSentence> sentences, int factsMax)
    {
        var found = new List<(FactCandidate Fact, int Order)>();
        Sentence? before = null;
        for (var i = 0; i < sentences.Count; i++)
        {
            var spoken = pronouns.WithoutCall(sentences[i].Sentence);
            var resolved = ResolvePronoun.Of(spoken, before, entities);
            var asked = resolved.Text != spoken.Text && before!.Turn != resolved.Turn ? turns[before.Turn] : null;
            before = resolved;
            if ((FromSentence(turns, sentences[i] with { Sentence = resolved }, asked) ?? FromAnswer(turns, sentences, i)) is { } fact)
                found.Add((fact, i));
        }

        return [.. found
            .OrderByDescending(static pair => pair.Fact.Importance).ThenBy(static pair => pair.Order)
            .Where(pair => seen.Add(KeyOf(pair.Fact)))
            .Take(Math.Max(0, factsMax))
            .OrderBy(static pair => pair.Order).Select(static pair => pair.Fact)];
    }

    /// <param name="asked">The turn that names whom the sentence is about, where it is another one.</param>
    private FactCandidate? FromSentence(IReadOnlyList<Turn> turns, WeighedSentence weighed, Turn? asked)
    {
        var (sentence, turn) = (weighed.Sentence, turns[weighed.Sentence.Turn]);
        if (Statement.Of(sentence) is not { } whole
            || StandAlone.Of(whole, sentence.Speaker.Name, said => FindClaim.In(said, sentence.Speaker),
            ImportancePolicy.IsLifeEvent) is not { } statement)
            return null;
        if (!sentence.Speaker.IsPerson)
            return Agreed.IsMatch(statement) ? Make(turn, sentence.Speaker, statement, null, weighed.Importance) : null;
        if (Dangling.IsMatch(statement))
            return null;
        var claim = FindClaim.In(statement, sentence.Speaker);
        var names = entities.In(statement);
        if (claim is null && !HasSubject(statement, names))
            return null;
        var importance = ImportancePolicy.Of(statement, names.Count);
        if (claim is not null)
            importance = 1 - ((1 - importance) * (1 - ClaimBonus));
        var fact = Make(turn, sentence.Speaker, statement, claim, importance);
        return asked is null || fact is null ? fact : fact with { Sources = [SourceOf(asked), .. fact.Sources] };
    }

    private FactCandidate? FromAnswer(IReadOnlyList<Turn> turns, IReadOnlyList<WeighedSentence> sentences, int at)
    {
        if (at == 0 || sentences[at].Sentence.Index != 0 || sentences[at - 1].Sentence.Turn != sentences[at].Sentence.Turn - 1)
            return null;
        var (question, answer) = (sentences[at - 1].Sentence, sentences[at].Sentence);
        if (AnswerPolicy.Pair(question, answer, entities.In(answer.Text).Count) is not { } content)
            return null;
        var (asked, answered) = (turns[question.Turn], turns[answer.Turn]);
        return new FactCandidate(
            content, FactKinds.Fact, null, [SourceOf(asked), SourceOf(answered)], EntitiesOf(content, answer.Speaker), AnswerImportance,
            answered.OccurredAt, null);
    }

    private static SourceTurn SourceOf(Turn turn) => new(turn.SessionId, turn.Id, turn.Seq);

    private FactCandidate? Make(Turn turn, Speaker speaker, string statement, FoundClaim? claim, double importance)
    {
        var dates = ResolveDates.Find(statement, turn.OccurredAt);
        // "The deadline is Friday" stands for nobody's deadline without who said it.
        var needsSpeaker = !speaker.IsPerson || (claim is not null && !FirstPersonEarly.IsMatch(statement));
        // Who, what and when: what is told in full is worth more than its words alone.
        var terms = TermsOf(statement).Count;
        if (terms >= FullTermsMin && (dates.Count > 0 || claim is { Claim.IsSingleValued: true }))
            importance = 1 - ((1 - importance) * (1 - FullBonus));
        var content = needsSpeaker ? null : RewriteStatement.TryRewrite(statement, speaker, pronouns.Of(speaker), dates);
        if (importance < (content is null ? QuotedMin : RewrittenMin) || (importance < FullMin && terms < TermsMin))
            return null;
        var from = BeginOf(statement, dates, turn.OccurredAt);
        content ??= RewriteStatement.Quote(statement, speaker, dates);
        return new FactCandidate(
            content,
            claim?.Kind ?? FactKinds.Fact,
            claim?.Claim,
            [SourceOf(turn)],
            EntitiesOf(content, speaker),
            importance,
            from,
            claim is { IsEnding: true } ? from : null)
        {
            PlannedUntil = PlanPolicy.EndOf(dates, turn.OccurredAt),
        };
    }

    /// <summary>
    /// The first date named, unless it is but a limit, or still to come in a sentence about the past ("I booked it for May").
    /// </summary>
    private static DateTimeOffset BeginOf(string statement, IReadOnlyList<ResolvedDate> dates, DateTimeOffset said)
    {
        var today = DateOnly.FromDateTime(said.DateTime);
        if (dates.Count == 0 || IsDeadline.IsMatch(statement) || (dates[0].From > today && EnglishDates.TenseOf(statement) < 0))
            return said;
        // For the day of the turn itself, the turn's own time is the more exact one. A day of the calendar begins at its midnight, UTC.
        return dates[0].From == today ? said : new DateTimeOffset(dates[0].From, TimeOnly.MinValue, TimeSpan.Zero);
    }

    private List<string> EntitiesOf(string content, Speaker speaker)
    {
        var names = entities.In(content).ToList();
        if (!speaker.Name.StartsWith("the ", StringComparison.Ordinal) && !names.Contains(speaker.Name))
            names.Insert(0, speaker.Name);
        return names;
    }

    /// <summary>Somebody or something known does it: the speaker early in the sentence, or a name at its start.</summary>
    private static bool HasSubject(string statement, IReadOnlyList<string> names) =>
        IsSubject.IsMatch(statement) || names.Any(name => statement.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Two facts of the same words are one.</summary>
    private string KeyOf(FactCandidate fact) => string.Join(' ', TermsOf(fact.Content).Order());

    private HashSet<ulong> TermsOf(string text)
    {
        var terms = new List<ulong>();
        analyzer.Analyze(text, terms);
        return [.. terms];
    }

    private static readonly Pattern Agreed = Pattern.AnyCase(
        @"\b(we|you and i|you)( have|['’]ve)? (agreed|decided|settled)\b|\bas (agreed|decided)\b");

    private static readonly Pattern FirstPersonEarly = Pattern.AnyCase(@"^(\S+\s+){0,7}?(i|we|i['’]\w+|we['’]\w+|my|our|me)\b");

    // "My dog" at the beginning is a subject; "… turn my dream into a reality" has another.
    private static readonly Pattern IsSubject = Pattern.AnyCase(
        @"^(\S+\s+){0,7}?(i|we|i['’]\w+|we['’]\w+)\b|^(\S+\s+){0,4}?(my|our|me)\b");

    private static readonly Pattern Dangling = Pattern.AnyCase(
        @"^(\S+\s+){1,4}?it\b|^(\S+\s+){1,7}?(them|him)\b"
        + @"|^(\S+\s+){1,4}?(her|this|that|those|these|there|one|ones|some|more)"
        + @"(\s*$|\s*[,.;]|\s+(and|but|so|because|for|when|up|out|in|on|to|at|after|with|before|really|too|already)\b)");

    private static readonly Pattern IsDeadline = Pattern.AnyCase(@"\b(deadline|due|by (the )?(end|[0-9]|\p{L}+ [0-9]))\b");
}
