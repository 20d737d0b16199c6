using MemoryOrleans.Episodes;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Models.Neural.Providers;

namespace MemoryOrleans.Models.Chat;

/// <summary>Makes the port's exception of each kind of failure. Messages hold nothing that was sent or answered.</summary>
internal static class ChatFailure
{
    private const string KindKey = "MemoryOrleans.FailureKind";

    /// <summary>Longer pauses are not kept: the durable work that waits falls back after some attempts.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(5);

    public static readonly ModelServerPort Port =
        new("The chat model", 1024 * 1024, static (kind, message, pause) => Of(kind, message, pause));

    public static DistillerException Of(FailureKind kind, string message, TimeSpan? retryAfter = null) =>
        new(message, isPassing: kind != FailureKind.Refused, retryAfter > PauseMax ? PauseMax : retryAfter) { Data = { [KindKey] = kind } };

    public static FailureKind KindOf(DistillerException failure) =>
        failure.Data[KindKey] is FailureKind kind ? kind : FailureKind.Unreachable;
}
