using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>What one speaker said, once or more often, word for word; the best placed turn stands for all of them.</summary>
internal sealed class Telling(Candidate first)
{
    /// <summary>Others are passed over unnamed.</summary>
    public const int AgainMax = 32;

    private List<Turn>? again;

    public Candidate First { get; } = first;

    /// <summary>What it says; null until it had to be compared.</summary>
    public string? Text => Turn?.Content;

    /// <summary>The stored first turn; null until it had to be compared.</summary>
    public Turn? Turn { get; set; }

    /// <summary>The other turns that say it, as they were found.</summary>
    public IReadOnlyList<Turn> Again => again ?? [];

    /// <summary>The one found before it whose words have the same key.</summary>
    public Telling? Before { get; set; }

    public void Add(Turn turn)
    {
        again ??= [];
        if (again.Count < AgainMax)
            again.Add(turn);
    }

    /// <summary>The turn that was said last, which an answer shows, and the others, newest first.</summary>
    /// <param name="first">The best placed turn as it was read.</param>
    public (Turn Newest, IReadOnlyList<Turn> Others) Order(Turn first)
    {
        if (again is null)
            return (first, []);
        Turn[] all = [.. again.Append(first)
            .OrderByDescending(static turn => turn.OccurredAt).ThenByDescending(static turn => turn.RecordedAt)
            .ThenBy(static turn => turn.SessionId, StringComparer.Ordinal).ThenByDescending(static turn => turn.Seq)];
        return (all[0], all[1..]);
    }
}
