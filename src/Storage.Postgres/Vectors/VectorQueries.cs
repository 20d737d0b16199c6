using System.Collections.Concurrent;
using MemoryOrleans.Recall.Vectors;
using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>A question's vector, and how many rows of vectors to answer it with.</summary>
/// <param name="Users">User columns of the partitions searched, where the query is limited to some.</param>
internal readonly record struct VectorQuestion(HalfVector Vector, string[] Users, int Rows);

/// <summary>A vector near a question's.</summary>
internal readonly record struct NearVector(string SessionId, long Seq, float Cosine);

/// <summary>Reads vectors of a tenant in one space; the SQL of each space is made once.</summary>
internal sealed class VectorQueries
{
    private static readonly ConcurrentDictionary<int, VectorQueries> Made = new();

    private VectorQueries(int spaceId)
    {
        var table = SpaceTable.NameOf(spaceId);
        Count = new(
            "count turns with vectors",
            $"SELECT count(*) FROM {table} v WHERE v.tenant = $1 AND v.piece = 0",
            static (_, _) => { },
            static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);
        LastSeq = new(
            "last seq with a vector",
            $"""
            SELECT v.seq FROM {table} v
            WHERE v.tenant = $1 AND v.session_key = (SELECT s.session_key FROM sessions s WHERE s.tenant = $1 AND s.id = $2)
            ORDER BY v.seq DESC LIMIT 1
            """,
            static (parameters, sessionId) => parameters.AddText(sessionId),
            static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);
        Read = new(
            "vectors of turns",
            $"""
            SELECT s.id, v.seq, v.piece, v.embedding
            FROM unnest($2::text[], $3::bigint[], $4::bigint[]) g (id, first_seq, last_seq)
            JOIN sessions s ON s.tenant = $1 AND s.id = g.id
            CROSS JOIN LATERAL (
                SELECT r.seq, r.piece, r.embedding FROM {table} r
                WHERE r.tenant = $1 AND r.session_key = s.session_key AND r.seq BETWEEN g.first_seq AND g.last_seq) v
            ORDER BY s.id, v.seq, v.piece
            """,
            static (parameters, spans) =>
            {
                parameters.AddTexts([.. spans.Select(static span => span.SessionId)]);
                parameters.AddBigints([.. spans.Select(static span => span.FirstSeq)]);
                parameters.AddBigints([.. spans.Select(static span => span.LastSeq)]);
            },
            static (rows, _, cancel) => ReadVectorsAsync(rows, cancel))
        {
            Settings = ", set_config('enable_seqscan', 'off', true)",
        };
        CountOfUsers = new(
            "count vectors of users",
            $"""
            SELECT count(*) FROM (
                SELECT FROM {table} v
                WHERE v.tenant = $1 AND v.owner_key = ANY (ARRAY(SELECT o.owner_key FROM owners o WHERE o.tenant = $1 AND o.user_id = ANY ($2)))
                LIMIT $3) counted
            """,
            static (parameters, scope) =>
            {
                parameters.AddArray(scope.Users, NpgsqlDbType.Text);
                parameters.AddBigint(scope.Limit);
            },
            static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);
        ExactOfTenant = Nearest("nearest of a tenant, exactly", table, ofUsers: false, ExactSettings);
        ExactOfUsers = Nearest("nearest of users, exactly", table, ofUsers: true, ExactSettings);
        NearOfTenant = [.. Breadths.Select(breadth =>
            Nearest($"nearest of a tenant, breadth {breadth}", table, ofUsers: false, NearSettings(breadth)))];
        NearOfUsers = [.. Breadths.Select(breadth =>
            Nearest($"nearest of users, breadth {breadth}", table, ofUsers: true, NearSettings(breadth)))];
    }

    /// <summary>Candidates an approximate search keeps, a few sizes so that each has one text.</summary>
    private static readonly int[] Breadths = [100, 120, 200, 400, 1_000];

