using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>What a new webhook is to be.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookRequest
{
    /// <summary>Where to post: an absolute https:// or http:// address of the internet.</summary>
    [Required]
    [StringLength(2_048, MinimumLength = 1)]
    public string? Url { get; init; }

    /// <summary>
    /// What to be told of: <c>memory.made</c>, <c>memory.superseded</c>, <c>memory.erased</c>, <c>session.distilled</c>, <c>job.dead</c>.
    /// </summary>
    [Required]
    [MinLength(1)]
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>What people call it; at most 100 characters.</summary>
    [StringLength(100)]
    public string? Name { get; init; }

    /// <summary>Whether to be sent memories' texts too; default false: ids and kinds.</summary>
    public bool? IncludeContent { get; init; }

    /// <summary>Whether it is told anything; default true.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>Changes to a webhook; what is left out stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookPatch
{
    /// <summary>Where to post.</summary>
    [StringLength(2_048, MinimumLength = 1)]
    public string? Url { get; init; }

    /// <summary>What to be told of.</summary>
    [MinLength(1)]
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>What people call it.</summary>
    [StringLength(100)]
    public string? Name { get; init; }

    /// <summary>Whether to be sent memories' texts too.</summary>
    public bool? IncludeContent { get; init; }

    /// <summary>Whether it is told anything; false drops what is under way.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>How a webhook gets a new secret.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RotateWebhookRequest
{
    /// <summary>How long deliveries are signed with the secret before as well, in seconds; default a day.</summary>
    [Range(0, 2_592_000)]
    public int? OverlapSeconds { get; init; }
}

/// <summary>A webhook, without its secret.</summary>
/// <param name="Id">The webhook's id; the audit trail names it as <c>webhook:ID</c>.</param>
/// <param name="Url">Where deliveries are posted.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="Name">What people call it.</param>
/// <param name="IncludeContent">Whether it is sent memories' texts too.</param>
/// <param name="Enabled">Whether it is told anything.</param>
/// <param name="Version">Grows by one with each change.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="MadeBy">Which credential made it.</param>
/// <param name="RotatedAt">When it got its present secret; null while that is the first one.</param>
/// <param name="PreviousUntil">Until when deliveries are signed with the secret before the last rotation too.</param>
public sealed record WebhookResponse(
    string Id, string Url, IReadOnlyList<string> Events, string Name, bool IncludeContent, bool Enabled, long Version,
    DateTimeOffset MadeAt, string MadeBy,
    DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil);

/// <summary>A webhook just made or given a new secret.</summary>
/// <param name="Secret">What deliveries are signed with, <c>whsec_</c> and base64; shown this once.</param>
/// <param name="Details">All else about it.</param>
public sealed record ShownWebhookResponse(string Secret, WebhookResponse Details);

/// <summary>A tenant's webhooks, the first made first.</summary>
/// <param name="Items">All of them.</param>
public sealed record WebhookList(IReadOnlyList<WebhookResponse> Items);

/// <summary>How the telling of one event to a webhook stands.</summary>
/// <param name="Id">The header <c>webhook-id</c>, the same however often it is sent.</param>
/// <param name="Seq">The event's place in the tenant's log.</param>
/// <param name="Type">What is told.</param>
/// <param name="State"><c>pending</c>: to be sent, or sent again; <c>delivered</c>: the receiver answered 2xx; <c>dead</c>: failed as often
/// as it
/// may; <c>dropped</c>: the webhook was switched off.</param>
/// <param name="EventAt">When it happened.</param>
/// <param name="Attempts">Sent so often.</param>
/// <param name="LastStatus">The HTTP status of the last answer; null: none came.</param>
/// <param name="LastError">Why the last attempt failed; null when it did not.</param>
/// <param name="LastAt">When the last attempt ended.</param>
public sealed record DeliveryResponse(
    string Id, long Seq, string Type, [property: AllowedValues("pending", "delivered", "dead", "dropped")] string State,
    DateTimeOffset EventAt, int Attempts,
    int? LastStatus, string? LastError, DateTimeOffset? LastAt);

/// <summary>A page of a webhook's deliveries, the newest event's first.</summary>
/// <param name="Items">The page.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryResponse> Items, string? NextCursor);

/// <summary>What a webhook is sent, and what a stream of events has in each <c>data</c>.</summary>
/// <param name="Type"><c>memory.made</c>, <c>memory.superseded</c>, <c>memory.erased</c>, <c>session.distilled</c>, <c>job.dead</c>, or, to
/// a
/// webhook that is tried out, <c>webhook.test</c>.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Tenant">Whose memory it is.</param>
/// <param name="Seq">Its place in the tenant's log, from 1.</param>
/// <param name="Data">Ids and kinds: <c>memory_id</c>, <c>kind</c>, <c>version</c>, <c>user_id</c>, <c>agent_id</c>, <c>session_id</c>,
/// <c>superseded_by</c>;
/// <c>distilled_seq</c>; <c>job_id</c>, <c>subject</c>, <c>attempts</c>; and <c>content</c> where it was asked for.</param>
public sealed record EventResponse(string Type, DateTimeOffset Timestamp, string Tenant, long Seq, JsonElement Data);
