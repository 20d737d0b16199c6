using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Names of grains. A tenant's name has no slash, nor has any id, so that one name means one thing.</summary>
public static class GrainKeys
{
    private const char Separator = '/';

    /// <summary>The name of a session's grain: <c>tenant/session</c>.</summary>
    public static string Of(SessionKey session) => $"{session.Tenant}{Separator}{session.Id}";

    /// <summary>The session that a grain's name means.</summary>
    /// <exception cref="ArgumentException">It is no name of a session's grain.</exception>
    public static SessionKey ToSession(string key)
    {
        var at = key.IndexOf(Separator, StringComparison.Ordinal);
        if (at < 0 || !Identifiers.IsValidTenant(key.AsSpan(0, at)) || !Identifiers.IsValid(key.AsSpan(at + 1)))
            throw new ArgumentException($"'{key}' is not tenant{Separator}session.", nameof(key));
        return new SessionKey(key[..at], key[(at + 1)..]);
    }

    /// <summary>The name of the recall grain of a user's memories, or of the tenant's as a whole.</summary>
    public static string OfScope(string tenant, string? userId) => $"{tenant}{Separator}{userId}";

    /// <summary>The tenant of a session's or scope's grain.</summary>
    public static string TenantOf(string key)
    {
        var at = key.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? key : key[..at];
    }
}
