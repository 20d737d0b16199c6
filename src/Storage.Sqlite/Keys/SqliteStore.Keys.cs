using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Tenants' keys.</content>
public sealed partial class SqliteStore
{
    public ValueTask<ApiKey?> FindKeyAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync((tenant, id), KeyQueries.Find, cancel);

    public async ValueTask<Outcome<Page<ApiKey>>> ListKeysAsync(string tenant, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "keys");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync((tenant, before.Value, limit), KeyQueries.List, cancel);
    }

    public ValueTask<bool> AddKeyAsync(string tenant, ApiKey key, int keysMax, DateTimeOffset endedBefore, CancellationToken cancel) =>
        WriteOfAsync(tenant, transaction => KeyQueries.Add(transaction.Connection, tenant, key, keysMax, endedBefore), cancel);

    public ValueTask<bool> ChangeKeyAsync(string tenant, ApiKey key, CancellationToken cancel) =>
        WriteOfAsync(tenant, transaction => KeyQueries.Change(transaction.Connection, tenant, key), cancel);
}
