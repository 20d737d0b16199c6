using System.Globalization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Problems;

/// <summary>Every failure this API answers with, and how the core's, the server's and the gateway's own become one.</summary>
internal static class ProblemMap
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);

    private static readonly ProblemKind InvalidInputKind = new("invalid_input", 400, "The request is not valid");
    private static readonly ProblemKind MalformedJsonKind = new("malformed_json", 400, "The body is not JSON");
    private static readonly ProblemKind UnknownFieldKind = new("unknown_field", 400, "The request has a field that does not exist");
    private static readonly ProblemKind BadRequestKind = new("bad_request", 400, "The request is not valid HTTP");
    private static readonly ProblemKind UnauthenticatedKind = new("unauthenticated", 401, "A valid API key is needed");
    private static readonly ProblemKind ForbiddenKind = new("forbidden", 403, "Not allowed");
    private static readonly ProblemKind InsufficientScopeKind = new("insufficient_scope", 403, "The API key does not allow this");
    private static readonly ProblemKind RestrictedKeyKind = new("restricted_key", 403, "The API key is restricted to users or agents");
    private static readonly ProblemKind TenantMismatchKind = new("tenant_mismatch", 403, "The API key is of another tenant");
    private static readonly ProblemKind RemoteNotAllowedKind = new("remote_not_allowed", 403, "Only this machine may call");
    private static readonly ProblemKind HostNotAllowedKind = new("host_not_allowed", 403, "The Host header is not allowed");
    private static readonly ProblemKind OriginNotAllowedKind = new("origin_not_allowed", 403, "The Origin is not allowed");
    private static readonly ProblemKind NotFoundKind = new("not_found", 404, "Not found");
    private static readonly ProblemKind NoSuchRouteKind = new("no_such_route", 404, "There is nothing at this path");
    private static readonly ProblemKind MethodNotAllowedKind = new("method_not_allowed", 405, "The path does not take this method");
    private static readonly ProblemKind BodyTimeoutKind = new("body_timeout", 408, "The body arrived too slowly");
    private static readonly ProblemKind TurnIdConflictKind = new("turn_id_conflict", 409, "The turn id is taken");
    private static readonly ProblemKind OwnerConflictKind = new("owner_conflict", 409, "The session has another owner");
    private static readonly ProblemKind ConflictKind = new("conflict", 409, "Not in this state");
    private static readonly ProblemKind TenantBeingErasedKind = new("tenant_being_erased", 409, "The tenant is being erased");
    private static readonly ProblemKind NameConflictKind = new("name_conflict", 409, "The name is taken");
    private static readonly ProblemKind PreconditionFailedKind = new("precondition_failed", 412, "The version is not the current one");
    private static readonly ProblemKind PayloadTooLargeKind = new("payload_too_large", 413, "The body is too large");
    private static readonly ProblemKind UnsupportedMediaTypeKind = new("unsupported_media_type", 415, "The body must be JSON");
    private static readonly ProblemKind IdempotencyKeyReusedKind =
        new("idempotency_key_reused", 422, "The Idempotency-Key was used for another body");
    private static readonly ProblemKind RateLimitedKind = new("rate_limited", 429, "Too many requests");
    private static readonly ProblemKind InternalKind = new("internal_error", 500, "Something went wrong");
    private static readonly ProblemKind OverloadedKind = new("overloaded", 503, "Too busy just now");
    private static readonly ProblemKind StoreUnavailableKind = new("store_unavailable", 503, "The store cannot be reached");
    private static readonly ProblemKind StoreCorruptKind = new("store_corrupt", 503, "The store is damaged");
    private static readonly ProblemKind EmbedderUnavailableKind = new("embedder_unavailable", 503, "The embedder does not answer");
    private static readonly ProblemKind NotReadyKind = new("not_ready", 503, "Not ready yet");
    private static readonly ProblemKind RequestTimeoutKind = new("request_timeout", 503, "The request took too long");

    /// <summary>Fields, parameters or headers that are missing, malformed or out of range.</summary>
    public static Problem InvalidInput(IReadOnlyList<FieldErrorResponse> errors) =>
        Blaming(InvalidInputKind, errors);

    public static Problem InvalidInput(string field, string message) => InvalidInput([new FieldErrorResponse(field, message)]);

    public static Problem UnknownField(IReadOnlyList<FieldErrorResponse> errors) => Blaming(UnknownFieldKind, errors);

    public static Problem MalformedJson(string detail) => new(MalformedJsonKind, detail);

    public static Problem UnsupportedMediaType() =>
        new(UnsupportedMediaTypeKind, "Send the body as JSON in UTF-8, with Content-Type: application/json.");

    public static Problem ImportMediaType() =>
        new(UnsupportedMediaTypeKind with { Title = "The body must be an export" },
        "Send an export, with Content-Type: application/x-ndjson.");

    public static Problem PayloadTooLarge() =>
        new(PayloadTooLargeKind, "A body may have at most 8 MiB; send large batches in parts.");

    public static Problem Unauthenticated() =>
        new(UnauthenticatedKind, "Send a valid key as X-Api-Key or as Authorization: Bearer.");

    public static Problem InsufficientScope(Scopes needed) =>
        new(InsufficientScopeKind, $"This call needs the scope {needed.ToString().ToLowerInvariant()}.");

    public static Problem RestrictedKey() =>
        new(RestrictedKeyKind, "The key may speak of its own users and agents alone: name them as user_id and agent_id. Calls about the "
            + "whole tenant are not for it.");

    public static Problem TenantMismatch() =>
        new(TenantMismatchKind, "tenant_id must be the API key's tenant.",
        [new FieldErrorResponse("tenant_id", "must be the API key's tenant")]);

    public static Problem RemoteNotAllowed() =>
        new(RemoteNotAllowedKind, "Without MEMORY_API_KEYS only connections from this machine are answered.");

    public static Problem HostNotAllowed() =>
        new(HostNotAllowedKind, "Without MEMORY_API_KEYS the Host must be localhost, 127.0.0.1, [::1] or in MEMORY_ALLOWED_HOSTS.");

    public static Problem OriginNotAllowed() =>
        new(OriginNotAllowedKind, "Without MEMORY_API_KEYS a web page may call only when its origin is in MEMORY_ALLOWED_ORIGINS.");

    public static Problem TenantBeingErased() =>
        new(TenantBeingErasedKind, "The tenant is being erased as a whole. Nothing of it is stored or answered until that is done.");

    public static Problem PreconditionFailed(string detail) => new(PreconditionFailedKind, detail);

    public static Problem RateLimited(TimeSpan retryAfter) =>
        new(RateLimitedKind, "The limit on requests (MEMORY_GLOBAL_RATE_LIMIT) is reached, of this caller or of all.",
        RetryAfter: retryAfter);

    public static Problem LimitReached(string name, TimeSpan retryAfter) =>
        new(RateLimitedKind, $"The limit {name} of a minute is reached; nothing was done.", RetryAfter: retryAfter);

    public static Problem AddressRateLimited(TimeSpan retryAfter) =>
        new(RateLimitedKind, "The limit on requests of one address without a valid key (MEMORY_UNAUTHENTICATED_RATE_LIMIT) is reached.",
        RetryAfter: retryAfter);

    public static Problem Overloaded() =>
        new(OverloadedKind, "More requests are under way than this process takes on, of this caller or of all "
            + "(MEMORY_CALLER_SHARE_PERCENT).", RetryAfter: Soon);

    public static Problem TransfersBusy() =>
        new(OverloadedKind, "As many exports and imports as may be (MEMORY_TRANSFERS_MAX), of this caller or of all, are under way.",
        RetryAfter: Later);

    public static Problem StreamsBusy() =>
        new(OverloadedKind, "As many streams of events as may be (MEMORY_EVENT_STREAMS_MAX) are open for this tenant.", RetryAfter: Later);

    public static Problem RequestTimeout() =>
        new(RequestTimeoutKind, "The request was given up. A write may still have taken place: repeat it with the same Idempotency-Key "
            + "or turn id.", RetryAfter: Soon);

    public static Problem IssuerUnreachable() =>
        new(NotReadyKind, "The issuer of tokens (MEMORY_JWT_AUTHORITY) cannot be reached, so that no token can be verified.",
        RetryAfter: Soon);

    public static Problem NotReady(IReadOnlyList<FieldErrorResponse> parts) =>
        new(NotReadyKind, "The service cannot take requests now.", parts, Soon);

    /// <summary>An expected failure of the core.</summary>
    public static Problem From(MemoryError error)
    {
        var kind = error.Code switch
        {
            ErrorCode.InvalidInput => InvalidInputKind,
            ErrorCode.NotFound => NotFoundKind,
            ErrorCode.TurnIdConflict => TurnIdConflictKind,
            ErrorCode.OwnerConflict => OwnerConflictKind,
            ErrorCode.NameConflict => NameConflictKind,
            ErrorCode.PreconditionFailed => PreconditionFailedKind,
            ErrorCode.IdempotencyKeyReused => IdempotencyKeyReusedKind,
            ErrorCode.Overloaded => OverloadedKind,
            ErrorCode.QuotaExceeded => RateLimitedKind,
            ErrorCode.StoreUnavailable or ErrorCode.SessionMoved => StoreUnavailableKind,
            ErrorCode.NotReady => NotReadyKind,
            ErrorCode.Conflict => ConflictKind,
            ErrorCode.EmbedderUnavailable => EmbedderUnavailableKind,
            _ => InternalKind,
        };
        // Details may repeat what a caller, or the file that is imported, calls things.
        var detail = Clip(error.Detail, 500);
        var errors = error.Field is null ? null : new[] { new FieldErrorResponse(Clip(error.Field), detail) };
        return new Problem(kind, detail, errors, kind.Status is 429 or 503 ? error.RetryAfter ?? Soon : null);
    }

    /// <summary>What ended a request by exception; only those that are nobody's bug have a problem of their own.</summary>
    public static Problem From(Exception failure) => failure switch
    {
        BadHttpRequestException bad => FromUnreadable(bad.StatusCode),
        StoreCorruptException => new(StoreCorruptKind, "What was asked for cannot be read until a backup is restored.", RetryAfter: Later),
        StoreUnavailableException => new(StoreUnavailableKind, "The store cannot be read or written just now.", RetryAfter: Soon),
        _ => new(InternalKind, "The failure was logged under this request's id."),
    };

    /// <summary>An answer that so far has only a status, from routing or the server.</summary>
    public static Problem FromStatus(int status, string method, string path) => status switch
    {
        StatusCodes.Status404NotFound =>
            new(NoSuchRouteKind, $"There is no {Clip(method)} {Clip(path)}; /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed =>
        new(MethodNotAllowedKind, $"{Clip(path)} does not take {Clip(method)}; the Allow header says what it takes."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType(),
        StatusCodes.Status413PayloadTooLarge => PayloadTooLarge(),
        StatusCodes.Status401Unauthorized => Unauthenticated(),
        StatusCodes.Status403Forbidden => new(ForbiddenKind, "This is not allowed."),
        >= 500 => new(InternalKind with { Status = status }, "The request could not be handled."),
        _ => new(BadRequestKind with { Status = status }, "The request could not be handled."),
    };

    private static Problem FromUnreadable(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => PayloadTooLarge(),
        StatusCodes.Status408RequestTimeout => new(BodyTimeoutKind, "The body did not arrive in time."),
        _ => new(BadRequestKind, "The request could not be read."),
    };

    /// <summary>A problem of fields. Their names may be the caller's own, of any length, and are not echoed whole.</summary>
    private static Problem Blaming(ProblemKind kind, IReadOnlyList<FieldErrorResponse> errors)
    {
        var clipped = errors.Select(static error => new FieldErrorResponse(Clip(error.Field), Clip(error.Message, 500))).ToArray();
        return new Problem(kind, Sentence(clipped), clipped);
    }

    private static string Clip(string text, int shown = 200)
    {
        if (text.Length <= shown)
            return text;
        return text[..(char.IsHighSurrogate(text[shown - 1]) ? shown - 1 : shown)] + "…";
    }

    private static string Sentence(IReadOnlyList<FieldErrorResponse> errors)
    {
        var more = errors.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({errors.Count - 1} more in errors)") : string.Empty;
        return $"{errors[0].Field} {errors[0].Message}{more}.";
    }
}
