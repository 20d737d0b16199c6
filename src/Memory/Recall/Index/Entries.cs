namespace MemoryOrleans.Recall.Index;

/// <summary>What ranking reads of a turn. Turns are numbered in commit order within a partition.</summary>
internal struct TurnEntry
{
    /// <summary>The turn before it in its session, or -1.</summary>
    public int Previous;

    /// <summary>The turn before that, or -1.</summary>
    public int SecondPrevious;

    /// <summary>The turn after it in its session, or -1. Written later than the rest: readers ignore one beyond their count.</summary>
    public int Next;

    /// <summary>The turn after that, or -1; written later, likewise.</summary>
    public int SecondNext;

    public int Session;
    public int FirstChunk;
    public int FirstDays;

    /// <summary>Terms of its session up to and with this turn, dates left out.</summary>
    public int SessionTerms;

    public ushort Speaker;

    /// <summary>How far the speaker's clock is ahead of UTC, in minutes.</summary>
    public short OffsetMinutes;

    /// <summary>Ends in a question mark (before a trailing <c>[image: …]</c>).</summary>
    public bool AsksQuestion;

    /// <summary>The previous turn asks a question.</summary>
    public bool FollowsQuestion;
}

/// <summary>Days that a turn's text names: first and last, as numbers of <see cref="DateOnly.DayNumber"/>.</summary>
internal readonly record struct DaySpan(int From, int To);

/// <summary>What masks and answers read of a turn; times in microseconds since the Unix epoch.</summary>
internal struct TurnDetail
{
    public long Change;
    public long OccurredAt;
    public long RecordedAt;
    public int Seq;

    /// <summary>Number of its first word in the partition.</summary>
    public int FirstWord;
}

/// <summary>A piece of a turn that BM25 scores.</summary>
internal struct ChunkEntry
{
    public int Turn;
    public int Session;

    /// <summary>Terms in it, dates left out.</summary>
    public int Terms;
}

/// <summary>A session of a partition.</summary>
internal sealed class SessionEntry(string id, string? agentId)
{
    private int lastTurn = -1;

    public string Id { get; } = id;

    public string? AgentId { get; } = agentId;

    /// <summary>Its newest turn; readers walk back from it to below their count.</summary>
    public int LastTurn
    {
        get => Volatile.Read(ref lastTurn);
        set => Volatile.Write(ref lastTurn, value);
    }
}

/// <summary>Who said a turn: the role, and the name where there is one.</summary>
internal sealed record SpeakerEntry(string Role, string? Name);
