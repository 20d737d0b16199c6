using System.Security.Cryptography;
using MemoryOrleans.Episodes;
using MemoryOrleans.Events;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Redaction;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine;

/// <summary>What a process may hold, and how often it tidies up.</summary>
public sealed record EngineOptions
{
    /// <summary>Bounds of a session's live window.</summary>
    public WorkingMemoryLimits Window { get; init; } = new();

    /// <summary>Idle time and bytes of the recall index.</summary>
    public RecallIndexLimits Index { get; init; } = new(TimeSpan.FromMinutes(30), 2L << 30);

    /// <summary>Rankings at a time; 1..1,024, default <see cref="RecallConcurrencyDefault"/>.</summary>
    public int RecallConcurrency { get; init; } = RecallConcurrencyDefault;

    /// <summary>One less than the processors, at least 1: a ranking takes milliseconds of one, and appends should find one free.</summary>
    public static int RecallConcurrencyDefault => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>
    /// Where a recall names none, the least relevance that one of the first ten items must have; else it answers nothing. 0..1; null: 0.1
    /// where the local encoder read the question, else none (docs/ranking.md).
    /// </summary>
    public double? RelevanceMin { get; init; }

    /// <summary>What is taken out of what tenants send before it is stored, where nothing is set for them; by default nothing.</summary>
    public RedactionPacks Redact { get; init; }

    /// <summary>When turns are distilled without being asked for.</summary>
    public DistillationPace Distillation { get; init; } = new();

    /// <summary>Bounds of what a distillation makes.</summary>
    public DistillationLimits Distilled { get; init; } = new();

    /// <summary>
    /// Failures in a row after which a slice is distilled without the model that was asked; 1..99, less than
    /// <see cref="DueLimits.AttemptsMax"/>; default 4.
    /// </summary>
    public int DistillerAttemptsMax { get; init; } = 4;

    /// <summary>When two facts count as one, and when a candidate becomes a fact.</summary>
    public ConsolidationRules Consolidation { get; init; } = new();

    /// <summary>How salience falls and rises.</summary>
    public SalienceRules Salience { get; init; } = new();

    /// <summary>How memories are weighed beside turns.</summary>
    public TierRules Tiers { get; init; } = new();

    /// <summary>What becomes of old memories and sessions, and how often it is seen to.</summary>
    public UpkeepRules Upkeep { get; init; } = new();

    /// <summary>How due work is polled, leased and tried again.</summary>
    public DueLimits Due { get; init; } = new();

    /// <summary>How many webhooks there may be, how they are called, and how long events are kept.</summary>
    public WebhookLimits Webhooks { get; init; } = new();

    /// <summary>The due work that this process does; null: all there is.</summary>
    public DueShards? Shards { get; init; }

    /// <summary>
    /// How long a recall waits for its question's neural vector, and for the nearest turns; each. 10 ms..30 s, default 1 s.
    /// </summary>
    public TimeSpan EmbeddingPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the spread of retries comes from, 0 ≤ chance &lt; 1; safe for concurrent use.</summary>
    public Func<double> Chance { get; init; } = static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>
    /// False: due work is done when the shards' reminders fire and by nothing sooner; true, the default: within moments too.
    /// </summary>
    public bool LooksForDueWork { get; init; } = true;

    /// <summary>Time between tidying rounds; 1 s..1 h, default 30 s.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromSeconds(30);
}
