namespace MemoryOrleans.Client;

/// <summary>An answer with the version of the session it speaks of, for If-Match.</summary>
/// <param name="Replayed">True when an earlier request had already done the work.</param>
public sealed record Versioned<T>(T Value, long Version, bool Replayed);

/// <summary>Conditions of a write.</summary>
/// <param name="IdempotencyKey">The same key with the same body within 24 hours takes effect once.</param>
/// <param name="IfMatch">The version the session must have; 0 when it must not exist.</param>
public sealed record WriteConditions(string? IdempotencyKey = null, long? IfMatch = null);
