using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>Where an append goes and under what conditions: everything but its body.</summary>
internal readonly struct AppendTarget
{
    private readonly SessionKey session;
    private readonly string? key;
    private readonly Precondition condition;
    private readonly string scope;

    private AppendTarget(SessionKey session, string? key, Precondition condition, string scope, FieldErrors errors)
    {
        this.session = session;
        this.key = key;
        this.condition = condition;
        this.scope = scope;
        Errors = errors;
    }

    public FieldErrors Errors { get; }

    /// <summary>True when the body's digest is needed, for an Idempotency-Key.</summary>
    public bool NeedsDigest => key is not null;

    /// <summary>True for <c>If-Match: *</c>.</summary>
    public bool MustExist => condition.Any;

    /// <summary>Reads path and headers; what is wrong with them is collected in <see cref="Errors"/>.</summary>
    /// <param name="scope">What follows <c>/turns</c> in the path that an Idempotency-Key belongs to.</param>
    public static AppendTarget Read(HttpContext http, string scope)
    {
        var errors = new FieldErrors();
        return new AppendTarget(
            SessionRoute.Read(http, errors),
            IdempotencyHeader.Read(http.Request.Headers, errors),
            Precondition.Read(http.Request.Headers, errors),
            scope,
            errors);
    }

    public AppendCommand ToCommand(string? userId, string? agentId, string? timeZone, IReadOnlyList<TurnDraft> drafts, byte[]? digest) =>
        new(
        session,
        userId,
        agentId,
        drafts,
        key is null ? null : new IdempotencyKey($"POST /v1/sessions/{session.Id}/turns{scope}", key, digest!),
        condition.Version)
    {
        TimeZone = timeZone,
    };
}
