using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>Body of a run of retention.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RetentionRequest
{
    /// <summary>True, the default: only says what would be done. False: does it.</summary>
    public bool? DryRun { get; init; }

    /// <summary>For a dry run: rules in place of those in force; at most 1,000.</summary>
    [MaxLength(1_000)]
    public IReadOnlyList<RetentionRuleInput>? Rules { get; init; }
}

/// <summary>When memories of a kind are put away, and when they are deleted.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RetentionRuleInput
{
    /// <summary>Null: every kind without a rule of its own.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? Kind { get; init; }

    /// <summary>Older ones are archived, in days; 365 when not given.</summary>
    [Range(1.0, 36_500.0)]
    public double? MaxAgeDays { get; init; }

    /// <summary>Only those of less importance are; 0.3 when not given.</summary>
    [Range(0.0, 1.0)]
    public double? ImportanceThreshold { get; init; }

    /// <summary>Days from archiving to deletion; 90 when not given.</summary>
    [Range(0.0, 36_500.0)]
    public double? DeleteAfterDays { get; init; }
}

/// <summary>A rule in force.</summary>
/// <param name="Kind">Null: every kind without a rule of its own.</param>
/// <param name="MaxAgeDays">Older ones are archived, in days.</param>
/// <param name="ImportanceThreshold">Only those of less importance are.</param>
/// <param name="DeleteAfterDays">Days from archiving to deletion.</param>
public sealed record RetentionRuleResponse(string? Kind, double MaxAgeDays, double ImportanceThreshold, double DeleteAfterDays);

/// <summary>Memories of one kind by what became of them, or would.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Kept">Left as they are.</param>
/// <param name="Archived">Put away.</param>
/// <param name="Deleted">Deleted.</param>
public sealed record RetentionCountResponse(string Kind, long Kept, long Archived, long Deleted);

/// <summary>What a run of retention did, or would do.</summary>
/// <param name="DryRun">True when nothing was done.</param>
/// <param name="Complete">False when there were too many memories for one request: a dry run then speaks of the newest, and
/// after a real one the job goes on with the rest.</param>
/// <param name="Kinds">By kind, in alphabetical order.</param>
public sealed record RetentionRunResponse(bool DryRun, bool Complete, IReadOnlyList<RetentionCountResponse> Kinds);

/// <summary>The tenant's rules, and what its job last did.</summary>
/// <param name="Rules">Empty: nothing is ever archived or deleted by itself.</param>
/// <param name="LastRunAt">When the job's last whole round ended; null before the first.</param>
/// <param name="LastReport">What that one did.</param>
public sealed record RetentionResponse(
    IReadOnlyList<RetentionRuleResponse> Rules, DateTimeOffset? LastRunAt, IReadOnlyList<RetentionCountResponse> LastReport);
