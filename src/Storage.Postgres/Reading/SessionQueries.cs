using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads sessions, tombstones and idempotency records of a tenant.</summary>
internal static class SessionQueries
{
    private const string Columns =
        "s.id, s.user_id, s.agent_id, s.status, s.last_seq, s.version, s.created_at, s.updated_at, s.session_key, s.time_zone";

    public static readonly TenantQuery<string, SessionLookup> Find = new(
        "find session",
        $"""
        SELECT {Columns} FROM sessions s WHERE s.tenant = $1 AND s.id = $2
        UNION ALL
        SELECT t.id, '', NULL, -1::smallint, 0, t.version, 0, 0, 0, NULL FROM tombstones t WHERE t.tenant = $1 AND t.id = $2
        """,
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) =>
        {
            if (!await rows.ReadAsync(cancel))
                return default;
            return rows.GetInt16(3) < 0
                ? new SessionLookup(Session: null, rows.GetInt64(5))
                : new SessionLookup(Read(rows), TombstoneVersion: 0);
        });

    public static readonly TenantQuery<string, string?> FindTimeZone = new(
        "find time zone",
        "SELECT s.time_zone FROM sessions s WHERE s.tenant = $1 AND s.user_id = $2 AND s.time_zone IS NOT NULL ORDER BY s.session_key "
        + "DESC LIMIT 1",
        static (parameters, userId) => parameters.AddText(userId),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetString(0) : null);

    public static readonly TenantQuery<(string Scope, string Key, long Now), IdempotencyRecord?> FindIdempotency = new(
        "find idempotency record",
        """
        SELECT i.digest, s.id, i.first_seq, i.count, i.version, i.expires_at
        FROM idempotency i JOIN sessions s ON s.tenant = i.tenant AND s.session_key = i.session_key
        WHERE i.tenant = $1 AND i.scope = $2 AND i.key = $3 AND i.expires_at > $4
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.Scope);
            parameters.AddText(query.Key);
            parameters.AddBigint(query.Now);
        },
        static async (rows, query, cancel) => await rows.ReadAsync(cancel)
            ? new IdempotencyRecord(
                query.Scope, query.Key, rows.Seal.OpenedRequest(query.Scope, query.Key, rows.GetFieldValue<byte[]>(0)), rows.GetString(1),
                rows.GetInt64(2), rows.GetInt32(3), rows.GetInt64(4), Timestamp.Read(rows.GetInt64(5)))
            : null);

    /// <summary>One statement for each combination of filters, so that each can use the index made for it.</summary>
    public static readonly TenantQuery<Listing, Page<Session>>[] Listings = [.. Enumerable.Range(0, 8).Select(ListingOf)];

    public static TenantQuery<Listing, Page<Session>> List(SessionFilter filter) =>
        Listings[(filter.UserId is null ? 0 : 1) + (filter.AgentId is null ? 0 : 2) + (filter.Status is null ? 0 : 4)];

    private static TenantQuery<Listing, Page<Session>> ListingOf(int shape)
    {
        var next = 5;
        var user = (shape & 1) == 0 ? "" : $" AND s.user_id = ${next++}";
        var agent = (shape & 2) == 0 ? "" : $" AND s.agent_id = ${next++}";
        var status = (shape & 4) == 0 ? "" : $" AND s.status = ${next}";
        return new(
            $"list sessions{user}{agent}{status}",
            $"""
            SELECT {Columns} FROM sessions s
            WHERE s.tenant = $1 AND (s.created_at, s.session_key) < ($2, $3){user}{agent}{status}
            ORDER BY s.created_at DESC, s.session_key DESC LIMIT $4
            """,
            Bind,
            ReadPageAsync);
    }

    private static void Bind(NpgsqlParameterCollection parameters, Listing listing)
    {
        parameters.AddBigint(listing.Before.CreatedAt);
        parameters.AddBigint(listing.Before.SessionKey);
        parameters.AddBigint(listing.Limit + 1L);
        if (listing.Filter.UserId is { } user)
            parameters.AddText(user);
        if (listing.Filter.AgentId is { } agent)
            parameters.AddText(agent);
        if (listing.Filter.Status is { } status)
            parameters.AddBigint((long)status);
    }

    private static async Task<Page<Session>> ReadPageAsync(TenantRows rows, Listing listing, CancellationToken cancel)
    {
        var page = new ListPage<Session>(listing.Limit);
        while (await rows.ReadAsync(cancel))
            page.Add(Read(rows), rows.GetInt64(6), rows.GetInt64(8));
        return page.ToPage();
    }

    private static Session Read(TenantRows rows) => new(
        rows.GetString(0),
        UserName.FromColumn(rows.GetString(1)),
        rows.IsDBNull(2) ? null : rows.GetString(2),
        (SessionStatus)rows.GetInt16(3),
        rows.GetInt64(4),
        rows.GetInt64(5),
        Timestamp.Read(rows.GetInt64(6)),
        Timestamp.Read(rows.GetInt64(7)))
    {
        TimeZone = rows.IsDBNull(9) ? null : rows.GetString(9),
    };
}

/// <summary>Which sessions a page holds, from where on.</summary>
internal readonly record struct Listing(SessionFilter Filter, ListPosition Before, int Limit);
