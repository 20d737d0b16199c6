using System.Diagnostics.CodeAnalysis;

namespace MemoryOrleans;

/// <summary>Why an operation did not take place. Expected failures are values; exceptions are for bugs.</summary>
public enum ErrorCode
{
    /// <summary>A field of the request is missing, malformed or out of range.</summary>
    InvalidInput,

    /// <summary>The thing does not exist, or belongs to another tenant; the two look the same.</summary>
    NotFound,

    /// <summary>The turn id is taken by a turn with other content.</summary>
    TurnIdConflict,

    /// <summary>The session belongs to another user or agent.</summary>
    OwnerConflict,

    /// <summary>Another entity of the same scope has the name.</summary>
    NameConflict,

    /// <summary>The version named by If-Match is not the current one.</summary>
    PreconditionFailed,

    /// <summary>The idempotency key was used with a different request body.</summary>
    IdempotencyKeyReused,

    /// <summary>A bounded queue is full; nothing was stored. Worth retrying.</summary>
    Overloaded,

    /// <summary>The tenant has used up what it may write in this minute; nothing was stored. Worth retrying later.</summary>
    QuotaExceeded,

    /// <summary>The store cannot be reached or cannot write; nothing was acknowledged. Worth retrying.</summary>
    StoreUnavailable,

    /// <summary>
    /// Another process wrote the session meanwhile, so what this one knew of it no longer holds; nothing was stored. Worth
    /// retrying at once: hosts do, before they tell callers.
    /// </summary>
    SessionMoved,

    /// <summary>The answer is not ready yet (for instance an index is being rebuilt). Worth retrying.</summary>
    NotReady,

    /// <summary>The state of the thing does not allow it.</summary>
    Conflict,

    /// <summary>The neural embedder does not answer. Worth retrying.</summary>
    EmbedderUnavailable,
}

/// <summary>An expected failure: a stable code, a sentence for people, and the field to blame, where there is one.</summary>
public sealed record MemoryError(ErrorCode Code, string Detail, string? Field = null, TimeSpan? RetryAfter = null);

/// <summary>Either a value or the error that stood in its way.</summary>
public readonly record struct Outcome<T>
{
    private readonly T? value;

    internal Outcome(T? value, MemoryError? error)
    {
        this.value = value;
        Error = error;
    }

    public MemoryError? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>The value. Throws <see cref="InvalidOperationException"/> when the operation failed.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"{Error.Code}: {Error.Detail}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(MemoryError error) => new(default, error);
}

/// <summary>Makes outcomes of interface types, which have no implicit conversion.</summary>
public static class Outcome
{
    public static Outcome<T> Of<T>(T value) => new(value, null);
}
