using MemoryOrleans.Memories;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>Where a memory stands to a recall: the scope it comes from, and what that multiplies its score by.</summary>
internal readonly record struct ScopePlace(string Scope, double Factor);

/// <summary>
/// Which memories a recall may see, and how near they are. What lies within what the recall names is its own; what is wider
/// (the agent's, the agent class's, the tenant's) is inherited, and the nearer counts more.
/// </summary>
internal static class ScopePolicy
{
    public const string Session = "session";
    public const string User = "user";
    public const string Agent = "agent";
    public const string AgentClass = "agent_class";
    public const string Tenant = "tenant";

    private static readonly Dictionary<string, double> Factors = new(StringComparer.Ordinal)
    {
        [Session] = 1, [User] = 1, [Agent] = 0.95, [AgentClass] = 0.9, [Tenant] = 0.85,
    };

    /// <summary>The memory's place; null when the recall does not see it.</summary>
    /// <param name="sessionUser">The user of the session the recall names, when it names one that exists.</param>
    public static ScopePlace? PlaceOf(RecallQuery query, string? sessionUser, MemoryOwner owner)
    {
        var scope = ScopeOf(query, owner);
        if (query.Scopes is not null && !query.Scopes.Contains(scope, StringComparer.Ordinal))
            return null;
        if (query is { UserId: null, SessionId: null, AgentId: null })
            return new ScopePlace(scope, 1);
        return IsSeen(query, sessionUser, owner) ? new ScopePlace(scope, Factors[scope]) : null;
    }

    // A user's memories of another session of theirs are the user's for this recall.
    private static string ScopeOf(RecallQuery query, MemoryOwner owner)
    {
        if (owner.SessionId is not null && (owner.SessionId == query.SessionId || owner.UserId is null))
            return Session;
        if (owner.UserId is not null)
            return User;
        return owner.AgentId is not null ? Agent : owner.AgentClass is not null ? AgentClass : Tenant;
    }

    private static bool IsSeen(RecallQuery query, string? sessionUser, MemoryOwner owner)
    {
        if (owner.SessionId is not null && owner.SessionId == query.SessionId)
            return true;
        if (owner.AgentId is not null && query.AgentId is not null && owner.AgentId != query.AgentId)
            return false;
        if (owner.SessionId is not null || owner.UserId is not null)
            return IsOfWhom(query, sessionUser, owner);
        return owner.AgentId is not null ? owner.AgentId == query.AgentId
            || owner.AgentId == query.InheritedAgentId : owner.AgentClass is null || owner.AgentClass == query.AgentClass;
    }

    // Beside a user, everything of the user; of a session alone, what holds for its user at large; of an agent, all it made.
    private static bool IsOfWhom(RecallQuery query, string? sessionUser, MemoryOwner owner)
    {
        if (query.UserId is not null)
            return owner.UserId == query.UserId;
        return query.SessionId is not null
            ? owner.SessionId is null && owner.UserId is not null && owner.UserId == sessionUser
            : owner.AgentId == query.AgentId;
    }
}
