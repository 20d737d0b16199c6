namespace MemoryOrleans.Erasures;

public enum ErasureKind
{
    Memory,
    Session,
    User,
    Turn,
}

/// <summary>What is to be erased: one memory, one turn, one session, or all that is a user's.</summary>
/// <param name="Id">Of the memory, session or user; of a turn, its session's.</param>
/// <param name="TurnId">The turn's id in its session; null for all other kinds.</param>
public readonly record struct ErasureTarget(ErasureKind Kind, string Id, string? TurnId = null)
{
    // No id contains it.
    private const char Separator = '/';

    /// <summary>What stores keep beside the kind, in one piece: <see cref="Of"/> reads it.</summary>
    public string Subject => Kind == ErasureKind.Turn ? $"{Id}{Separator}{TurnId}" : Id;

    /// <summary>The target of that kind and <see cref="Subject"/>.</summary>
    public static ErasureTarget Of(ErasureKind kind, string subject) =>
        kind == ErasureKind.Turn && subject.Split(Separator) is [var session, var turn]
        ? new ErasureTarget(kind, session, turn)
        : new ErasureTarget(kind, subject);

    /// <summary>As audit entries name it, for instance <c>session:ID</c>.</summary>
    public override string ToString() => Kind switch
    {
        ErasureKind.Memory => $"memory:{Id}",
        ErasureKind.Session => $"session:{Id}",
        ErasureKind.Turn => $"turn:{Subject}",
        _ => $"user:{Id}",
    };
}

/// <summary>
/// An erasure, and, once it is done, its receipt. Recorded before anything is erased, so that one that was interrupted is
/// found and done again. It holds ids, never content.
/// </summary>
/// <param name="Id">Unique within the tenant.</param>
/// <param name="Requester">Which credential asked for it.</param>
/// <param name="Before">What was recorded until then is meant; what comes later is none of its business.</param>
public sealed record Erasure(string Id, ErasureTarget Target, string Requester, DateTimeOffset RequestedAt, DateTimeOffset Before)
{
    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What there was of each kind; of a running one, only what <see cref="ErasureItems"/> do not tell.</summary>
    public ErasureCounts Counts { get; init; } = new();

    /// <summary>SHA-256 over its items (<see cref="ErasureItems"/>), 64 lower-case hexadecimal digits; null while it runs.</summary>
    public string? Digest { get; init; }

    public bool IsDone => CompletedAt is not null;
}
