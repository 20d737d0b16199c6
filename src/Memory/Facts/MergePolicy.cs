using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>Whether and how a fact takes up a statement that says the same.</summary>
internal static class MergePolicy
{
    /// <summary>
    /// Whether the statement falls into the fact's time. One for after its end is news ("moved back"); one for before its
    /// beginning extends it backwards, unless another value stood in between.
    /// </summary>
    public static bool IsOfItsTime(MemoryRecord fact, FactCandidate statement, IEnumerable<MemoryRecord> promoted)
    {
        var at = BeginOf(statement);
        if ((fact.ValidTo is { } end && at >= end) || statement.ValidTo < fact.ValidFrom)
            return false;
        return at >= fact.ValidFrom || !promoted.Any(other =>
            SupersessionPolicy.Exclude(fact, other) && other.ValidFrom > at && other.ValidFrom < fact.ValidFrom);
    }

    /// <summary>The fact with the statement's sources, names and time; salience raised when it was said in another session.</summary>
    public static MemoryRecord TakeUp(MemoryRecord fact, FactCandidate statement, SalienceCurve curve, DateTimeOffset now)
    {
        var at = BeginOf(statement);
        var (from, stated) = (Earlier(fact.ValidFrom, at), Later(SupersessionPolicy.LastStated(fact), at));
        var merged = fact with
        {
            Sources = [.. fact.Sources.Union(statement.Sources)],
            Entities = [.. fact.Entities.Union(statement.Entities, StringComparer.Ordinal)],
            Importance = Math.Max(fact.Importance, statement.Importance),
            Claim = fact.Claim ?? statement.Claim,
            ValidFrom = from,
            ConfirmedAt = stated > from ? stated : null,
        };
        if (statement.ValidTo is { } end && end >= stated && SupersessionPolicy.IsUntilFurtherNotice(fact)
            && (fact.ValidTo is null || end < fact.ValidTo))
            merged = merged with { ValidTo = end, SupersededBy = null,
                Status = fact.Status == MemoryStatus.Superseded ? MemoryStatus.Active : fact.Status };
        return IsRepeatedElsewhere(fact, statement)
            ? merged with { Salience = curve.Reinforce(fact, Reinforcement.Repetition, now) }
            : merged;
    }

    /// <summary>The fact in the statement's words and of its kind; a plan without a day gets the statement's.</summary>
    public static MemoryRecord Reworded(MemoryRecord fact, FactCandidate statement) => fact with
    {
        Content = statement.Content,
        Metadata = FactKind.Of(fact) is { } kind ? FactKind.Put(fact.Metadata, statement.FactKind ?? kind) : fact.Metadata,
        ValidTo = fact.ValidTo ?? statement.PlannedUntil,
    };

    /// <summary>The fact with the sources, names, time and weight of another that tells a part of it.</summary>
    public static MemoryRecord TakeIn(MemoryRecord fact, MemoryRecord part)
    {
        var (from, stated) = (Earlier(fact.ValidFrom, part.ValidFrom),
            Later(SupersessionPolicy.LastStated(fact), SupersessionPolicy.LastStated(part)));
        return fact with
        {
            Status = part.Status == MemoryStatus.Active ? MemoryStatus.Active : fact.Status,
            Sources = [.. fact.Sources.Union(part.Sources)],
            Entities = [.. fact.Entities.Union(part.Entities, StringComparer.Ordinal)],
            Importance = Math.Max(fact.Importance, part.Importance),
            Salience = part.Salience.Value > fact.Salience.Value ? part.Salience : fact.Salience,
            Claim = fact.Claim ?? part.Claim,
            ValidFrom = from,
            ConfirmedAt = stated > from ? stated : null,
        };
    }

    /// <summary>The part, held for no time of its own any more: whatever it told, the fact tells.</summary>
    public static MemoryRecord TakenInto(MemoryRecord fact, MemoryRecord part) => part with
    {
        Status = MemoryStatus.Superseded, ValidTo = part.ValidFrom, SupersededBy = fact.Id,
    };

    /// <summary>The fact as another version of it tells it.</summary>
    public static MemoryRecord InWordsOf(MemoryRecord fact, MemoryRecord version) => Held(fact with
    {
        Content = version.Content, Kind = version.Kind, Claim = version.Claim, Topics = version.Topics, Entities = version.Entities,
        Aliases = version.Aliases, Metadata = version.Metadata, Importance = version.Importance, ValidFrom = version.ValidFrom,
        ConfirmedAt = version.ConfirmedAt, ValidTo = fact.SupersededBy is null ? version.ValidTo : fact.ValidTo,
    });

    /// <summary>The fact as a statement tells it that it was merged with.</summary>
    public static MemoryRecord InWordsOf(MemoryRecord fact, FactCandidate statement) => Held(fact with
    {
        Content = statement.Content, Kind = statement.Kind, Claim = statement.Claim, Topics = [], Entities = statement.Entities,
        Metadata = FactKind.ToMetadata(statement.FactKind), Importance = statement.Importance, ValidFrom = BeginOf(statement),
        ConfirmedAt = null,
        ValidTo = fact.SupersededBy is null ? statement.ValidTo ?? statement.PlannedUntil : fact.ValidTo,
    });

    private static MemoryRecord Held(MemoryRecord fact) => fact.ValidTo < fact.ValidFrom ? fact with { ValidTo = fact.ValidFrom } : fact;

    /// <summary>When the statement is true from. One that ends a claim may have been dated by when it was said, after that end.</summary>
    public static DateTimeOffset BeginOf(FactCandidate statement) =>
        statement.ValidTo is { } end && statement.ValidFrom > end ? end : statement.ValidFrom;

    private static bool IsRepeatedElsewhere(MemoryRecord fact, FactCandidate statement)
    {
        var sessions = fact.Sources.Select(static source => source.SessionId).ToHashSet(StringComparer.Ordinal);
        return statement.Sources.Any(source => !sessions.Contains(source.SessionId));
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
