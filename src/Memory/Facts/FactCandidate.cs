using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Facts;

/// <summary>A claim found in the turns, not yet a fact.</summary>
/// <param name="Content">One self-contained sentence: names in place of "I" and "we", dates in place of "yesterday".</param>
/// <param name="Claim">Null when it could not be brought into that form; such a fact merges but never supersedes.</param>
/// <param name="Sources">The turns it rests on; never empty.</param>
/// <param name="Importance">0..1.</param>
/// <param name="ValidFrom">When it began to be true, as said in the text, else when its turn occurred.</param>
/// <param name="ValidTo">When it ceased to be true, if the text says so; it then ends the same claim where that is held to be
/// true still, and of a single-valued attribute retires no other value. Equal to <paramref name="ValidFrom"/> in a
/// candidate that <see cref="EndsEarlier"/>.</param>
public sealed record FactCandidate(
    string Content,
    string Kind,
    FactClaim? Claim,
    IReadOnlyList<SourceTurn> Sources,
    IReadOnlyList<string> Entities,
    double Importance,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo)
{
    /// <summary>Null: the distillation's.</summary>
    public string? Origin { get; init; }

    /// <summary>What kind of thing it tells; null: not known.</summary>
    public string? FactKind { get; init; }

    /// <summary>
    /// Of a plan: when the day it is for is surely over. The plan then is none any more, whether it came to pass or not; it ends
    /// no claim, as <see cref="ValidTo"/> does.
    /// </summary>
    public DateTimeOffset? PlannedUntil { get; init; }

    /// <summary>
    /// True for "I no longer live in Berlin": the claim names what stopped being so at <see cref="ValidTo"/>, by subject,
    /// attribute and value. What is over without being named ("I quit my job") is no such candidate: its claim has the value
    /// <c>none</c>, which supersedes as any other value does.
    /// </summary>
    public bool EndsEarlier => Claim is not null && ValidTo == ValidFrom;
}
