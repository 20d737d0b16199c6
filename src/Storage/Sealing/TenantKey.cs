namespace MemoryOrleans.Storage.Sealing;

/// <summary>A tenant's data key as a store keeps it.</summary>
/// <param name="Number">1 for a tenant's first, one more for that after a destroyed one.</param>
/// <param name="MasterId">The master key it is wrapped under.</param>
/// <param name="Wrapped">Null: it was destroyed, and whatever it sealed with it.</param>
public sealed record TenantKey(string Tenant, long Number, string MasterId, byte[]? Wrapped)
{
    /// <summary>What the wrapping is bound to.</summary>
    public string Context => $"memory-orleans/tenant/{Number}/{Tenant}";
}

/// <summary>Where a store keeps its tenants' data keys.</summary>
public interface ITenantKeys
{
    /// <summary>The tenant's; null when it never had one.</summary>
    ValueTask<TenantKey?> FindKeyAsync(string tenant, CancellationToken cancel);

    /// <summary>
    /// Keeps a key when the tenant has none of that number or a later one, durably, and answers the one it has from then on: that of
    /// another process which was faster.
    /// </summary>
    Task<TenantKey> KeepKeyAsync(TenantKey key, CancellationToken cancel);

    /// <summary>Replaces the wrapping of a key that is still wrapped as it was; false when it is not.</summary>
    Task<bool> RewrapKeyAsync(TenantKey before, TenantKey after, CancellationToken cancel);

    /// <summary>Removes the wrapped key and keeps its number; false when there was none.</summary>
    Task<bool> DestroyKeyAsync(string tenant, CancellationToken cancel);

    /// <summary>Keys of all tenants by name, from behind one on.</summary>
    ValueTask<IReadOnlyList<TenantKey>> ListKeysAsync(string afterTenant, int limit, CancellationToken cancel);
}
