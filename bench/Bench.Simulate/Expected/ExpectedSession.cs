using MemoryOrleans.Sessions;

namespace MemoryOrleans.Bench.Simulate.Expected;

internal enum Fate
{
    /// <summary>It must be there, word for word.</summary>
    Kept,

    /// <summary>It is being erased, or may be: nobody was told how that ended.</summary>
    Unknown,

    /// <summary>It must be nowhere.</summary>
    Erased,
}

/// <summary>A turn whose place was acknowledged.</summary>
/// <param name="Word">In its content and in no other text of any tenant.</param>
internal sealed record ExpectedTurn(string Word, long Seq, string Id)
{
    public Fate Fate { get; set; }
}

/// <summary>An append as it was sent, so that it can be sent again.</summary>
internal sealed record SentAppend(AppendCommand Command, IReadOnlyList<string> Words, DateTimeOffset SentAt)
{
    /// <summary>The turns' ids and places as they were answered; null: no answer came.</summary>
    public IReadOnlyList<ExpectedTurn>? Answered { get; set; }
}

/// <summary>What must hold of a session.</summary>
internal sealed class ExpectedSession(string tenant, string id, string? user)
{
    public SessionKey Key { get; } = new(tenant, id);

    public string? User => user;

    public List<ExpectedTurn> Turns { get; } = [];

    /// <summary>Of appends that were not acknowledged: each may be there once, or not.</summary>
    public HashSet<string> MaybeWords { get; } = new(StringComparer.Ordinal);

    public List<SentAppend> Appends { get; } = [];

    /// <summary>
    /// True once an erasure of all of it began: it is checked for gaps and doubles, but no more for what was acknowledged.
    /// </summary>
    public bool IsGoing { get; set; }
}

/// <summary>A note of an agent, with what was known of it when.</summary>
internal sealed class ExpectedNote(string id, string? user, string word, DateTimeOffset knownFrom)
{
    public string Id => id;

    public string? User => user;

    /// <summary>Every word it had, with the time from which it was known; the last is current.</summary>
    public List<(DateTimeOffset From, string Word)> Words { get; } = [(knownFrom, word)];

    /// <summary>Words of edits that were not acknowledged.</summary>
    public HashSet<string> MaybeWords { get; } = new(StringComparer.Ordinal);

    public Fate Fate { get; set; }
}

/// <summary>What must hold of a tenant.</summary>
internal sealed class ExpectedTenant(string name)
{
    public string Name => name;

    public List<ExpectedSession> Sessions { get; } = [];

    public List<ExpectedNote> Notes { get; } = [];

    /// <summary>Of what an erasure that is done has erased: nowhere any more.</summary>
    public HashSet<string> ErasedWords { get; } = new(StringComparer.Ordinal);

    /// <summary>Erasures that were begun, and what has to be gone when they are done.</summary>
    public List<(string Erasure, string[] Words)> Running { get; } = [];
}
