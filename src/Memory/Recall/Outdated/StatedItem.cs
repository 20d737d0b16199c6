using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>An item of an answer with what it states: a turn what it says, a fact what its newest source says.</summary>
/// <param name="Speaker">Who said it; only statements of one speaker update each other.</param>
internal sealed record StatedItem(RecalledItem Item, Turn Said, string Speaker, IReadOnlyList<Statement> Statements)
{
    private const int LongWords = 22;
    private const int LongUnspaced = 40;

    /// <summary>It says so much that one statement of it is not the matter of the whole.</summary>
    public bool IsLong { get; } = Said.Content.AsSpan().Count(' ') >= LongWords
        || (Statements.Any(static each => each.Wording.IsUnspaced) && Said.Content.Length > LongUnspaced);

    /// <summary>Whether any of its statements has a word, given as its stem.</summary>
    public bool Says(string stem)
    {
        foreach (var statement in Statements)
        {
            if (statement.Words.ContainsKey(stem))
                return true;
        }

        return false;
    }

    public bool IsNewerThan(StatedItem other) => OrderOf(Said).CompareTo(OrderOf(other.Said)) > 0;

    /// <summary>By the world's time, then by when it became known.</summary>
    public static (DateTimeOffset, DateTimeOffset, long) OrderOf(Turn turn) => (turn.OccurredAt, turn.RecordedAt, turn.Seq);

    public static string SpeakerOf(Turn turn) => turn.Name is { Length: > 0 } name ? name.Trim().ToLowerInvariant() : turn.Role;
}
