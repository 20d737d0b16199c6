namespace MemoryOrleans.Gateway.Access;

/// <summary>Scopes as they are written in settings, keys and tokens.</summary>
internal static class ScopeNames
{
    /// <summary>What the names allow; names that are none of read, write and admin allow nothing.</summary>
    public static Scopes Of(IEnumerable<string> names) => names.Aggregate(Scopes.None, static (all, name) => all | name switch
    {
        "read" => Scopes.Read,
        "write" => Scopes.Write,
        "admin" => Scopes.Admin,
        _ => Scopes.None,
    });
}
