using MemoryOrleans.Settings;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>MEMORY_JWT_*: whose tokens are taken as credentials, and what their claims mean.</summary>
public sealed record TokenOptions
{
    /// <summary>MEMORY_JWT_METADATA: where the issuer's discovery document is.</summary>
    public required Uri Metadata { get; init; }

    /// <summary>MEMORY_JWT_ISSUER: what a token's <c>iss</c> must be; null: what the discovery document says.</summary>
    public string? Issuer { get; init; }

    /// <summary>MEMORY_JWT_AUDIENCE: one of these must be among a token's <c>aud</c>.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>MEMORY_JWT_ALGORITHMS: how a token may be signed.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>MEMORY_JWT_TENANT_CLAIM: the claim that names the tenant.</summary>
    public required string TenantClaim { get; init; }

    /// <summary>MEMORY_JWT_SCOPES_CLAIM: the claim that names the scopes.</summary>
    public required string ScopesClaim { get; init; }

    /// <summary>MEMORY_JWT_SCOPE_PREFIX: what a scope's name begins with.</summary>
    public required string ScopePrefix { get; init; }

    /// <summary>MEMORY_JWT_USER_CLAIM: the claim that names the one user a token may speak of; null: tokens speak of all.</summary>
    public string? UserClaim { get; init; }

    /// <summary>MEMORY_JWT_SKEW_SECONDS: how far the issuer's clock may be off.</summary>
    public required TimeSpan Skew { get; init; }

    /// <summary>MEMORY_JWT_REFRESH_SECONDS: least time between two looks for new keys that unknown ones bring about.</summary>
    public required TimeSpan Refresh { get; init; }

    private static readonly string[] KnownAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Null when no issuer is set.</summary>
    public static TokenOptions? Read(MemorySettings settings)
    {
        const string Address = "https://HOST[:PORT]/PATH, or http:// on this machine";
        var authority = settings.Text("MEMORY_JWT_AUTHORITY", null, Address,
            "An OpenID Connect issuer whose tokens are taken as Bearer credentials beside API keys. Default: none.");
        var metadata = settings.Text(
            "MEMORY_JWT_METADATA", null, Address,
            "Where the issuer's discovery document is. Default: /.well-known/openid-configuration of MEMORY_JWT_AUTHORITY.");
        var options = new TokenOptions
        {
            Metadata = new Uri("http://localhost/"),
            Issuer = settings.Text("MEMORY_JWT_ISSUER", null, "the issuer's name",
            "What a token's iss must be. Default: what the discovery document says."),
            Audiences = settings.List("MEMORY_JWT_AUDIENCE", string.Empty, "names, separated by commas",
            "One of these must be among a token's aud; needed with an issuer."),
            Algorithms = settings.List(
                "MEMORY_JWT_ALGORITHMS", "RS256,ES256", string.Join(", ", KnownAlgorithms) + "; several with commas between",
                "How tokens may be signed. Signatures by a shared secret and unsigned tokens are never taken."),
            TenantClaim = settings.Text("MEMORY_JWT_TENANT_CLAIM", "tenant", "a claim's name",
            "The claim that names a token's tenant; a token without it is refused.")!,
            ScopesClaim = settings.Text(
                "MEMORY_JWT_SCOPES_CLAIM", "scope", "a claim's name",
                "The claim with a token's scopes read, write and admin: one text with blanks between, or a list.")!,
            ScopePrefix = settings.Text("MEMORY_JWT_SCOPE_PREFIX", string.Empty, "any text",
            "What the scopes' names begin with there, for instance memory: in memory:read.") ?? string.Empty,
            UserClaim = settings.Text(
                "MEMORY_JWT_USER_CLAIM", null, "a claim's name",
                "The claim, for instance sub, that names the one user_id a token may speak of; a token without it is refused. Default: "
                + "tokens may speak of all."),
            Skew = TimeSpan.FromSeconds(settings.Integer("MEMORY_JWT_SKEW_SECONDS", 60, 0, 600, "seconds",
            "How far the issuer's clock may be off, for exp and nbf.")),
            Refresh = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_JWT_REFRESH_SECONDS", 300, 1, 86_400, "seconds",
                "Least time between two looks for the issuer's new keys that tokens with an unknown key bring about. Every 12 hours "
                + "they are read anyway.")),
        };
        if (authority is null && metadata is null)
            return null;
        foreach (var algorithm in options.Algorithms.Where(static each => !KnownAlgorithms.Contains(each, StringComparer.Ordinal)))
            settings.Reject("MEMORY_JWT_ALGORITHMS", $"'{algorithm}' is none of {string.Join(", ", KnownAlgorithms)}");
        if (options.Audiences.Count == 0)
            settings.Reject("MEMORY_JWT_AUDIENCE", "must be set: else tokens that the issuer made for others would be taken");
        var (name, text) = metadata is not null ? ("MEMORY_JWT_METADATA", metadata)
            : ("MEMORY_JWT_AUTHORITY", authority!.TrimEnd('/') + "/.well-known/openid-configuration");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            settings.Reject(name, $"must be {Address}");
        return options with { Metadata = address ?? options.Metadata };
    }
}
