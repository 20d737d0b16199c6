using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>What a recall asks of the memories, beside its query.</summary>
/// <param name="Session">The session the query names, or null.</param>
/// <param name="Floor">What the turns' scores are relative to.</param>
internal sealed record MemoryQuestion(RecallQuery Query, Session? Session, string Intent, RankMaxima Floor, DateTimeOffset Now);

/// <summary>
/// The part of recall that finds episodes, facts and what agents wrote: ranked as turns are, then masked by status, time,
/// owner and filter as the stored records say, and scored by tier.
/// </summary>
/// <param name="index">Over <see cref="IMemoryStore.MemoryFeed"/>.</param>
public sealed class MemoryArm(RecallIndex index, IMemoryStore store, SalienceCurve curve, TierRules rules)
{
    private const int CandidatesPerItem = 4;
    private const int Growth = 4;
    private const int RankedMax = 6_400;

    /// <summary>Whether a query can be answered with memories at all: they have no speaker and no live window.</summary>
    internal static bool IsAsked(RecallQuery query) =>
        query.Filter is not { Role: not null } and not { Name: not null }
        && (query.Kinds?.Any(static kind => kind != "turn") ?? true)
        && (query.Tiers?.Any(static tier => tier != "working") ?? true);

    /// <summary>Memories by descending score, a few times as many as asked for; and the watermark they were read at.</summary>
    internal async Task<(IReadOnlyList<RecalledItem> Items, long Watermark)> FindAsync(
        MemoryQuestion question, QueryAnalyzer analyze, RankLane lane, CancellationToken cancel)
    {
        var query = question.Query;
        var snapshots = await index.ReadAsync(query.Tenant, PartitionsOf(question), cancel);
        var watermark = snapshots.Sum(static snapshot => snapshot.Watermark);
        var scope = new RankScope(snapshots, [.. snapshots.Select(_ => MaskOf(query))]);
        if (scope.Turns == 0)
            return ([], watermark);
        var asked = analyze.Analyze(query.Query, scope) with { Subject = Subject.Nobody, Floor = question.Floor };
        var wanted = query.Limit * CandidatesPerItem;
        var items = new List<RecalledItem>(wanted);
        var seen = 0;
        for (var limit = wanted; items.Count < wanted; limit *= Growth)
        {
            var ranked = await lane.RankAsync(scope, asked, limit, cancel);
            await AddAsync(question, asked, [.. ranked.Skip(seen)], items, cancel);
            seen = ranked.Count;
            if (ranked.Count < limit || limit >= RankedMax)
                break;
        }

        items.Sort(static (left, right) => Compare(left, right));
        return (items, watermark);
    }

    private static int Compare(RecalledItem left, RecalledItem right) =>
        right.Score.CompareTo(left.Score) is var byScore and not 0 ? byScore : string.CompareOrdinal(left.Id, right.Id);

    // What is wider than a user lies in the partition of no user.
    private static IReadOnlyList<PartitionKey>? PartitionsOf(MemoryQuestion question)
    {
        var query = question.Query;
        if (query is { UserId: null, SessionId: null })
            return null;
        return new[] { query.UserId, question.Session?.UserId, null }
            .Distinct(StringComparer.Ordinal).Select(user => new PartitionKey(query.Tenant, user)).ToArray();
    }

    private static TurnMask? MaskOf(RecallQuery query) => new TurnMask(
        OccurredFrom: Timestamp.Of(query.Filter?.OccurredFrom), OccurredTo: Timestamp.Of(query.Filter?.OccurredTo)).OrNull;

    private async Task AddAsync(
        MemoryQuestion question, RankQuery asked, IReadOnlyList<RankedTurn> ranked, List<RecalledItem> items, CancellationToken cancel)
    {
        var query = question.Query;
        var candidates = ranked.Where(each => each.Relevance >= (query.MinScore ?? 0)).ToArray();
        if (candidates.Length == 0)
            return;
        var current = (await store.FindMemoriesAsync(query.Tenant, Array.ConvertAll(candidates, static each => each.SessionId), cancel))
            .ToDictionary(static memory => memory.Id, StringComparer.Ordinal);
        var score = new ScoreMemory(curve, rules, question.Intent, question.Now);
        foreach (var candidate in candidates)
        {
            if (current.TryGetValue(candidate.SessionId, out var found)
                && await SelectAsync(query, found, cancel) is { } memory
                && index.LeftOut.Read(query.Tenant, memory.Id, () => Allows(query, memory))
                && ScopePolicy.PlaceOf(query, question.Session?.UserId, memory.Owner) is { } place)
            {
                var item = Present(query, asked, candidate, memory, score.Score(memory, candidate.Parts, place));
                if (item.Score > 0)
                    items.Add(item);
            }
        }
    }

    private async ValueTask<MemoryRecord?> SelectAsync(RecallQuery query, MemoryRecord current, CancellationToken cancel)
    {
        var asOf = query.AsOf ?? new AsOf(null, null);
        var versions = asOf.Known is null || current.Status == MemoryStatus.Erased
            ? [current]
            : await store.ReadHistoryAsync(query.Tenant, current.Id, cancel);
        return AsOfPolicy.Select(versions, asOf, query.WithArchived);
    }

    private static bool Allows(RecallQuery query, MemoryRecord memory) =>
        (query.Kinds is null || query.Kinds.Contains(memory.Kind, StringComparer.Ordinal))
        && (query.Tiers is null || query.Tiers.Contains(TierOf(memory), StringComparer.Ordinal))
        && MetadataFilter.Allows(query.Filter?.Metadata, memory.Metadata);

    private static string TierOf(MemoryRecord memory) => memory.Tier == MemoryTier.Episodic ? "episodic" : "semantic";

    private static RecalledItem Present(
        RecallQuery query, RankQuery asked, RankedTurn ranked, MemoryRecord memory, (double Score, TierExplanation Tier) scored) => new(
        memory.Id, memory.Kind, TierOf(memory), memory.Content, scored.Score, ranked.Relevance, MemoryDocument.ToTurn(memory),
        query.Explain ? Explain(asked, ranked) with { Tier = scored.Tier } : null)
    {
        Memory = memory,
    };

    internal static ScoreExplanation Explain(RankQuery question, RankedTurn ranked) => new(
        ranked.Parts.Lexical, ranked.Parts.Vector, ranked.Parts.Smoothing, ranked.Parts.Session, ranked.Parts.Subject,
        [.. question.Terms.Where(term => Relevance.Says(ranked.Partition, ranked.Turn, term.Hash)).Select(static term => term.Text)],
        ranked.Parts.Multiplier,
        question.Neural?.Model ?? (ranked.Parts.Meaning is { Piece: > 0 } or { Context: > 0 } ? question.Meaning?.Space.Model : null))
    {
        Quote = ranked.Parts.Quote,
        Meaning = ranked.Parts.Meaning == default ? null : ranked.Parts.Meaning.Explain(),
    };
}
