using MemoryOrleans.Embeddings;
using MemoryOrleans.Facts;
using MemoryOrleans.Facts.Extraction;
using MemoryOrleans.Kinds;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Episodes;

/// <summary>
/// The default distiller: it chooses sentences, resolves dates and rewrites the first person, all by rule. It needs no model
/// but the local embedder, gives the same answer for the same turns in every culture, and completes synchronously. Summaries
/// and topics work in any language, facts are found in English only (docs/distillation.md).
/// </summary>
public sealed class ExtractiveDistiller(IEmbedder embedder) : IDistiller
{
    /// <summary>Raised when what is made of the same turns changes.</summary>
    public const string Origin = "extractive-1";

    public ValueTask<Distillation> DistilAsync(
        Session session, IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, DistillationLimits limits, CancellationToken cancel) =>
        ValueTask.FromResult(Distil(before, turns, limits, cancel));

    /// <summary>What a turn tells by itself, without what was said before it.</summary>
    public IReadOnlyList<FactCandidate> FactsOf(Turn turn) =>
        [.. Distil([], [turn], new DistillationLimits(), CancellationToken.None).Facts.Select(ReadFactKind.Mark)];

    private Distillation Distil(IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, DistillationLimits limits, CancellationToken cancel)
    {
        var entities = new FindEntities();
        var pronouns = new PersonPronouns();
        pronouns.Read(ReadNames(before, entities));
        var sentences = ReadNames(turns, entities);
        pronouns.Read(sentences);
        var extract = new ExtractFacts(entities, pronouns);
        var (episodes, facts) = (new List<EpisodeDraft>(), new List<FactCandidate>());
        foreach (var range in SegmentTurns.Split(turns, limits.TurnsMax, embedder))
        {
            cancel.ThrowIfCancellationRequested();
            var (start, length) = range.GetOffsetAndLength(turns.Count);
            var weighed = sentences
                .Where(sentence => sentence.Turn >= start && sentence.Turn < start + length)
                .Select(sentence => new WeighedSentence(sentence, ImportancePolicy.Of(sentence.Text, entities.In(sentence.Text).Count)))
                .ToList();
            episodes.Add(Describe([.. turns.Skip(start).Take(length)], weighed, entities, limits));
            facts.AddRange(extract.Extract(turns, weighed, limits.FactsMax));
        }

        return new Distillation(episodes, facts, Origin);
    }

    /// <summary>The sentences of the turns; the names in them become known.</summary>
    internal static List<Sentence> ReadNames(IReadOnlyList<Turn> turns, FindEntities entities)
    {
        var sentences = new List<Sentence>();
        for (var i = 0; i < turns.Count; i++)
        {
            var speaker = Speaker.Of(turns[i].Role, turns[i].Name);
            if (turns[i].Name is not null)
                entities.Know(speaker.Name);
            SplitTurn.Split(turns[i].Content, i, speaker, sentences);
        }

        foreach (var sentence in sentences)
            entities.Read(sentence.Text);
        return sentences;
    }

    private EpisodeDraft Describe(Turn[] turns, List<WeighedSentence> sentences, FindEntities entities, DistillationLimits limits)
    {
        var speakers = turns.Where(static turn => turn.Name is not null).Select(static turn => Speaker.Of(turn.Role, turn.Name).Name)
            .Distinct(StringComparer.Ordinal).ToList();
        var named = new Dictionary<string, int>();
        foreach (var name in sentences.SelectMany(sentence => entities.In(sentence.Sentence.Text)))
            named[name] = named.GetValueOrDefault(name) + 1;
        var summary = SummarizeTurns.Summarize(sentences, limits.SummaryTokensMax, embedder);
        return new EpisodeDraft(
            summary,
            PickTopics.Pick(sentences, speakers),
            [.. speakers.Concat(named.OrderByDescending(static name => name.Value).ThenBy(static name => name.Key, StringComparer.Ordinal)
            .Select(static name => name.Key)).Distinct(StringComparer.Ordinal).Take(EntitiesMax)],
            [.. turns.Select(static turn => new SourceTurn(turn.SessionId, turn.Id, turn.Seq))],
            ImportancePolicy.OfRun(sentences.Select(static sentence => sentence.Importance)),
            turns.Min(static turn => turn.OccurredAt),
            turns.Max(static turn => turn.OccurredAt));
    }

    /// <summary>Names an episode lists.</summary>
    private const int EntitiesMax = 24;
}
