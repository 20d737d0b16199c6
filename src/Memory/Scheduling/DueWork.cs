namespace MemoryOrleans.Scheduling;

public enum DueState
{
    /// <summary>Waits for its time, or is being done.</summary>
    Ready,

    /// <summary>Failed as often as it may; waits for a person to requeue it.</summary>
    Dead,
}

/// <summary>
/// Something to be done for a tenant, kept until it is done: at most one of a kind and subject. It holds ids, never content.
/// Whoever does it works from the subject as it then is, so being woken twice means being done once.
/// </summary>
/// <param name="Kind">What is to be done; one of <see cref="DueKinds"/>.</param>
/// <param name="Subject">What it is to be done to: a session's or an erasure's id, or empty for the tenant as a whole.</param>
/// <param name="Cursor">How far it got, in the kind's own count; 0 at first.</param>
/// <param name="Attempts">Failures in a row, the attempt under way included.</param>
/// <param name="Wakes">How often it was woken; work woken while it is done is done again.</param>
/// <param name="Claims">How often it was claimed: the token that shows whose claim is the latest.</param>
/// <param name="LastError">Why the last attempt failed, without content; null when it did not.</param>
public sealed record DueWork(
    long Id,
    string Tenant,
    string Kind,
    string Subject,
    DueState State,
    DateTimeOffset DueAt,
    long Cursor,
    int Attempts,
    long Wakes,
    long Claims,
    string? LastError,
    DateTimeOffset? LastRunAt,
    DateTimeOffset CreatedAt);

/// <summary>Asks for work on a commit's session, written in the commit's transaction.</summary>
public readonly record struct Wake(string Kind, DateTimeOffset DueAt);

/// <summary>The kinds of due work.</summary>
public static class DueKinds
{
    /// <summary>Bring a session's vectors of one space up to date: <c>embed:SPACE</c>. The cursor is the last seq embedded.</summary>
    public const string EmbedPrefix = "embed:";

    /// <summary>
    /// Bring a memory's vector of one space up to date: <c>embed_memory:SPACE</c>, the subject is the memory's id. The cursor stays 0.
    /// </summary>
    public const string EmbedMemoryPrefix = "embed_memory:";

    /// <summary>
    /// Bring an entity's vector of one space up to date: <c>embed_entity:SPACE</c>, the subject is the entity's id. The cursor stays 0.
    /// </summary>
    public const string EmbedEntityPrefix = "embed_entity:";

    /// <summary>
    /// Wake <c>embed:SPACE</c> for every session of a tenant, then <c>embed_memory:SPACE</c> for every memory, then
    /// <c>embed_entity:SPACE</c> for every entity: <c>fill:SPACE</c>, subject empty. The cursor is the store's own; below 0 while memories
    /// are woken, from -2^62 down while entities are.
    /// </summary>
    public const string FillPrefix = "fill:";

    /// <summary>Distil a session's new turns. The cursor is the last seq distilled.</summary>
    public const string Distil = "distil";

    /// <summary>End an erasure; the subject is its id. The cursor counts attempts.</summary>
    public const string Erasure = "erasure";

    /// <summary>End the erasure of the tenant as a whole; the subject is its id. The cursor counts attempts.</summary>
    public const string TenantErasure = "tenant_erasure";

    /// <summary>Archive and delete a tenant's memories by its rules; recurring, subject empty.</summary>
    public const string Retention = "retention";

    /// <summary>Delete a tenant's sessions in which nothing has happened for long; recurring, subject empty.</summary>
    public const string SessionCleanup = "session_cleanup";

    /// <summary>Remove what is too old from a tenant's audit trail; recurring, subject empty.</summary>
    public const string AuditRetention = "audit_retention";

    /// <summary>Write down how far a tenant's saliences have fallen; recurring, subject empty.</summary>
    public const string DecaySweep = "decay_sweep";

    /// <summary>Tell a webhook of an event; the subject is the delivery's id, <c>WEBHOOK-SEQ</c>. The cursor stays 0.</summary>
    public const string Webhook = "webhook";

    public static string Embed(int spaceId) => $"{EmbedPrefix}{spaceId}";

    public static string EmbedMemory(int spaceId) => $"{EmbedMemoryPrefix}{spaceId}";

    public static string EmbedEntity(int spaceId) => $"{EmbedEntityPrefix}{spaceId}";

    public static string Fill(int spaceId) => $"{FillPrefix}{spaceId}";

    /// <summary>All that is done for a vector space.</summary>
    public static IReadOnlyList<string> OfSpace(int spaceId) => [Embed(spaceId), EmbedMemory(spaceId), EmbedEntity(spaceId), Fill(spaceId)];
}
