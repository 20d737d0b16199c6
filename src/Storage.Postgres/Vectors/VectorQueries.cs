using System.Collections.Concurrent;
using MemoryOrleans.Recall.Vectors;
using Npgsql;
using NpgsqlTypes;

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
        ExactOfTenant = Nearest("nearest of a tenant, exactly", table, ofUsers: false, ExactSettings);
        ExactOfUsers = Nearest("nearest of users, exactly", table, ofUsers: true, ExactSettings);
    }

    /// <summary>However many rows the planner takes an average scope to have, the others of the table are not to be read.</summary>
    private const string ExactSettings = ", set_config('enable_seqscan', 'off', true)";

    public TenantQuery<string, long> Count { get; }

    public TenantQuery<string, long> LastSeq { get; }

    public TenantQuery<VectorQuestion, List<NearVector>> ExactOfTenant { get; }

    public TenantQuery<VectorQuestion, List<NearVector>> ExactOfUsers { get; }

    public static VectorQueries Of(VectorSpace space) => Made.GetOrAdd(space.Id, static id => new VectorQueries(id));

    /// <summary>Of all tenants, for the worker.</summary>
    public static string CountAllSql(VectorSpace space) => $"SELECT count(*) FROM {SpaceTable.NameOf(space.Id)} v WHERE v.piece = 0";

    public static async Task<long> ReadCountAsync(NpgsqlDataReader rows, CancellationToken cancel) =>
        await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0;

    private static TenantQuery<VectorQuestion, List<NearVector>> Nearest(string name, string table, bool ofUsers, string settings)
    {
        var users = ofUsers ? " AND v.owner_key = ANY (ARRAY(SELECT o.owner_key FROM owners o WHERE o.tenant = $1 AND o.user_id = ANY ($4)))" : "";
        return new(
            name,
            $"""
            SELECT s.id, n.seq, n.distance
            FROM (SELECT v.session_key, v.seq, v.embedding <=> $2 AS distance FROM {table} v
                  WHERE v.tenant = $1{users} ORDER BY v.embedding <=> $2 LIMIT $3) n
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

    private static async Task<List<NearVector>> ReadAsync(NpgsqlDataReader rows, VectorQuestion question, CancellationToken cancel)
    {
        var near = new List<NearVector>(question.Rows);
        while (await rows.ReadAsync(cancel))
            near.Add(new NearVector(rows.GetString(0), rows.GetInt64(1), (float)Math.Clamp(1 - rows.GetDouble(2), -1, 1)));
        return near;
    }
}
