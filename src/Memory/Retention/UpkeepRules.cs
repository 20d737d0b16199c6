namespace MemoryOrleans.Retention;

/// <summary>What becomes of old memories and sessions, and how often it is seen to, for each tenant.</summary>
public sealed record UpkeepRules
{
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>From the end of a round of retention to the next; 1 min..30 d, default 1 d.</summary>
    public TimeSpan RetentionPeriod { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Entries of the audit trail are kept for so long; 1..36,500 d; null, the default: for good.</summary>
    public TimeSpan? AuditRetention { get; init; }

    /// <summary>Sessions in which nothing happened for so long are deleted; 1..36,500 d; null, the default: none ever.</summary>
    public TimeSpan? SessionTtl { get; init; }

    /// <summary>The same of the deletion of sessions; 1 min..30 d, default 1 d.</summary>
    public TimeSpan SessionCleanupPeriod { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The same of the writing down of decayed saliences; 1 min..30 d, default 1 d.</summary>
    public TimeSpan DecaySweepPeriod { get; init; } = TimeSpan.FromDays(1);
}
