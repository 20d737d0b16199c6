namespace MemoryOrleans.Client;

/// <summary>An answer with the version of the session it speaks of, for If-Match.</summary>
/// <param name="Replayed">True when an earlier request had already done the work.</param>
public sealed record Versioned<T>(T Value, long Version, bool Replayed);

/// <summary>Conditions of a write.</summary>
/// <param name="IdempotencyKey">The same key with the same body within 24 hours takes effect once.</param>
/// <param name="IfMatch">The version the session must have; 0 when it must not exist.</param>
public sealed record WriteConditions(string? IdempotencyKey = null, long? IfMatch = null)
{
    internal static readonly WriteConditions Repeatable = new() { SafeToRepeat = true };

    /// <summary>True when a repeat does what one request does, for other reasons than a key.</summary>
    internal bool SafeToRepeat { get; init; }

    /// <summary>The same, with a key of its own where nothing else makes the write take effect once.</summary>
    /// <param name="hasIds">True when every turn has an id, which does it.</param>
    internal static WriteConditions OnceOnly(WriteConditions? given, bool hasIds)
    {
        var conditions = given ?? new WriteConditions();
        if (conditions.IdempotencyKey is not null)
            return conditions;
        return hasIds ? conditions with { SafeToRepeat = true } : conditions with { IdempotencyKey = Guid.CreateVersion7().ToString("N") };
    }
}
