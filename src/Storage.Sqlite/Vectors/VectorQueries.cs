using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>What is searched: the tenant's sessions, or those of some of its users.</summary>
internal sealed record VectorScope(int Space, string Tenant, IReadOnlyList<string?>? Users);

/// <summary>Counts vectors and searches them, exactly, in one pass over the scope.</summary>
internal static class VectorQueries
{
    private const string OwnerSql = "SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id IS ?2";
    private const string SessionIdSql = "SELECT id FROM sessions WHERE tenant = ?1 AND session_key = ?2";

    private const string LastSeqSql = """
        SELECT max(v.seq) FROM vectors v
        WHERE v.session_key = (SELECT s.session_key FROM sessions s WHERE s.tenant = ?1 AND s.id = ?2) AND v.space = ?3
        """;

    private const string ReadSql = """
        SELECT v.seq, v.piece, e.elements
        FROM vectors v
        CROSS JOIN vector_elements e ON e.vector_key = v.vector_key
        WHERE v.session_key = (SELECT s.session_key FROM sessions s WHERE s.tenant = ?1 AND s.id = ?2) AND v.space = ?3 AND v.seq BETWEEN ?4 AND ?5
        ORDER BY v.seq, v.piece
        """;

    private const string CountSql = "SELECT count(*) FROM vectors v WHERE v.space = ?1 AND v.piece = 0";

    private const string CountOfTenantSql = """
        SELECT count(*) FROM sessions s CROSS JOIN vectors v ON v.session_key = s.session_key AND v.space = ?1 AND v.piece = 0
        WHERE s.tenant = ?2
        """;

    private const string OfTenantSql = """
        SELECT v.session_key, v.seq, e.elements
        FROM sessions s
        CROSS JOIN vectors v ON v.session_key = s.session_key AND v.space = ?1
        CROSS JOIN vector_elements e ON e.vector_key = v.vector_key
        WHERE s.tenant = ?2
        """;

    private const string OfOwnerSql = """
        SELECT v.session_key, v.seq, e.elements
        FROM sessions s
        CROSS JOIN vectors v ON v.session_key = s.session_key AND v.space = ?1
        CROSS JOIN vector_elements e ON e.vector_key = v.vector_key
        WHERE s.owner_key = ?2
        """;

    public static long FindLastSeq(Connection connection, (int Space, string Tenant, string SessionId) query)
    {
        using var rows = connection.Prepared(LastSeqSql).Bind(1, query.Tenant).Bind(2, query.SessionId).Bind(3, query.Space).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    public static IReadOnlyList<StoredVector> Read(Connection connection, (int Space, string Tenant, IReadOnlyList<TurnSpan> Spans) query)
    {
        var found = new List<StoredVector>();
        foreach (var span in query.Spans)
        {
            using var rows = connection.Prepared(ReadSql)
                .Bind(1, query.Tenant).Bind(2, span.SessionId).Bind(3, query.Space).Bind(4, span.FirstSeq).Bind(5, span.LastSeq).Query();
            while (rows.Next())
                found.Add(new StoredVector(span.SessionId, rows.Int64(0), (int)rows.Int64(1), HalfVector.Decode(rows.Bytes(2))));
        }

        return found;
    }

    public static long Count(Connection connection, (int Space, string? Tenant) query)
    {
        var statement = query.Tenant is null
            ? connection.Prepared(CountSql).Bind(1, query.Space)
            : connection.Prepared(CountOfTenantSql).Bind(1, query.Space).Bind(2, query.Tenant);
        using var rows = statement.Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    public static IReadOnlyList<VectorHit> Search(
        Connection connection, (VectorScope Scope, ReadOnlyMemory<float> Question, int Limit, CancellationToken Cancel) search)
    {
        var scope = search.Scope;
        using var snapshot = new Snapshot(connection);
        using var interruption = connection.InterruptOn(search.Cancel);
        var nearest = new NearestTurns(search.Question, search.Limit);
        if (scope.Users is null)
        {
            Scan(connection.Prepared(OfTenantSql).Bind(1, scope.Space).Bind(2, scope.Tenant), nearest);
        }
        else
        {
            foreach (var user in scope.Users.Distinct(StringComparer.Ordinal))
            {
                if (FindOwner(connection, scope.Tenant, user) is { } owner)
                    Scan(connection.Prepared(OfOwnerSql).Bind(1, scope.Space).Bind(2, owner), nearest);
            }
        }

        return [.. nearest.Take()
            .Select(turn => new VectorHit(ReadSessionId(connection, scope.Tenant, turn.SessionKey), turn.Seq, turn.Cosine))
            .OrderByDescending(static hit => hit.Cosine).ThenBy(static hit => hit.SessionId, StringComparer.Ordinal)
            .ThenBy(static hit => hit.Seq)];
    }

    private static void Scan(Statement statement, NearestTurns nearest)
    {
        using var rows = statement.Query();
        while (rows.Next())
            nearest.Add(rows.Int64(0), rows.Int64(1), rows.Bytes(2));
    }

    private static long? FindOwner(Connection connection, string tenant, string? user)
    {
        using var rows = connection.Prepared(OwnerSql).Bind(1, tenant).Bind(2, user).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }

    private static string ReadSessionId(Connection connection, string tenant, long sessionKey)
    {
        using var rows = connection.Prepared(SessionIdSql).Bind(1, tenant).Bind(2, sessionKey).Query();
        rows.Next();
        return rows.Text(0);
    }
}

/// <summary>The best of the turns shown so far; the pieces of a turn come one after the other.</summary>
internal sealed class NearestTurns(ReadOnlyMemory<float> question, int limit)
{
    private readonly float[] scratch = new float[question.Length];
    private readonly PriorityQueue<(long SessionKey, long Seq, float Cosine), float> best = new(limit + 1);
    private (long SessionKey, long Seq, float Cosine)? turn;

    public void Add(long sessionKey, long seq, ReadOnlySpan<byte> elements)
    {
        var cosine = Math.Clamp(HalfVector.Dot(elements, question.Span, scratch), -1, 1);
        if (turn is { } known && (known.SessionKey, known.Seq) == (sessionKey, seq))
        {
            turn = known with { Cosine = Math.Max(known.Cosine, cosine) };
            return;
        }

        Settle();
        turn = (sessionKey, seq, cosine);
    }

    /// <summary>At most <c>limit</c> turns, in no order.</summary>
    public IEnumerable<(long SessionKey, long Seq, float Cosine)> Take()
    {
        Settle();
        turn = null;
        return best.UnorderedItems.Select(static item => item.Element);
    }

    private void Settle()
    {
        if (turn is not { } done)
            return;
        if (best.Count < limit)
            best.Enqueue(done, done.Cosine);
        else if (limit > 0)
            best.EnqueueDequeue(done, done.Cosine);
    }
}
