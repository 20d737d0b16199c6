using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Erasures;

public enum RedactionDecision
{
    /// <summary>It rests on none of the erased turns.</summary>
    Keep,

    /// <summary>It loses the erased sources; the remaining ones say what it says, or a part of it, in whose words it then is.</summary>
    Redact,

    /// <summary>Its content may come from what was erased: erase it (<see cref="EraseMemory"/>).</summary>
    Erase,

    /// <summary>An episode: erase it, and distil the remaining turns anew.</summary>
    NeedsRedistillation,
}

/// <summary>What becomes of a memory when turns it cites are erased.</summary>
/// <param name="Write">The next version, when the decision is Redact; else null.</param>
/// <param name="Redacted">Earlier versions as they must read from now on, when the decision is Redact.</param>
/// <param name="Remaining">The sources that are left.</param>
public sealed record MemoryRedaction(
    RedactionDecision Decision, MemoryWrite? Write, IReadOnlyList<MemoryRecord> Redacted, IReadOnlyList<SourceTurn> Remaining);

/// <summary>
/// Keeps what was erased from living on in what was derived from it. Which source gave a fact its wording is not stored, so
/// the safe rule holds: a memory that cites an erased turn is erased, unless a remaining source alone says the same: its text
/// contains the content, or one of its sentences is a near-duplicate of it. A fact that was merged falls back to what the remaining
/// sources tell of the same matter: its last version that rests on none but them, or else what the rules find in one of their turns.
/// </summary>
public sealed class RedactSources(ConsolidationRules rules, IEmbedder embedder)
{
    private readonly NearDuplicatePolicy duplicates = new(rules);
    private readonly ExtractiveDistiller distiller = new(embedder);

    /// <param name="history">All versions, oldest first; at least one.</param>
    /// <param name="erased">Turns that are erased now or were before.</param>
    /// <param name="textOf">The text of a remaining turn; null when it is not to be had, which says nothing.</param>
    /// <param name="factsOf">What a remaining turn tells by itself; null: not to be had.</param>
    public MemoryRedaction Redact(
        IReadOnlyList<MemoryRecord> history, IReadOnlySet<SourceTurn> erased, Func<SourceTurn, string?> textOf, string operation,
        DateTimeOffset now, Func<SourceTurn, IReadOnlyList<FactCandidate>>? factsOf = null)
    {
        var current = history[^1];
        var remaining = current.Sources.Where(source => !erased.Contains(source)).ToList();
        var isTouched = history.Any(version => version.Sources.Any(erased.Contains));
        if (current.Status == MemoryStatus.Erased || !isTouched)
            return new MemoryRedaction(RedactionDecision.Keep, Write: null, [], remaining);
        if (current.Kind == "episode" && remaining.Count > 0)
            return new MemoryRedaction(RedactionDecision.NeedsRedistillation, Write: null, [], remaining);
        var texts = remaining.Select(textOf).OfType<string>().ToList();
        var said = texts.Exists(text => Says(text, current.Content))
            ? current : FallBack(history, erased, factsOf is null ? [] : remaining.SelectMany(factsOf));
        if (said is null)
            return new MemoryRedaction(RedactionDecision.Erase, Write: null, [], remaining);

        var redacted = OnlyWhatIsSaid(said, remaining, texts);
        var write = MemoryVersions.Next(current, redacted, MemoryChange.Redacted, operation, now);
        return new MemoryRedaction(RedactionDecision.Redact, write,
            [.. history.Select(version => Redact(version, said, erased, texts))], remaining);
    }

    /// <summary>What a turn tells by itself; nothing where it cannot be read.</summary>
    public IReadOnlyList<FactCandidate> FactsOf(Turn turn) => UnreadableText.Is(turn.Content) ? [] : distiller.FactsOf(turn);

    // What an agent wrote or changed is no wording of its sources.
    private MemoryRecord? FallBack(
        IReadOnlyList<MemoryRecord> history, IReadOnlySet<SourceTurn> erased, IEnumerable<FactCandidate> told)
    {
        var current = history[^1];
        if (current.Tier != MemoryTier.Semantic || current.Origin == WriteMemory.Origin
            || history.Any(static version => version.Change == MemoryChange.Edited))
            return null;
        var before = history.LastOrDefault(version =>
            RestsOnNoneOf(version, erased) && version.Sources.All(current.Sources.Contains));
        if (before is not null)
            return MergePolicy.InWordsOf(current, before);
        return FindTold(current, told) is { } part ? MergePolicy.InWordsOf(current, part) : null;
    }

    private FactCandidate? FindTold(MemoryRecord fact, IEnumerable<FactCandidate> told)
    {
        var held = Telling.Of(fact, embedder);
        return told.Select(candidate => (Candidate: candidate, Telling: Telling.Of(candidate, FactText.Of(candidate.Content, embedder))))
            .Where(each => each.Telling.IsPartOf(held) || held.IsPartOf(each.Telling)
            || duplicates.Compare(each.Telling.Text, each.Telling.Claim, held.Text, held.Claim) == Distinction.None)
            .OrderByDescending(static each => each.Telling.Text.Stems.Count).Select(static each => each.Candidate).FirstOrDefault();
    }

    private static bool RestsOnNoneOf(MemoryRecord version, IReadOnlySet<SourceTurn> erased) =>
        version.Content.Length > 0 && version.Sources.Count > 0 && !version.Sources.Any(erased.Contains);

    // An earlier version may have had another wording, taken from a turn that is now erased.
    private static MemoryRecord Redact(MemoryRecord version, MemoryRecord said, IReadOnlySet<SourceTurn> erased, List<string> texts) =>
        RestsOnNoneOf(version, erased) ? version : version.Content == said.Content
            ? OnlyWhatIsSaid(version, [.. version.Sources.Where(source => !erased.Contains(source))], texts)
            : EraseMemory.WithoutContent(version);

    private static MemoryRecord OnlyWhatIsSaid(MemoryRecord version, List<SourceTurn> sources, List<string> texts)
    {
        var said = texts.ConvertAll(NormalizedText.Of);
        bool IsSaid(string word) => Contains(NormalizedText.Of(version.Content), word) || said.Exists(text => Contains(text, word));
        return version with
        {
            Sources = sources,
            Topics = [.. version.Topics.Where(IsSaid)],
            Entities = [.. version.Entities.Where(IsSaid)],
            Aliases = version.Origin == WriteMemory.Origin ? version.Aliases : [.. version.Aliases.Where(IsSaid)],
            Claim = version.Claim is { } claim && IsSaid(claim.Value) ? claim : null,
            Metadata = version.Origin == WriteMemory.Origin ? version.Metadata : FactKind.ToMetadata(FactKind.Of(version)),
        };
    }

    private bool Says(string text, string content)
    {
        if (Contains(NormalizedText.Of(text), content))
            return true;
        var wanted = FactText.Of(content, embedder);
        foreach (var sentence in SentencesOf(text))
        {
            if (duplicates.Compare(wanted, FactText.Of(sentence, embedder)) == Distinction.None)
                return true;
        }

        return false;
    }

    private static bool Contains(string form, string part) =>
        $" {form} ".Contains($" {NormalizedText.Of(part)} ", StringComparison.Ordinal);

    private static IEnumerable<string> SentencesOf(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = Sentences.LengthOfFirst(text.AsSpan(start));
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
