using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>What a recall asks of the memories, beside its query.</summary>
/// <param name="Session">The session the query names, or null.</param>
/// <param name="Heads">How far the memories had come when it was asked.</param>
/// <param name="Floor">What the turns' scores are relative to.</param>
internal sealed record MemoryQuestion(
    RecallQuery Query, Session? Session, IReadOnlyList<PartitionHead> Heads, string Intent, RankMaxima Floor, DateTimeOffset Now);

/// <summary>
/// The part of recall that finds episodes, facts and what agents wrote: ranked as turns are, then masked by status, time,
/// owner and filter as the stored records say, and scored by tier.
/// </summary>
/// <param name="index">Over <see cref="IMemoryStore.MemoryFeed"/>.</param>
public sealed class MemoryArm(RecallIndex index, IMemoryStore store, SalienceCurve curve, TierRules rules)
{
    /// <summary>Whether a query can be answered with memories at all: they have no speaker and no live window.</summary>
    internal static bool IsAsked(RecallQuery query) =>
        query.Filter is not { Role: not null } and not { Name: not null }
        && (query.Kinds?.Any(static kind => kind != "turn") ?? true)
        && (query.Tiers?.Any(static tier => tier != "working") ?? true);

    /// <summary>How far the turns of some partitions (null: of all), and the memories that the query may look at, have come.</summary>
    internal ValueTask<ScopeHeads> ReadHeadsAsync(
        RecallQuery query, Session? session, IReadOnlyList<PartitionKey>? turns, CancellationToken cancel) =>
        store.ReadHeadsAsync(query.Tenant, turns, PartitionsOf(query, session), cancel);

    /// <summary>All memories that a recall may look at, for what words they have.</summary>
    internal async ValueTask<RankScope> ReadScopeAsync(IReadOnlyList<PartitionHead> heads, CancellationToken cancel)
    {
        var snapshots = await index.ReadAsync(heads, cancel);
        return new RankScope(snapshots, [.. snapshots.Select(static _ => (TurnMask?)null)]);
    }

    /// <summary>The memories of a scope as they are ranked; null when there are none. And the watermark they were read at.</summary>
    internal async Task<(MemorySource? Source, long Watermark)> FindAsync(
        MemoryQuestion question, RankQuery asked, RankLane lane, CancellationToken cancel)
    {
        var query = question.Query;
        var snapshots = await index.ReadAsync(question.Heads, cancel);
        var watermark = 0L;
        foreach (var snapshot in snapshots)
            watermark += snapshot.Watermark;
        var mask = MaskOf(query);
        var scope = new RankScope(snapshots, [.. snapshots.Select(_ => mask)]);
        if (scope.Turns == 0)
            return (null, watermark);
        var score = new ScoreMemory(curve, rules, question.Intent, question.Now);
        return (new MemorySource(query, scope, asked with { Subject = Subject.Nobody, Floor = question.Floor, OfDocuments = true }, lane,
            Admit, score.BoundOf), watermark);

        ValueTask<IReadOnlyList<Candidate>> Admit(IReadOnlyList<RankedTurn> ranked, CancellationToken each) =>
            AdmitAsync(question, score, ranked, each);
    }

    // What is wider than a user lies in the partition of no user.
    private static IReadOnlyList<PartitionKey>? PartitionsOf(RecallQuery query, Session? session)
    {
        if (query is { UserId: null, SessionId: null })
            return null;
        return new[] { query.UserId, session?.UserId, null }
            .Distinct(StringComparer.Ordinal).Select(user => new PartitionKey(query.Tenant, user)).ToArray();
    }

    private static TurnMask? MaskOf(RecallQuery query) => new TurnMask(
        OccurredFrom: Timestamp.Of(query.Filter?.OccurredFrom), OccurredTo: Timestamp.Of(query.Filter?.OccurredTo)).OrNull;

    private async ValueTask<IReadOnlyList<Candidate>> AdmitAsync(
        MemoryQuestion question, ScoreMemory score, IReadOnlyList<RankedTurn> ranked, CancellationToken cancel)
    {
        var query = question.Query;
        var current = (await store.FindMemoriesAsync(query.Tenant, [.. ranked.Select(static each => each.SessionId)], cancel))
            .ToDictionary(static memory => memory.Id, StringComparer.Ordinal);
        var admitted = new List<Candidate>(ranked.Count);
        foreach (var candidate in ranked)
        {
            if (current.TryGetValue(candidate.SessionId, out var found)
                && await SelectAsync(question, found, cancel) is { } memory
                && index.LeftOut.Read(query.Tenant, memory.Id, () => Allows(query, memory))
                && ScopePolicy.PlaceOf(query, question.Session?.UserId, memory.Owner) is { } place
                && score.Score(memory, candidate.Parts, place) is { Score: > 0 } scored)
                admitted.Add(new Candidate(candidate, scored.Score) { Memory = memory, Tier = scored.Tier });
        }

        return admitted;
    }

    private async ValueTask<MemoryRecord?> SelectAsync(MemoryQuestion question, MemoryRecord current, CancellationToken cancel)
    {
        var query = question.Query;
        var asOf = query.AsOf ?? new AsOf(null, null);
        var versions = asOf.Known is null || current.Status == MemoryStatus.Erased
            ? [current]
            : await store.ReadHistoryAsync(query.Tenant, current.Id, cancel);
        return AsOfPolicy.Select(versions, asOf, query.WithArchived, question.Now);
    }

    private static bool Allows(RecallQuery query, MemoryRecord memory) =>
        (query.Kinds is null || query.Kinds.Contains(memory.Kind, StringComparer.Ordinal))
        && (query.Tiers is null || query.Tiers.Contains(TierOf(memory), StringComparer.Ordinal))
        && MetadataFilter.Allows(query.Filter?.Metadata, memory.Metadata);

    private static string TierOf(MemoryRecord memory) => memory.Tier == MemoryTier.Episodic ? "episodic" : "semantic";

    /// <summary>A memory as an answer shows it.</summary>
    internal static RecalledItem Present(RecallQuery query, RankQuery asked, Candidate candidate)
    {
        var memory = candidate.Memory!;
        return new RecalledItem(
            memory.Id, memory.Kind, TierOf(memory), memory.Content, candidate.Score, candidate.Ranked.Relevance,
            MemoryDocument.ToTurn(memory),
            query.Explain ? Explain(asked with { Neural = null }, candidate.Ranked, memory.Content) with { Tier = candidate.Tier } : null)
        {
            Memory = memory,
        };
    }

    internal static ScoreExplanation Explain(RankQuery question, RankedTurn ranked, string content) => new(
        ranked.Parts.Lexical, ranked.Parts.Vector, ranked.Parts.Smoothing, ranked.Parts.Session, ranked.Parts.Subject,
        [.. question.Terms.Where(term => Relevance.Says(ranked.Partition, ranked.Turn, term.Hash))
        .Select(term => ShowTerm.In(term, content))],
        ranked.Parts.Multiplier,
        question.Neural?.Model ?? (ranked.Parts.Meaning is { Piece: > 0 } or { Context: > 0 } ? question.Meaning?.Space.Model : null))
    {
        Quote = ranked.Parts.Quote,
        Meaning = ranked.Parts.Meaning == default ? null : ranked.Parts.Meaning.Explain(),
    };
}
