using System.Collections;
using System.Diagnostics;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>What the gateway knows of the request under way. It is also the logging scope: every line carries these.</summary>
internal sealed class RequestContext(string requestId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public string RequestId { get; } = requestId;

    /// <summary>A <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>Set by access control, before any handler runs.</summary>
    public Caller Caller { get; set; } = Caller.Nobody;

    /// <summary>
    /// Set by access control where the caller has not what is asked for: the scopes it takes. Admission answers that, since a refusal
    /// counts against the caller's limits like any other answer.
    /// </summary>
    public Scopes Lacks { get; set; }

    /// <summary>Set by admission: what body and answer take of the memory there is for them. Null before it.</summary>
    public HeldBytes? Held { get; set; }

    /// <summary>
    /// What it acts on, for the audit trail: an id, like <c>key:ID</c>. Set by the handler; empty where the operation says it all.
    /// </summary>
    public string Subject { get; set; } = string.Empty;

    /// <summary>The tenant that an operator acts on; null: the caller's own.</summary>
    public string? ActsOn { get; set; }

    public int Count => 2;

    public KeyValuePair<string, object?> this[int index] => index == 0
        ? new KeyValuePair<string, object?>("request_id", RequestId)
        : new KeyValuePair<string, object?>("tenant", Caller.Tenant);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"request_id:{RequestId} tenant:{Caller.Tenant}";
}

internal static class RequestContextAccess
{
    /// <summary>The context that <see cref="RequestBoundary"/> attached.</summary>
    public static RequestContext GetRequestContext(this HttpContext http) =>
        http.Features.Get<RequestContext>() ?? throw new InvalidOperationException("RequestBoundary is not in the pipeline.");
}
