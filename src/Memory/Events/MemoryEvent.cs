using MemoryOrleans.Memories;

namespace MemoryOrleans.Events;

/// <summary>What is told of a tenant's memory.</summary>
public static class EventKinds
{
    /// <summary>There is a memory that was not there before, or a candidate became one.</summary>
    public const string MemoryMade = "memory.made";

    /// <summary>Another memory took a memory's place.</summary>
    public const string MemorySuperseded = "memory.superseded";

    /// <summary>A memory's content is gone for good.</summary>
    public const string MemoryErased = "memory.erased";

    /// <summary>Turns of a session have been distilled.</summary>
    public const string SessionDistilled = "session.distilled";

    /// <summary>
    /// Due work failed as often as it may; administrators only. Of deliveries there is none: they would tell of themselves.
    /// </summary>
    public const string JobDead = "job.dead";

    /// <summary>Asked for, of one webhook; nobody can choose it.</summary>
    public const string WebhookTest = "webhook.test";

    /// <summary>Those that a webhook may choose.</summary>
    public static readonly IReadOnlyList<string> All = [MemoryMade, MemorySuperseded, MemoryErased, SessionDistilled, JobDead];

    /// <summary>What a memory's change of status tells; null: nothing.</summary>
    /// <param name="before">Null: there was no such memory.</param>
    public static string? Of(MemoryStatus? before, MemoryStatus after) => (before ?? MemoryStatus.Candidate, after) switch
    {
        (MemoryStatus.Candidate, MemoryStatus.Active) => MemoryMade,
        (MemoryStatus.Active or MemoryStatus.Archived, MemoryStatus.Superseded) => MemorySuperseded,
        (not MemoryStatus.Erased, MemoryStatus.Erased) => MemoryErased,
        _ => null,
    };
}

/// <summary>
/// Something that happened to a tenant's memory, written down in the commit in which it happened. It holds ids and kinds, never content.
/// </summary>
/// <param name="Seq">Its place in the tenant's log, from 1, without gaps, in the order of the commits.</param>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="Subject">The id of the memory, session, job or, of a test, webhook.</param>
public sealed record MemoryEvent(long Seq, string Kind, DateTimeOffset At, string Subject)
{
    /// <summary>The memory's kind, or the job's.</summary>
    public string? SubjectKind { get; init; }

    /// <summary>The memory that took the place of a superseded one; of a job, what it is about.</summary>
    public string? Other { get; init; }

    /// <summary>The memory's version; of a session, the last turn distilled; of a job, its attempts.</summary>
    public long Number { get; init; }

    public string? UserId { get; init; }

    public string? AgentId { get; init; }

    public string? SessionId { get; init; }
}

/// <summary>What a reader of the log wants; null fields do not restrict.</summary>
/// <param name="Kinds">Only these.</param>
public sealed record EventFilter(IReadOnlyList<string> Kinds, string? UserId = null, string? AgentId = null);

/// <summary>What of a tenant's log is there.</summary>
/// <param name="First">The first event that is still kept; when there is none, one more than <paramref name="Last"/>.</param>
/// <param name="Last">The newest there ever was; 0: none.</param>
public readonly record struct EventBounds(long First, long Last);
