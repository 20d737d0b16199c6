using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads and writes a tenant's keys. Each write is one statement, and so all or nothing.</summary>
internal static class KeyQueries
{
    public static readonly TenantQuery<string, ApiKey?> Find = new(
        "find key",
        "SELECT k.record FROM api_keys k WHERE k.tenant = $1 AND k.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? KeyColumn.Read(rows.GetString(0)) : null);

    public static readonly TenantQuery<(ListPosition Before, int Limit), Page<ApiKey>> List = new(
        "list keys",
        """
        SELECT k.record, k.made_at, k.key_no FROM api_keys k WHERE k.tenant = $1 AND (k.made_at, k.key_no) < ($2, $3)
        ORDER BY k.made_at DESC, k.key_no DESC LIMIT $4
        """,
        static (parameters, page) =>
        {
            parameters.AddBigint(page.Before.CreatedAt);
            parameters.AddBigint(page.Before.SessionKey);
            parameters.AddBigint(page.Limit + 1L);
        },
        static async (rows, from, cancel) =>
        {
            var page = new ListPage<ApiKey>(from.Limit);
            while (await rows.ReadAsync(cancel))
                page.Add(KeyColumn.Read(rows.GetString(0)), rows.GetInt64(1), rows.GetInt64(2));
            return page.ToPage();
        });

    /// <summary>What ended long ago goes in the same statement, and so does not count.</summary>
    public static readonly TenantQuery<(ApiKey Key, int KeysMax, DateTimeOffset EndedBefore), bool> Add = new(
        "add key",
        """
        WITH ended AS (DELETE FROM api_keys k WHERE k.tenant = $1 AND k.ends_at < $8)
        INSERT INTO api_keys (tenant, id, version, made_at, ends_at, record)
        SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM api_keys k WHERE k.tenant = $1 AND k.ends_at >= $8) < $7
        ON CONFLICT DO NOTHING RETURNING id
        """,
        static (parameters, add) =>
        {
            parameters.AddText(add.Key.Id);
            parameters.AddBigint(add.Key.Version);
            parameters.AddBigint(Timestamp.Of(add.Key.MadeAt));
            parameters.AddBigint(KeyColumn.EndOf(add.Key));
            parameters.AddText(KeyColumn.Of(add.Key));
            parameters.AddBigint(add.KeysMax);
            parameters.AddBigint(Timestamp.Of(add.EndedBefore));
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    public static readonly TenantQuery<ApiKey, bool> Change = new(
        "change key",
        """
        UPDATE api_keys k SET version = $3, ends_at = $4, record = $5 WHERE k.tenant = $1 AND k.id = $2 AND k.version = $3 - 1
        RETURNING k.id
        """,
        static (parameters, key) =>
        {
            parameters.AddText(key.Id);
            parameters.AddBigint(key.Version);
            parameters.AddBigint(KeyColumn.EndOf(key));
            parameters.AddText(KeyColumn.Of(key));
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));
}
