using MemoryOrleans.Recall.Vectors;
using Npgsql;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Writes the vectors of memories whose version is still the one embedded, in one transaction and one round trip.</summary>
internal static class SaveMemoryVectors
{
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true)";

    /// <summary>
    /// A commit of one of the memories waits for this transaction, or this one finds its new version: so no vector stays of a text that
    /// was changed or erased. Locked in the order that commits lock in.
    /// </summary>
    private const string HoldSql = "SELECT FROM memories m WHERE m.tenant = $1 AND m.id = ANY ($2) ORDER BY m.id FOR SHARE";

    /// <returns>The ids of memories of another version by now.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        NpgsqlConnection connection, VectorSpace space, string tenant, IReadOnlyList<MemoryVector> vectors, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, BindSql).AddText(tenant);
        var held = Add(batch, HoldSql);
        held.AddText(tenant);
        held.AddTexts([.. vectors.Select(static vector => vector.MemoryId)]);
        var insert = InsertSql(SpaceTable.MemoriesNameOf(space.Id));
        foreach (var vector in vectors)
        {
            var parameters = Add(batch, insert);
            parameters.AddText(tenant);
            parameters.AddText(vector.MemoryId);
            parameters.AddBigint(vector.Version);
            parameters.Add(new NpgsqlParameter<HalfVector> { TypedValue = HalfVectors.Of(vector.Vector) });
        }

        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        const int first = 2;
        return [.. vectors.Where((_, i) => batch.BatchCommands[first + i].RecordsAffected == 0).Select(static vector => vector.MemoryId)];
    }

    private static NpgsqlParameterCollection Add(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command.Parameters;
    }

    private static string InsertSql(string table) => $"""
        INSERT INTO {table} (tenant, memory_key, embedding)
        SELECT m.tenant, m.memory_key, $4 FROM memories m WHERE m.tenant = $1 AND m.id = $2 AND m.version = $3
        ON CONFLICT (tenant, memory_key) DO UPDATE SET embedding = excluded.embedding
        """;
}
