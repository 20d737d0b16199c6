using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Models.Neural;

/// <summary>Why a request gave no vectors; the tag <c>kind</c> of the failures counted.</summary>
internal enum FailureKind
{
    /// <summary>No connection, or one that broke.</summary>
    Unreachable,
    Timeout,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>5xx and 408.</summary>
    Server,

    /// <summary>Any other status but 2xx.</summary>
    Refused,

    /// <summary>2xx with a body that is not the protocol's.</summary>
    Unreadable,

    /// <summary>Vectors that are none: of the wrong number or dimensions, NaN, infinite, zero.</summary>
    Invalid,

    /// <summary>Not asked: the circuit is open or the server wants a pause.</summary>
    LeftAlone,
}

/// <summary>
/// Makes the port's exception of each kind. Messages hold numbers and words of this file: nothing that was sent or answered.
/// </summary>
internal static class EmbedderFailure
{
    private const string KindKey = "MemoryOrleans.FailureKind";

    public static EmbedderException Of(FailureKind kind, string message, TimeSpan? retryAfter = null)
    {
        var isPassing = kind is not (FailureKind.Refused or FailureKind.Invalid);
        return new EmbedderException(message, isPassing, retryAfter) { Data = { [KindKey] = kind } };
    }

    public static FailureKind KindOf(EmbedderException failure) =>
        failure.Data[KindKey] is FailureKind kind ? kind : FailureKind.Unreachable;
}
