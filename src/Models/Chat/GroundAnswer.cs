using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Dates;

namespace MemoryOrleans.Models.Chat;

/// <summary>
/// Compares what a model proposes with the turns and with what the rules made of them. Which turns make an episode, what a
/// fact claims and when it was true is never the model's to say: segments, claims and dates are the rules'.
/// </summary>
internal sealed class GroundAnswer(
    IReadOnlyList<Turn> turns, Distillation rules, DistillationLimits limits, IEmbedder embedder, string origin)
{
    private readonly Dictionary<long, Turn> bySeq = turns.ToDictionary(static turn => turn.Seq);

    /// <summary>Null when nothing of it holds; else what does, and how many of its facts did not.</summary>
    public (Distillation Made, int FactsDropped)? Ground(DistilAnswer answer)
    {
        var episodes = rules.Episodes.Select((draft, i) => Describe(draft, answer.Episodes.Where(each => each.Episode == i + 1))).ToList();
        var proposed = answer.Facts.Count + answer.FactsDropped;
        var facts = Accept(answer.Facts, [.. answer.Episodes.SelectMany(static each => each.Entities)]);
        if (episodes.TrueForAll(static draft => draft.Origin is not null) || (proposed > 0 && facts.Count == 0))
            return null;
        var (taken, claimed) = TakeClaims(facts);
        return (new Distillation(episodes, [.. taken, .. claimed], origin), proposed - facts.Count);
    }

    private EpisodeDraft Describe(EpisodeDraft draft, IEnumerable<ProposedEpisode> proposals)
    {
        var own = draft.Sources.Select(source => bySeq[source.Seq]).ToList();
        foreach (var proposal in proposals)
        {
            if (Fit(proposal.Summary) is { } summary && SupportPolicy.IsSummarySupported(summary, own, embedder))
            {
                return draft with
                {
                    Summary = summary,
                    Importance = proposal.Importance,
                    Topics = [.. proposal.Topics.Select(static topic => topic.ToLowerInvariant())],
                    Entities = [.. proposal.Entities.Where(name => own.Exists(turn => Says(turn, name)))],
                };
            }
        }

        return draft with { Origin = rules.Origin + FallbackDistiller.Mark };
    }

    // As many whole sentences as the limit holds.
    private string? Fit(string summary)
    {
        if (TokenEstimate.Of(summary) <= limits.SummaryTokensMax)
            return summary;
        for (var end = summary.Length - 1; end > 0; end--)
        {
            if (summary[end] == ' ' && summary[end - 1] is '.' or '!' or '?' or '。'
                && TokenEstimate.Of(summary.AsSpan(0, end)) <= limits.SummaryTokensMax)
                return summary[..end];
        }

        return null;
    }

    private List<FactCandidate> Accept(IReadOnlyList<ProposedFact> proposals, IReadOnlyList<string> names)
    {
        var facts = new List<FactCandidate>();
        var forms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var proposal in proposals)
        {
            if (facts.Count == limits.FactsMax * rules.Episodes.Count)
                break;

            // An answer that cites a turn it was not given is doubtful as a whole.
            var sources = proposal.Turns.Select(seq => bySeq.GetValueOrDefault(seq)).ToList();
            if (sources.Contains(null) || !SupportPolicy.IsFactSupported(proposal.Content, sources!, embedder)
                || !forms.Add(NormalizedText.Of(proposal.Content)))
                continue;
            facts.Add(Make(proposal, sources!, names));
        }

        return facts;
    }

    private static FactCandidate Make(ProposedFact proposal, List<Turn> sources, IReadOnlyList<string> names)
    {
        var said = sources[^1].OccurredAt;
        var speakers = sources.Select(static turn => turn.Name).OfType<string>();
        return new FactCandidate(
            proposal.Content,
            "fact",
            Claim: null,
            [.. sources.Select(static turn => new SourceTurn(turn.SessionId, turn.Id, turn.Seq))],
            [.. speakers.Concat(names).Where(name => proposal.Content.Contains(name, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)],
            proposal.Importance,
            BeginOf(proposal.Content, said),
            ValidTo: null)
        {
            PlannedUntil = PlanPolicy.EndOf(ResolveDates.Find(proposal.Content, said), said),
        };
    }

    // The one past day it names, else when it was said.
    private static DateTimeOffset BeginOf(string content, DateTimeOffset said)
    {
        var dates = ResolveDates.Find(content, said);
        return dates.Count == 1 && dates[0].From < DateOnly.FromDateTime(said.DateTime)
            ? new DateTimeOffset(dates[0].From, TimeOnly.MinValue, TimeSpan.Zero)
            : said;
    }

    // Only claims found by the rules supersede. A fact of the model that says such a claim takes it over; other claims become facts too.
    private (IReadOnlyList<FactCandidate> Taken, IReadOnlyList<FactCandidate> Claimed) TakeClaims(List<FactCandidate> facts)
    {
        var rest = new List<FactCandidate>();
        foreach (var rule in rules.Facts.Where(static fact => fact.Claim is not null))
        {
            var at = facts.FindIndex(fact => fact.Claim is null && fact.Sources.Intersect(rule.Sources).Any()
                && SupportPolicy.SaysClaim(fact.Content, rule, embedder));
            if (at < 0)
                rest.Add(rule with { Origin = rules.Origin });
            else
                facts[at] = facts[at] with { Claim = rule.Claim, Kind = rule.Kind, ValidFrom = rule.ValidFrom, ValidTo = rule.ValidTo };
        }

        return (facts, rest);
    }

    private static bool Says(Turn turn, string name) =>
        turn.Content.Contains(name, StringComparison.OrdinalIgnoreCase)
        || (turn.Name?.Contains(name, StringComparison.OrdinalIgnoreCase) ?? false);
}
