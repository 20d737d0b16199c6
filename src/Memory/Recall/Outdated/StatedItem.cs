using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>An item of an answer with what it states: a turn what it says, a fact what its newest source says.</summary>
/// <param name="Speaker">Who said it; only statements of one speaker update each other.</param>
internal sealed record StatedItem(RecalledItem Item, Turn Said, string Speaker, IReadOnlyList<Statement> Statements)
{
    public bool IsNewerThan(StatedItem other) => Order.CompareTo(other.Order) > 0;

    private (DateTimeOffset, DateTimeOffset, long) Order => (Said.OccurredAt, Said.RecordedAt, Said.Seq);

    public static string SpeakerOf(Turn turn) => turn.Name is { Length: > 0 } name ? name.Trim().ToLowerInvariant() : turn.Role;
}
