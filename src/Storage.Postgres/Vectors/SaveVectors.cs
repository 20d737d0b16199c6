using MemoryOrleans.Recall.Vectors;
using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Writes the vectors of a session's turns in one transaction: few of them in one round trip, many by COPY.</summary>
internal static class SaveVectors
{
    /// <summary>COPY takes three round trips more, worth it for many vectors only. Where the two break even is not measured.</summary>
    private const int CopyFrom = 64;

    private const string BindSql = "SELECT set_config('memory.tenant', $1, true)";

    /// <summary>A deletion of the session waits for this transaction, or this one finds no session; commits go on beside it.</summary>
    private const string HoldSql = "SELECT FROM sessions s WHERE s.tenant = $1 AND s.id = $2 FOR KEY SHARE";

    /// <summary>The turn before one of these, which its vector holds text of, is erased.</summary>
    private const string ErasedSql = """
        SELECT EXISTS (
            SELECT FROM sessions s JOIN turns t ON t.tenant = s.tenant AND t.session_key = s.session_key
            WHERE s.tenant = $1 AND s.id = $2 AND t.seq = ANY ($3) AND t.erased)
        """;

    /// <returns>False when a vector holds text of a turn that is erased: nothing was written.</returns>
    public static async Task<bool> RunAsync(
        NpgsqlConnection connection, VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors,
        CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await BeginAsync(connection, transaction, tenant, sessionId, vectors, cancel))
            return false;
        var table = SpaceTable.NameOf(space.Id);
        if (vectors.Count >= CopyFrom)
            await CopyAsync(connection, transaction, table, tenant, sessionId, vectors, cancel);
        else
            await SendAsync(connection, transaction, table, tenant, sessionId, vectors, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    // Looked at when the session is held: an erasure comes wholly before or after.
    private static async Task<bool> BeginAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors,
        CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, BindSql, static (parameters, text) => parameters.AddText(text), tenant);
        Add(
            batch,
            HoldSql,
            static (parameters, session) =>
            {
                parameters.AddText(session.tenant);
                parameters.AddText(session.sessionId);
            },
            (tenant, sessionId));
        Add(
            batch,
            ErasedSql,
            static (parameters, saved) =>
            {
                parameters.AddText(saved.tenant);
                parameters.AddText(saved.sessionId);
                parameters.AddBigints([.. saved.vectors.Where(static vector => vector.HoldsPrevious)
                    .Select(static vector => vector.Seq - 1)]);
            },
            (tenant, sessionId, vectors));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        await rows.NextResultAsync(cancel);
        return await rows.ReadAsync(cancel) && !rows.GetBoolean(0);
    }

    private static async Task SendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string table, string tenant, string sessionId,
        IReadOnlyList<TurnVector> vectors,
        CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddRemoval(batch, table, tenant, sessionId, vectors);
        var insert = InsertSql(table);
        foreach (var vector in vectors)
        {
            Add(
                batch,
                insert,
                static (parameters, saved) =>
                {
                    parameters.AddText(saved.tenant);
                    parameters.AddText(saved.sessionId);
                    parameters.AddBigint(saved.vector.Seq);
                    parameters.AddText(saved.vector.TurnId);
                    parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)saved.vector.Piece,
                        NpgsqlDbType = NpgsqlDbType.Smallint });
                    parameters.Add(new NpgsqlParameter<HalfVector> { TypedValue = HalfVectors.Of(saved.vector.Vector) });
                },
                (tenant, sessionId, vector));
        }

        await batch.ExecuteNonQueryAsync(cancel);
    }

    // COPY cannot write to a table under row-level security, so the vectors arrive in one of the connection's own.
    private static async Task CopyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string table, string tenant, string sessionId,
        IReadOnlyList<TurnVector> vectors,
        CancellationToken cancel)
    {
        await using (var beginning = new NpgsqlBatch(connection, transaction))
        {
            AddRemoval(beginning, table, tenant, sessionId, vectors);
            beginning.BatchCommands.Add(new NpgsqlBatchCommand(StageSql));
            await beginning.ExecuteNonQueryAsync(cancel);
        }

        await using (var copy = await connection.BeginBinaryImportAsync(CopySql, cancel))
        {
            foreach (var vector in vectors)
            {
                await copy.StartRowAsync(cancel);
                await copy.WriteAsync(vector.Seq, NpgsqlDbType.Bigint, cancel);
                await copy.WriteAsync(vector.TurnId, NpgsqlDbType.Text, cancel);
                await copy.WriteAsync((short)vector.Piece, NpgsqlDbType.Smallint, cancel);
                await copy.WriteAsync(HalfVectors.Of(vector.Vector), cancel);
            }

            await copy.CompleteAsync(cancel);
        }

        await using var take = new NpgsqlCommand(TakeSql(table), connection, transaction);
        take.Parameters.AddText(tenant);
        take.Parameters.AddText(sessionId);
        await take.ExecuteNonQueryAsync(cancel);
    }

    private static void AddRemoval(NpgsqlBatch batch, string table, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors) =>
        Add(
            batch,
            RemoveSql(table),
            static (parameters, saved) =>
            {
                parameters.AddText(saved.tenant);
                parameters.AddText(saved.sessionId);
                parameters.AddBigints([.. saved.vectors.Select(static vector => vector.Seq)]);
                parameters.AddTexts([.. saved.vectors.Select(static vector => vector.TurnId)]);
            },
            (tenant, sessionId, vectors));

    private static void Add<T>(NpgsqlBatch batch, string sql, Action<NpgsqlParameterCollection, T> bind, T values)
    {
        var command = new NpgsqlBatchCommand(sql);
        bind(command.Parameters, values);
        batch.BatchCommands.Add(command);
    }

    private static string RemoveSql(string table) => $"""
        DELETE FROM {table} v USING sessions s, unnest($3::bigint[], $4::text[]) g (seq, turn_id), turns t
        WHERE s.tenant = $1 AND s.id = $2 AND t.tenant = $1 AND t.session_key = s.session_key AND t.seq = g.seq AND t.turn_id = g.turn_id AND NOT t.erased
          AND v.tenant = $1 AND v.session_key = t.session_key AND v.seq = t.seq
        """;

    private const string StageSql =
        "CREATE TEMPORARY TABLE IF NOT EXISTS staged_vectors (seq bigint, turn_id text, piece smallint, embedding halfvec) ON COMMIT "
        + "DELETE ROWS";

    private const string CopySql = "COPY staged_vectors (seq, turn_id, piece, embedding) FROM STDIN (FORMAT BINARY)";

    private static string TakeSql(string table) => $"""
        INSERT INTO {table} (tenant, owner_key, session_key, seq, piece, embedding)
        SELECT t.tenant, t.owner_key, t.session_key, t.seq, v.piece, v.embedding
        FROM sessions s JOIN turns t ON t.tenant = s.tenant AND t.session_key = s.session_key
        JOIN staged_vectors v ON v.seq = t.seq AND v.turn_id = t.turn_id
        WHERE s.tenant = $1 AND s.id = $2
        ON CONFLICT (tenant, session_key, seq, piece) DO UPDATE SET embedding = excluded.embedding
        """;

    private static string InsertSql(string table) => $"""
        INSERT INTO {table} (tenant, owner_key, session_key, seq, piece, embedding)
        SELECT t.tenant, t.owner_key, t.session_key, t.seq, $5, $6 FROM turns t
        WHERE t.tenant = $1 AND t.session_key = (SELECT s.session_key FROM sessions s WHERE s.tenant = $1 AND s.id = $2)
          AND t.seq = $3 AND t.turn_id = $4 AND NOT t.erased
        ON CONFLICT (tenant, session_key, seq, piece) DO UPDATE SET embedding = excluded.embedding
        """;
}
