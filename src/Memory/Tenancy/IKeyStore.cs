namespace MemoryOrleans.Tenancy;

/// <summary>Port of the tenants' keys. Implementations pass <c>tests/Storage.Conformance</c>.</summary>
public interface IKeyStore
{
    /// <summary>Null when the tenant has no key of this id.</summary>
    ValueTask<ApiKey?> FindKeyAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>Newest first, ended ones included. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.</summary>
    ValueTask<Outcome<Page<ApiKey>>> ListKeysAsync(string tenant, string? cursor, int limit, CancellationToken cancel);

    /// <summary>
    /// Adds a key, and removes the tenant's that ended before <paramref name="endedBefore"/>; false when there are too many then.
    /// </summary>
    /// <param name="keysMax">Keys that the tenant may have.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask<bool> AddKeyAsync(string tenant, ApiKey key, int keysMax, DateTimeOffset endedBefore, CancellationToken cancel);

    /// <summary>Puts a key in the place of the version before it; false when that is not the one there is.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask<bool> ChangeKeyAsync(string tenant, ApiKey key, CancellationToken cancel);
}
