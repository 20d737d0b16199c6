using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>Statements distilled from one session's turns.</summary>
/// <param name="Owner">Whose facts they are; facts of other owners are never touched by them.</param>
/// <param name="Origin">The distiller with its version.</param>
public sealed record FactStatements(IReadOnlyList<FactCandidate> Candidates, MemoryOwner Owner, string Origin);

/// <summary>
/// Brings distilled statements together with the facts that are there. A statement that says what a fact says is merged into
/// it: sources are united, none is lost, and said in another session it raises the salience. Any other becomes a candidate.
/// Candidates become facts when their salience reaches the threshold, or at once when they update an active fact, for recall
/// must not go on answering what is outdated. Promoted facts are put in the order of the world's time
/// (<see cref="SupersessionPolicy"/>). Pure: the caller looks facts up by <see cref="ConsolidationScope"/> and commits the
/// writes; when the commit is stale it looks up and consolidates again.
/// </summary>
/// <param name="ids">Mints ids of memories.</param>
/// <param name="operations">Mints ids of operations.</param>
public sealed class ConsolidateFacts(
    ConsolidationRules rules, SalienceCurve curve, IEmbedder embedder, Func<string> ids, Func<string> operations)
{
    private readonly NearDuplicatePolicy duplicates = new(rules);

    /// <summary>
    /// The versions to write. Statements that are known already, from the same turns, write nothing, nor do those without a source or a
    /// content.
    /// </summary>
    /// <param name="existing">Current versions within the scope; others are ignored.</param>
    public IReadOnlyList<MemoryWrite> Apply(FactStatements statements, IReadOnlyList<MemoryRecord> existing, DateTimeOffset now)
    {
        var ledger = new FactLedger(statements.Owner, existing, embedder);
        var ordered = statements.Candidates
            .Where(static candidate => candidate.Sources.Count > 0 && !string.IsNullOrWhiteSpace(candidate.Content))
            .OrderBy(MergePolicy.BeginOf)
            .ThenBy(static candidate => candidate.Sources.Max(static source => source.Seq));
        foreach (var candidate in ordered)
        {
            ledger.BeginDecision();
            var text = FactText.Of(candidate.Content, embedder);
            var match = FindSame(ledger, candidate, text);
            var fact = match is null ? NewFact(candidate, statements, now) : TakeUp(ledger, match, candidate, text, now);
            ledger.Put(fact, match is null ? MemoryChange.Distilled : MemoryChange.Merged);
            if (match is not null && match.Content != fact.Content)
                fact = TakeIn(ledger, fact);
            Settle(ledger, fact, now);
        }

        return ledger.Writes(operations, now);
    }

    /// <summary>Promotes stored candidates whose salience has reached the threshold since, by citations for instance.</summary>
    /// <param name="existing">Current versions: the candidates, and what <see cref="ConsolidationScope"/> names of them.</param>
    public IReadOnlyList<MemoryWrite> Reconsider(MemoryOwner owner, IReadOnlyList<MemoryRecord> existing, DateTimeOffset now)
    {
        var ledger = new FactLedger(owner, existing, embedder);
        var candidates = ledger.Facts.Where(static fact => fact.Status == MemoryStatus.Candidate).OrderBy(static fact => fact.ValidFrom);
        foreach (var candidate in candidates.ToList())
        {
            ledger.BeginDecision();
            if (curve.At(candidate, now) >= rules.PromotionSalience)
                Settle(ledger, candidate, now);
        }

        return ledger.Writes(operations, now);
    }

    private MemoryRecord? FindSame(FactLedger ledger, FactCandidate candidate, FactText text)
    {
        var promoted = ledger.Promoted.ToList();
        return ledger.Facts
            .Where(fact => !ledger.IsTakenIn(fact))
            .Where(fact => IsEndOf(candidate, fact)
                || duplicates.Compare(text, candidate.Claim, ledger.TextOf(fact), fact.Claim) == Distinction.None
                || IsRepeat(text, candidate, ledger, fact))
            .Where(fact => MergePolicy.IsOfItsTime(fact, candidate, promoted))
            .OrderByDescending(fact => ledger.TextOf(fact).Form == text.Form)
            .ThenByDescending(fact => fact.Claim is not null && candidate.Claim is not null)
            .ThenByDescending(static fact => fact.Status == MemoryStatus.Active)
            .ThenByDescending(fact => FactText.Cosine(text, ledger.TextOf(fact)) ?? 0)
            .FirstOrDefault();
    }

    // "No longer works at X" and "works at X" make one claim with an end, though one sentence denies the other.
    private static bool IsEndOf(FactCandidate candidate, MemoryRecord fact) =>
        (candidate.ValidTo is not null || !SupersessionPolicy.IsUntilFurtherNotice(fact))
        && candidate.Claim is { } claim && fact.Claim is { } held && FactClaims.AreSame(claim, held);

    // What ends something is no part of what began it.
    private static bool IsRepeat(FactText text, FactCandidate candidate, FactLedger ledger, MemoryRecord fact)
    {
        if (candidate.ValidTo is not null || !IsOpen(fact))
            return false;
        var (told, held) = (Telling.Of(candidate, text), ledger.TellingOf(fact));
        return told.IsPartOf(held) || held.IsPartOf(told);
    }

    private static bool IsOpen(MemoryRecord fact) =>
        !fact.IsPinned && (SupersessionPolicy.IsUntilFurtherNotice(fact) || FactKind.Of(fact) == FactKind.Plan);

    // Of two that count as one the fuller says it.
    private MemoryRecord TakeUp(FactLedger ledger, MemoryRecord fact, FactCandidate candidate, FactText text, DateTimeOffset now)
    {
        var merged = MergePolicy.TakeUp(fact, candidate, curve, now);
        return candidate.ValidTo is null && !fact.IsPinned && Telling.Of(candidate, text).TellsMoreThan(ledger.TellingOf(fact))
            ? MergePolicy.Reworded(merged, candidate) : merged;
    }

    // In its fuller words the fact may tell what others tell beside it.
    private static MemoryRecord TakeIn(FactLedger ledger, MemoryRecord fact)
    {
        if (fact.Status is not (MemoryStatus.Candidate or MemoryStatus.Active))
            return fact;
        var parts = ledger.Facts.Where(other => other.Id != fact.Id && IsOpen(other)
            && other.Status is (MemoryStatus.Candidate or MemoryStatus.Active)
            && ledger.TellingOf(other).IsPartOf(ledger.TellingOf(fact)));
        foreach (var part in parts.ToList())
        {
            fact = MergePolicy.TakeIn(fact, part);
            ledger.Put(fact, MemoryChange.Merged);
            ledger.Put(MergePolicy.TakenInto(fact, part), MemoryChange.Superseded);
        }

        return fact;
    }

    private MemoryRecord NewFact(FactCandidate candidate, FactStatements statements, DateTimeOffset now) => new()
    {
        Id = ids(),
        Version = 1,
        Kind = candidate.Kind,
        Tier = MemoryTier.Semantic,
        Status = MemoryStatus.Candidate,
        Content = candidate.Content,
        Owner = statements.Owner,
        Importance = candidate.Importance,
        Salience = SalienceCurve.Initial(candidate.Importance, now),
        ValidFrom = MergePolicy.BeginOf(candidate),
        ValidTo = candidate.ValidTo ?? candidate.PlannedUntil,
        RecordedAt = now,
        Sources = [.. candidate.Sources.Distinct()],
        Claim = candidate.Claim,
        Entities = candidate.Entities,
        Metadata = FactKind.ToMetadata(candidate.FactKind),
        Origin = candidate.Origin ?? statements.Origin,
        Change = MemoryChange.Distilled,
        Operation = "",
    };

    /// <summary>Gives the fact its place in time, promotes it when it is due, and then ends those whose place it takes.</summary>
    private void Settle(FactLedger ledger, MemoryRecord fact, DateTimeOffset now)
    {
        var others = ledger.Promoted.Where(other => SupersessionPolicy.Exclude(fact, other)).ToList();
        if (SupersessionPolicy.EndAmong(fact, others) is { } end)
            fact = fact with { ValidTo = end.At, SupersededBy = end.By };
        var ended = others
            .Select(other => (Other: other, End: SupersessionPolicy.EndBy(other, fact, isNewer: true)))
            .Where(static each => each.End is not null)
            .ToList();
        var isDue = fact.Status != MemoryStatus.Candidate
            || curve.At(fact, now) >= rules.PromotionSalience
            || ended.Any(static each => each.Other.Status == MemoryStatus.Active);
        if (!isDue)
        {
            ledger.Put(fact, MemoryChange.Distilled);
            return;
        }

        var change = fact.Status == MemoryStatus.Candidate ? MemoryChange.Promoted : MemoryChange.Merged;
        ledger.Put(fact with { Status = fact.SupersededBy is null ? MemoryStatus.Active : MemoryStatus.Superseded }, change);
        foreach (var (other, at) in ended)
        {
            var retired = other with { Status = MemoryStatus.Superseded, ValidTo = at!.Value.At, SupersededBy = at.Value.By };
            ledger.Put(retired, MemoryChange.Superseded);
        }
    }
}
