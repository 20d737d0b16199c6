using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Which memories a page holds, from where on.</summary>
internal readonly record struct MemoryListing(MemoryFilter Filter, ListPosition Before, int Limit);

/// <summary>Reads memories of a tenant.</summary>
internal static class MemoryQueries
{
    /// <summary>The current version of each <c>m</c>, by one look-up.</summary>
    private const string Current = """
        CROSS JOIN LATERAL (
            SELECT * FROM memory_versions v WHERE v.tenant = $1 AND v.memory_key = m.memory_key AND v.version = m.version LIMIT 1) v
        """;

    public static readonly TenantQuery<string, MemoryRecord?> Find = new(
        "find memory",
        $"SELECT {MemoryRow.Columns} FROM memories m {Current} WHERE m.tenant = $1 AND m.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? MemoryRow.Read(rows) : null);

    public static readonly TenantQuery<string[], IReadOnlyList<MemoryRecord>> FindAll = new(
        "find memories",
        $"""
        SELECT {MemoryRow.Columns} FROM (SELECT DISTINCT a.id FROM unnest($2::text[]) AS a (id)) a
        CROSS JOIN LATERAL (SELECT * FROM memories m WHERE m.tenant = $1 AND m.id = a.id LIMIT 1) m {Current}
        """,
        static (parameters, ids) => parameters.AddTexts(ids),
        MemoryRow.ReadAllAsync);

    public static readonly TenantQuery<string, IReadOnlyList<MemoryRecord>> History = new(
        "read history of a memory",
        $"""
        SELECT {MemoryRow.Columns} FROM memories m JOIN memory_versions v ON v.tenant = $1 AND v.memory_key = m.memory_key
        WHERE m.tenant = $1 AND m.id = $2 ORDER BY v.version
        """,
        static (parameters, id) => parameters.AddText(id),
        MemoryRow.ReadAllAsync);

    public static readonly TenantQuery<string, IReadOnlyList<MemoryRecord>> Operation = new(
        "read operation",
        $"""
        SELECT {MemoryRow.Columns} FROM memory_versions v
        CROSS JOIN LATERAL (SELECT * FROM memories m WHERE m.tenant = $1 AND m.memory_key = v.memory_key LIMIT 1) m
        WHERE v.tenant = $1 AND v.operation = $2
        """,
        static (parameters, operation) => parameters.AddText(operation),
        MemoryRow.ReadAllAsync);

    public static readonly TenantQuery<(string? UserId, byte[][] Digests), IReadOnlyList<MemoryRecord>> ByKeys = new(
        "find memories by keys",
        $"""
        SELECT {MemoryRow.Columns} FROM (
            SELECT DISTINCT k.memory_key FROM memory_keys k WHERE k.tenant = $1 AND k.user_id = $2 AND k.digest = ANY ($3::bytea[])) k
        CROSS JOIN LATERAL (SELECT * FROM memories m WHERE m.tenant = $1 AND m.memory_key = k.memory_key LIMIT 1) m {Current}
        """,
        static (parameters, query) =>
        {
            parameters.AddText(UserName.ToColumn(query.UserId));
            parameters.AddArray(query.Digests, NpgsqlDbType.Bytea);
        },
        MemoryRow.ReadAllAsync);

    public static readonly TenantQuery<(string SessionId, string? AfterId, int Limit), IReadOnlyList<MemoryRecord>> Citing = new(
        "find memories that cite",
        $"""
        SELECT {MemoryRow.Columns} FROM (
            SELECT c.memory_id FROM memory_citations c WHERE c.tenant = $1 AND c.session_id = $2 AND c.memory_id > $3
            ORDER BY c.memory_id LIMIT $4) c
        CROSS JOIN LATERAL (SELECT * FROM memories m WHERE m.tenant = $1 AND m.id = c.memory_id COLLATE "default" LIMIT 1) m {Current}
        ORDER BY c.memory_id
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.SessionId);
            parameters.AddText(query.AfterId ?? string.Empty);
            parameters.AddBigint(query.Limit);
        },
        MemoryRow.ReadAllAsync);

    public static readonly TenantQuery<string, long> Distilled = new(
        "find distilled",
        "SELECT s.distilled FROM sessions s WHERE s.tenant = $1 AND s.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);

    public static readonly TenantQuery<string?, OwnerVersion> OwnerVersion = new(
        "find owner's version",
        "SELECT o.memory_version FROM owners o WHERE o.tenant = $1 AND o.user_id = $2",
        static (parameters, userId) => parameters.AddText(UserName.ToColumn(userId)),
        static async (rows, userId, cancel) => new OwnerVersion(userId, await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0));

    public static readonly TenantQuery<IReadOnlyList<SalienceUpdate>, bool> SaveSalience = new(
        "save salience",
        "SELECT save_salience_1($1, $2, $3, $4)",
        static (parameters, updates) =>
        {
            parameters.AddTexts([.. updates.Select(static update => update.MemoryId)]);
            parameters.AddArray([.. updates.Select(static update => update.Salience.Value)], NpgsqlDbType.Double);
            parameters.AddBigints([.. updates.Select(static update => Timestamp.Of(update.Salience.At))]);
        },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel));

    /// <summary>One statement for each combination of filters, so that each can use the index made for it.</summary>
    private static readonly TenantQuery<MemoryListing, Page<MemoryRecord>>[] Listings = [.. Enumerable.Range(0, 64).Select(ListingOf)];

    /// <summary>Every query here, for the test of plans.</summary>
    public static IEnumerable<(string Name, string Sql)> All =>
    [
        Find.Text, FindAll.Text, History.Text, Operation.Text, ByKeys.Text, Citing.Text, Distilled.Text, OwnerVersion.Text,
        .. Listings.Select(static listing => listing.Text),
    ];

    public static TenantQuery<MemoryListing, Page<MemoryRecord>> List(MemoryFilter filter) => Listings[
        (filter.UserId is null ? 0 : 1) + (filter.AgentId is null ? 0 : 2) + (filter.SessionId is null ? 0 : 4)
        + (filter.Kind is null ? 0 : 8) + (filter.Tier is null ? 0 : 16) + (filter.Status is null ? 0 : 32)];

    private static TenantQuery<MemoryListing, Page<MemoryRecord>> ListingOf(int shape)
    {
        string[] columns = ["user_id", "agent_id", "session_id", "kind", "tier", "status"];
        var next = 5;
        var wanted = string.Concat(columns.Where((_, i) => (shape & (1 << i)) != 0).Select(column => $" AND m.{column} = ${next++}"));
        return new(
            $"list memories{wanted}",
            $"""
            SELECT {MemoryRow.Columns}, m.created_at, m.memory_key FROM (
                SELECT * FROM memories m WHERE m.tenant = $1 AND (m.created_at, m.memory_key) < ($2, $3){wanted}
                ORDER BY m.created_at DESC, m.memory_key DESC LIMIT $4) m {Current}
            ORDER BY m.created_at DESC, m.memory_key DESC
            """,
            Bind,
            ReadPageAsync);
    }

    private static void Bind(NpgsqlParameterCollection parameters, MemoryListing listing)
    {
        parameters.AddBigint(listing.Before.CreatedAt);
        parameters.AddBigint(listing.Before.SessionKey);
        parameters.AddBigint(listing.Limit + 1L);
        var filter = listing.Filter;
        foreach (var text in new[] { filter.UserId, filter.AgentId, filter.SessionId, filter.Kind }.OfType<string>())
            parameters.AddText(text);
        if (filter.Tier is { } tier)
            parameters.AddBigint((long)tier);
        if (filter.Status is { } status)
            parameters.AddBigint((long)status);
    }

    private static async Task<Page<MemoryRecord>> ReadPageAsync(TenantRows rows, MemoryListing listing, CancellationToken cancel)
    {
        var page = new ListPage<MemoryRecord>(listing.Limit);
        while (await rows.ReadAsync(cancel))
            page.Add(MemoryRow.Read(rows), rows.GetInt64(MemoryRow.Count), rows.GetInt64(MemoryRow.Count + 1));
        return page.ToPage();
    }
}
