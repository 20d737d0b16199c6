using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Tenants' keys.</content>
public sealed partial class PostgresStore
{
    public ValueTask<ApiKey?> FindKeyAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadPlainAsync(KeyQueries.Find, tenant, id, cancel);

    public async ValueTask<Outcome<Page<ApiKey>>> ListKeysAsync(string tenant, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "keys");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadPlainAsync(KeyQueries.List, tenant, (before.Value, limit), cancel);
    }

    public ValueTask<bool> AddKeyAsync(string tenant, ApiKey key, int keysMax, DateTimeOffset endedBefore, CancellationToken cancel) =>
        reads.WriteAsync(KeyQueries.Add, tenant, (key, keysMax, endedBefore), cancel);

    public ValueTask<bool> ChangeKeyAsync(string tenant, ApiKey key, CancellationToken cancel) =>
        reads.WriteAsync(KeyQueries.Change, tenant, key, cancel);
}
