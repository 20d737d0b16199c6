using System.Collections.Frozen;

namespace MemoryOrleans.Gateway.Access;

/// <summary>What a credential allows.</summary>
[Flags]
internal enum Scopes
{
    None = 0,
    Read = 1,
    Write = 2,
    Admin = 4,

    /// <summary>Settings and keys of any tenant; by keys from settings alone.</summary>
    Operator = 8,
    All = Read | Write | Admin,
}

/// <summary>Who calls: the tenant, and what they may do.</summary>
/// <param name="Id">
/// Which credential, as audit entries name it: <c>key:</c> and twelve digits of the key's SHA-256 or, of a key in the store, its id;
/// <c>jwt:</c>
/// and twelve digits of the SHA-256 of issuer and subject; or <c>local</c>.
/// </param>
/// <param name="Anonymous">True without API keys, where the caller is whoever sits on this machine.</param>
internal sealed record Caller(string Tenant, Scopes Scopes, string Id, bool Anonymous = false)
{
    /// <summary>True for a key so short that it is within reach of guessing, if guessing is quick.</summary>
    public bool IsGuessable { get; init; }

    /// <summary>The only users it may speak of; empty: any.</summary>
    public FrozenSet<string> Users { get; init; } = [];

    /// <summary>The only agents it may speak of; empty: any.</summary>
    public FrozenSet<string> Agents { get; init; } = [];

    /// <summary>Whether its recalls must name their user.</summary>
    public bool RequiresUser { get; init; }

    /// <summary>As whom limits count it together with others: of tokens there are too many to count each. Null: as itself.</summary>
    public string? Together { get; init; }

    public string CountedAs => Together ?? Id;

    public bool IsRestricted => Users.Count > 0 || Agents.Count > 0;

    /// <summary>Whether it may speak of what is this user's and this agent's; null: nobody's.</summary>
    public bool MayReach(string? userId, string? agentId) =>
        (Users.Count == 0 || (userId is not null && Users.Contains(userId)))
        && (Agents.Count == 0 || (agentId is not null && Agents.Contains(agentId)));

    public const string DefaultTenant = "default";

    /// <summary>The caller when no keys are configured.</summary>
    public static readonly Caller Local = new(DefaultTenant, Scopes.All | Scopes.Operator, "local", Anonymous: true);

    /// <summary>A caller of an endpoint that asks for no credential.</summary>
    public static readonly Caller Nobody = new(DefaultTenant, Scopes.None, "nobody");
}