    public static readonly TenantQuery<string, bool> IsIndexed = new(
        "find a tenant's index",
        "SELECT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass($2) AND i.indisvalid AND $1 <> '')",
        static (parameters, name) => parameters.AddText(name),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) && rows.GetBoolean(0));

    /// <summary>
    /// However many rows the planner takes an average scope to have, the others of the table are not to be read, and no
    /// workers started, which takes longer than searching a small scope.
    /// </summary>
    private const string ExactSettings =
        ", set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)";

    public TenantQuery<string, long> Count { get; }

    public TenantQuery<string, long> LastSeq { get; }

    public TenantQuery<IReadOnlyList<TurnSpan>, List<StoredVector>> Read { get; }

    private TenantQuery<VectorQuestion, List<NearVector>> ExactOfTenant { get; }

    private TenantQuery<VectorQuestion, List<NearVector>> ExactOfUsers { get; }

    public TenantQuery<(string[] Users, long Limit), long> CountOfUsers { get; }

    private TenantQuery<VectorQuestion, List<NearVector>>[] NearOfTenant { get; }

    private TenantQuery<VectorQuestion, List<NearVector>>[] NearOfUsers { get; }

    public static VectorQueries Of(VectorSpace space) => Of(space.Id);

    public static VectorQueries Of(int spaceId) => Made.GetOrAdd(spaceId, static id => new VectorQueries(id));

    /// <summary>A search of the whole scope, row by row.</summary>
    public TenantQuery<VectorQuestion, List<NearVector>> Exact(bool ofUsers) => ofUsers ? ExactOfUsers : ExactOfTenant;

    /// <summary>A search by the tenant's index that keeps half as many candidates again as there are to be rows, where it may.</summary>
    public TenantQuery<VectorQuestion, List<NearVector>> Near(bool ofUsers, int rows)
    {
        var place = Array.FindIndex(Breadths, breadth => breadth >= rows * 3L / 2);
        return (ofUsers ? NearOfUsers : NearOfTenant)[place < 0 ? ^1 : place];
    }

    /// <summary>
    /// With the tenant known to the planner its partial index may be used, and without sorting nothing else comes first. The
    /// scan goes on past its breadth until enough rows pass the filter.
    /// </summary>
    private static string NearSettings(int breadth) =>
        ", set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_sort', 'off', true), "
        + "set_config('enable_seqscan', 'off', true), set_config('hnsw.iterative_scan', 'relaxed_order', true), "
        + "set_config('hnsw.max_scan_tuples', '100000', true)"
        + $", set_config('hnsw.ef_search', '{breadth}', true)";

    /// <summary>Of all tenants, for the worker.</summary>
    public static string CountAllSql(VectorSpace space) => $"SELECT count(*) FROM {SpaceTable.NameOf(space.Id)} v WHERE v.piece = 0";

    /// <summary>Tenants with vectors, by steps through the index, and how many up to a limit, for the worker.</summary>
    public static string CountTenantsSql(int spaceId) => $"""
        WITH RECURSIVE tenants (tenant) AS (
            (SELECT v.tenant FROM {SpaceTable.NameOf(spaceId)} v ORDER BY v.tenant LIMIT 1)
            UNION ALL
            SELECT (SELECT v.tenant FROM {SpaceTable.NameOf(spaceId)} v WHERE v.tenant > t.tenant ORDER BY v.tenant LIMIT 1)
            FROM tenants t WHERE t.tenant IS NOT NULL)
        SELECT t.tenant, (SELECT count(*) FROM (SELECT FROM {SpaceTable.NameOf(spaceId)} v WHERE v.tenant = t.tenant LIMIT $1) counted)
        FROM tenants t WHERE t.tenant IS NOT NULL ORDER BY t.tenant
        """;

    public static async Task<long> ReadCountAsync(TenantRows rows, CancellationToken cancel) =>
        await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0;

    private static TenantQuery<VectorQuestion, List<NearVector>> Nearest(string name, string table, bool ofUsers, string settings)
    {
        var users = ofUsers ? " AND v.owner_key = ANY (ARRAY(SELECT o.owner_key FROM owners o WHERE o.tenant = $1 AND o.user_id = ANY "
            + "($4)))" : "";
        // No index is ordered by a sum, so the planner cannot answer an exact search from an approximate index.
        var order = settings == ExactSettings ? "(v.embedding <=> $2) + 0" : "v.embedding <=> $2";
        return new(
            name,
            $"""
            SELECT s.id, n.seq, n.distance
            FROM (SELECT v.session_key, v.seq, v.embedding <=> $2 AS distance FROM {table} v
                  WHERE v.tenant = $1{users} ORDER BY {order} LIMIT $3) n
            CROSS JOIN LATERAL (SELECT s.id FROM sessions s WHERE s.tenant = $1 AND s.session_key = n.session_key LIMIT 1) s
            """,
            (parameters, question) =>
            {
                parameters.Add(new NpgsqlParameter<HalfVector> { TypedValue = question.Vector });
                parameters.AddBigint(question.Rows);
                if (ofUsers)
                    parameters.AddArray(question.Users, NpgsqlDbType.Text);
            },
            ReadAsync)
        {
            Settings = settings,
        };
    }

    private static async Task<List<StoredVector>> ReadVectorsAsync(TenantRows rows, CancellationToken cancel)
    {
        var found = new List<StoredVector>();
        while (await rows.ReadAsync(cancel))
            found.Add(new StoredVector(rows.GetString(0), rows.GetInt64(1), rows.GetInt16(2),
                HalfVectors.ToFloats(rows.GetFieldValue<HalfVector>(3))));
        return found;
    }

    private static async Task<List<NearVector>> ReadAsync(TenantRows rows, VectorQuestion question, CancellationToken cancel)
    {
        var near = new List<NearVector>(question.Rows);
        while (await rows.ReadAsync(cancel))
            near.Add(new NearVector(rows.GetString(0), rows.GetInt64(1), (float)Math.Clamp(1 - rows.GetDouble(2), -1, 1)));
        return near;
    }
}
