using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Sessions;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Gateway.Recall;

/// <summary>The core's recall as records of the contract.</summary>
internal static class RecallMapping
{
    private const int ScoreDigits = 6;

    // Finer than the score, so that the parts still sum to it within 1e-6 after rounding.
    private const int PartDigits = 9;

    public static RecallResponse ToResponse(this RecallResult result, TimeSpan took, ContentBudget contents) => new(
        result.Items.Select(item => ToResponse(item, contents)).ToArray(),
        result.Intent,
        result.Degraded.Count > 0,
        result.Degraded,
        result.Watermark,
        result.EvaluatedAt,
        Math.Round(took.TotalMilliseconds, 3))
    {
        Cut = new CutResponse(result.BelowScore, result.OverBudget),
    };

    private static RecalledItemResponse ToResponse(RecalledItem item, ContentBudget contents) => new(
        item.Id,
        item.Kind,
        item.Tier,
        contents.Take(item.Content, out var isSnippet),
        Math.Round(item.Score, ScoreDigits),
        Math.Round(item.Relevance, ScoreDigits),
        item.SessionId,
        item.Sources.Select(static source => source.TurnId).ToArray(),
        item.Sources.Select(static source => new SourceResponse(source.SessionId, source.TurnId, source.Seq)).ToArray(),
        item.Turn.OccurredAt,
        item.Memory is null ? item.Turn.Role : null,
        item.Turn.Name,
        SessionMapping.MetadataOf(item.Turn),
        item.Explanation is { } parts
        ? ToResponse(parts) with { Update = item.Update?.Part is { } part and not 0 ? Math.Round(part, PartDigits) : null } : null,
        item.Update is { } update ? new UpdateNoteResponse(update.Rule, update.Updates, update.UpdatedBy) : null,
        item.OutdatedBy is { } newer ? new OutdatedByResponse(newer.Id, newer.SessionId, newer.TurnId, newer.OccurredAt, newer.Rule) : null,
        item.AlsoSaid.Count == 0
            ? null
            : item.AlsoSaid.Select(static said => new SaidAgainResponse(said.SessionId, said.TurnId, said.Seq, said.OccurredAt)).ToArray(),
        isSnippet);

    internal static ScoreExplanationResponse ToResponse(ScoreExplanation parts) => new(
        Math.Round(parts.Lexical, PartDigits),
        Math.Round(parts.Vector, PartDigits),
        Math.Round(parts.Smoothing, PartDigits),
        Math.Round(parts.SessionPrior, PartDigits),
        Math.Round(parts.Subject, PartDigits),
        Math.Round(parts.SubjectMultiplier, ScoreDigits),
        parts.MatchedTerms,
        parts.VectorModel,
        parts.Tier is { } tier
            ? new TierExplanationResponse(
                Math.Round(tier.Part, PartDigits), tier.Weight, tier.Salience, tier.SalienceFactor, tier.RecencyFactor, tier.Scope,
                tier.ScopeFactor)
            : null,
        parts.Meaning is { } meaning
            ? new MeaningExplanationResponse(
                Math.Round(meaning.Piece, PartDigits), Math.Round(meaning.Context, PartDigits), Math.Round(meaning.StandIn, PartDigits),
                Math.Round(meaning.Window, PartDigits), Math.Round(meaning.Date, PartDigits))
            : null,
        Math.Round(parts.Quote, PartDigits));
}
