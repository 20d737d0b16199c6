namespace MemoryOrleans.Client;

/// <summary>
/// The codes of problems that programs decide on; <see cref="MemoryApiException.Code"/> is one of these, or one newer than this client.
/// </summary>
public static class ProblemCodes
{
    public const string InvalidInput = "invalid_input";
    public const string UnknownField = "unknown_field";
    public const string MalformedJson = "malformed_json";
    public const string Unauthenticated = "unauthenticated";
    public const string InsufficientScope = "insufficient_scope";
    public const string NotFound = "not_found";
    public const string TurnIdConflict = "turn_id_conflict";
    public const string OwnerConflict = "owner_conflict";
    public const string NameConflict = "name_conflict";
    public const string Conflict = "conflict";
    public const string TenantBeingErased = "tenant_being_erased";
    public const string PreconditionFailed = "precondition_failed";
    public const string PayloadTooLarge = "payload_too_large";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string RateLimited = "rate_limited";
    public const string Overloaded = "overloaded";
    public const string NotReady = "not_ready";
    public const string StoreUnavailable = "store_unavailable";
    public const string EmbedderUnavailable = "embedder_unavailable";
    public const string RequestTimeout = "request_timeout";
}
