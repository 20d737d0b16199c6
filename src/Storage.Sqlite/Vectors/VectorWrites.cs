using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes and erases vectors, inside the committer's transaction.</summary>
internal sealed class VectorWrites(WriteTransaction transaction)
{
    private const string SessionSql = "SELECT session_key FROM sessions WHERE tenant = ?1 AND id = ?2";
    private const string TurnSql = """
        SELECT t.turn_id = ?3 AND x.content IS NOT NULL FROM turns t CROSS JOIN turn_texts x ON x.change = t.change
        WHERE t.session_key = ?1 AND t.seq = ?2
        """;

    private const string ErasedSql = """
        SELECT 1 FROM turns t CROSS JOIN turn_texts x ON x.change = t.change
        WHERE t.session_key = ?1 AND t.seq = ?2 AND x.content IS NULL
        """;

    private const string AllSpacesSql = "SELECT id FROM spaces ORDER BY id";
    private const string InsertElementsSql = "INSERT INTO vector_elements (elements) VALUES (?1)";
    private const string InsertSql = "INSERT INTO vectors (session_key, space, seq, piece, vector_key) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string EraseTurnSql = """
        UPDATE vector_elements SET elements = NULL
        WHERE vector_key IN (SELECT vector_key FROM vectors WHERE session_key = ?1 AND space = ?2 AND seq = ?3)
        """;

    private const string RemoveTurnSql = "DELETE FROM vectors WHERE session_key = ?1 AND space = ?2 AND seq = ?3";

    private const string EraseSessionSql = """
        UPDATE vector_elements SET elements = NULL WHERE vector_key IN (SELECT vector_key FROM vectors WHERE session_key = ?1)
        """;

    private const string RemoveSessionSql = "DELETE FROM vectors WHERE session_key = ?1";
    private const string FirstOfSpaceSql = "SELECT session_key FROM vectors WHERE space = ?1 LIMIT 1";

    private const string EraseOfSpaceSql = """
        UPDATE vector_elements SET elements = NULL
        WHERE vector_key IN (SELECT vector_key FROM vectors WHERE session_key = ?1 AND space = ?2)
        """;

    private const string RemoveOfSpaceSql = "DELETE FROM vectors WHERE session_key = ?1 AND space = ?2";

    private readonly Connection connection = transaction.Connection;

    /// <summary>False, and nothing is stored, when one holds text of a turn that is erased.</summary>
    public bool Save(int space, SessionKey session, IReadOnlyList<TurnVector> vectors)
    {
        if (SpaceQueries.Find(connection, space) is null || FindSession(session) is not { } sessionKey)
            return true;
        if (vectors.Any(vector => vector.HoldsPrevious && IsErased(sessionKey, vector.Seq - 1)))
            return false;
        foreach (var turn in vectors.GroupBy(static vector => (vector.Seq, vector.TurnId)).Where(turn => IsThere(sessionKey, turn.Key)))
        {
            RemoveTurn(sessionKey, space, turn.Key.Seq);
            foreach (var vector in turn)
                Insert(sessionKey, space, vector);
        }

        return true;
    }

    public void RemoveOf(long sessionKey)
    {
        if (connection.Prepared(EraseSessionSql).Bind(1, sessionKey).Run() > 0)
            connection.Prepared(RemoveSessionSql).Bind(1, sessionKey).Run();
    }

    /// <summary>Removes a turn's vectors from every space; the spaces it had some in, and how many.</summary>
    public IReadOnlyList<(int Space, int Count)> RemoveOf(long sessionKey, long seq)
    {
        var removed = new List<(int Space, int Count)>();
        using var spaces = connection.Prepared(AllSpacesSql).Query();
        while (spaces.Next())
        {
            var space = (int)spaces.Int64(0);
            if (RemoveTurn(sessionKey, space, seq) is var count and > 0)
                removed.Add((space, count));
        }

        return removed;
    }

    /// <summary>Removes the vectors of one session of the space; false when it had none left.</summary>
    public bool RemoveSome(int space)
    {
        long sessionKey;
        using (var rows = connection.Prepared(FirstOfSpaceSql).Bind(1, space).Query())
        {
            if (!rows.Next())
                return false;
            sessionKey = rows.Int64(0);
        }

        connection.Prepared(EraseOfSpaceSql).Bind(1, sessionKey).Bind(2, space).Run();
        connection.Prepared(RemoveOfSpaceSql).Bind(1, sessionKey).Bind(2, space).Run();
        return true;
    }

    private int RemoveTurn(long sessionKey, int space, long seq) =>
        connection.Prepared(EraseTurnSql).Bind(1, sessionKey).Bind(2, space).Bind(3, seq).Run() > 0
            ? connection.Prepared(RemoveTurnSql).Bind(1, sessionKey).Bind(2, space).Bind(3, seq).Run()
            : 0;

    private void Insert(long sessionKey, int space, TurnVector vector)
    {
        connection.Prepared(InsertElementsSql).Bind(1, HalfVector.Encode(vector.Vector)).Run();
        connection.Prepared(InsertSql)
            .Bind(1, sessionKey).Bind(2, space).Bind(3, vector.Seq).Bind(4, vector.Piece).Bind(5, connection.LastRowId)
            .Run();
    }

    private bool IsErased(long sessionKey, long seq)
    {
        using var rows = connection.Prepared(ErasedSql).Bind(1, sessionKey).Bind(2, seq).Query();
        return rows.Next();
    }

    private bool IsThere(long sessionKey, (long Seq, string TurnId) turn)
    {
        using var rows = connection.Prepared(TurnSql).Bind(1, sessionKey).Bind(2, turn.Seq).Bind(3, turn.TurnId).Query();
        return rows.Next() && rows.Int64(0) != 0;
    }

    private long? FindSession(SessionKey session)
    {
        using var rows = connection.Prepared(SessionSql).Bind(1, session.Tenant).Bind(2, session.Id).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }
}
