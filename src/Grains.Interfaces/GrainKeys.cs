using MemoryOrleans.Recall;
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

    /// <summary>The name of the recall grain that answers a question: its user's, else its session's, else the tenant's.</summary>
    public static string OfScope(RecallQuery query) => OfScope(query.Tenant, query.UserId ?? query.SessionId);

    /// <summary>
    /// True when a grain's name, as UTF-8, is the tenant's or begins with it; makes no string, as every call is asked this.
    /// </summary>
    public static bool IsOfTenant(ReadOnlySpan<byte> key, string tenant)
    {
        if (key.Length < tenant.Length || (key.Length > tenant.Length && key[tenant.Length] != Separator))
            return false;
        for (var i = 0; i < tenant.Length; i++)
        {
            if (key[i] != tenant[i])
                return false;
        }

        return true;
    }
}
