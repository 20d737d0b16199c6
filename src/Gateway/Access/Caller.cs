namespace MemoryOrleans.Gateway.Access;

/// <summary>What a credential allows.</summary>
[Flags]
internal enum Scopes
{
    None = 0,
    Read = 1,
    Write = 2,
    Admin = 4,
    All = Read | Write | Admin,
}

/// <summary>Who calls: the tenant, and what they may do.</summary>
/// <param name="Id">Which credential, as audit entries name it: <c>key:</c> and twelve digits of the key's SHA-256, or <c>local</c>.</param>
/// <param name="Anonymous">True without API keys, where the caller is whoever sits on this machine.</param>
internal sealed record Caller(string Tenant, Scopes Scopes, string Id, bool Anonymous = false)
{
    /// <summary>True for a key so short that it is within reach of guessing, if guessing is quick.</summary>
    public bool IsGuessable { get; init; }

    /// <summary>True for a key that must never search a whole tenant: every recall has to name a user.</summary>
    public bool RequiresUser { get; init; }

    public const string DefaultTenant = "default";

    /// <summary>The caller when no keys are configured.</summary>
    public static readonly Caller Local = new(DefaultTenant, Scopes.All, "local", Anonymous: true);

    /// <summary>A caller of an endpoint that asks for no credential.</summary>
    public static readonly Caller Nobody = new(DefaultTenant, Scopes.None, "nobody");
}
