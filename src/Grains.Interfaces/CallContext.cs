namespace MemoryOrleans.Grains;

/// <summary>
/// What travels with every grain call: for which tenant it is made, which the silo holds against the grain's name, and the id of
/// the request it serves, for logs.
/// </summary>
public static class CallContext
{
    private const string TenantKey = "memory.tenant";
    private const string RequestKey = "memory.request";

    /// <summary>The tenant that calls from here on are made for; null when nobody said.</summary>
    public static string? Tenant
    {
        get => RequestContext.Get(TenantKey) as string;
        set => Set(TenantKey, value);
    }

    /// <summary>The id of the request that calls from here on serve.</summary>
    public static string? RequestId
    {
        get => RequestContext.Get(RequestKey) as string;
        set => Set(RequestKey, value);
    }

    private static void Set(string key, string? value)
    {
        if (value is null)
            RequestContext.Remove(key);
        else
            RequestContext.Set(key, value);
    }
}
