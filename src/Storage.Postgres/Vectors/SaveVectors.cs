using MemoryOrleans.Recall.Vectors;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Writes the vectors of a session's turns in one round trip, which is one transaction.</summary>
internal static class SaveVectors
{
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true)";

    /// <summary>A deletion of the session waits for this transaction, or this one finds no session; commits go on beside it.</summary>
    private const string HoldSql = "SELECT FROM sessions s WHERE s.tenant = $1 AND s.id = $2 FOR KEY SHARE";

    public static async Task RunAsync(
        NpgsqlConnection connection, VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors, CancellationToken cancel)
    {
        var table = SpaceTable.NameOf(space.Id);
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, BindSql, static (parameters, text) => parameters.AddText(text.Tenant), (Tenant: tenant, sessionId));
        Add(
            batch,
            HoldSql,
            static (parameters, session) =>
            {
                parameters.AddText(session.tenant);
                parameters.AddText(session.sessionId);
            },
            (tenant, sessionId));
        var remove = RemoveSql(table);
        Add(
            batch,
            remove,
            static (parameters, saved) =>
            {
                parameters.AddText(saved.tenant);
                parameters.AddText(saved.sessionId);
                parameters.AddBigints([.. saved.vectors.Select(static vector => vector.Seq)]);
                parameters.AddTexts([.. saved.vectors.Select(static vector => vector.TurnId)]);
            },
            (tenant, sessionId, vectors));
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
                    parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)saved.vector.Piece, NpgsqlDbType = NpgsqlDbType.Smallint });
                    parameters.Add(new NpgsqlParameter<HalfVector> { TypedValue = HalfVector.Of(saved.vector.Vector) });
                },
                (tenant, sessionId, vector));
        }

        await batch.ExecuteNonQueryAsync(cancel);
    }

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

    private static string InsertSql(string table) => $"""
        INSERT INTO {table} (tenant, owner_key, session_key, seq, piece, embedding)
        SELECT t.tenant, t.owner_key, t.session_key, t.seq, $5, $6 FROM turns t
        WHERE t.tenant = $1 AND t.session_key = (SELECT s.session_key FROM sessions s WHERE s.tenant = $1 AND s.id = $2)
          AND t.seq = $3 AND t.turn_id = $4 AND NOT t.erased
        ON CONFLICT (tenant, session_key, seq, piece) DO UPDATE SET embedding = excluded.embedding
        """;
}
