using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Embedded;

/// <summary>What the single-process host may hold, and how often it tidies up.</summary>
public sealed record EmbeddedMemoryOptions
{
    /// <summary>Bounds of a session's live window.</summary>
    public WorkingMemoryLimits Window { get; init; } = new();

    /// <summary>Idle time and bytes of the recall index.</summary>
    public RecallIndexLimits Index { get; init; } = new(TimeSpan.FromMinutes(30), 2L << 30);

    /// <summary>Session actors kept while idle; 100..10,000,000, default 10,000.</summary>
    public int SessionActorsMax { get; init; } = 10_000;

    /// <summary>Rankings at a time; 1..1,024, default the number of processors.</summary>
    public int RecallConcurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>Time between tidying rounds; 1 s..1 h, default 30 s.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromSeconds(30);
}
