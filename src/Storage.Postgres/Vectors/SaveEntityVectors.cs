using MemoryOrleans.Recall.Vectors;
using Npgsql;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Writes the vectors of entities that were not changed since they were embedded, in one transaction and one round trip.</summary>
internal static class SaveEntityVectors
{
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true)";

    /// <summary>
    /// The tenant's commits to the graph take this row first. So one that changes one of the entities waits for this transaction, or this
    /// one finds its new number: no vector stays of a text that was changed or erased.
    /// </summary>
    private const string HoldSql = "SELECT FROM graph_tenants t WHERE t.tenant = $1 FOR SHARE";

    /// <returns>The ids of entities that are gone or were changed since.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        NpgsqlConnection connection, VectorSpace space, string tenant, IReadOnlyList<EntityVector> vectors, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, BindSql).AddText(tenant);
        Add(batch, HoldSql).AddText(tenant);
        var insert = InsertSql(SpaceTable.EntitiesNameOf(space.Id));
        foreach (var vector in vectors)
        {
            var parameters = Add(batch, insert);
            parameters.AddText(tenant);
            parameters.AddText(vector.EntityId);
            parameters.AddBigint(vector.Change);
            parameters.Add(new NpgsqlParameter<HalfVector> { TypedValue = HalfVectors.Of(vector.Vector) });
        }

        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        const int first = 2;
        return [.. vectors.Where((_, i) => batch.BatchCommands[first + i].RecordsAffected == 0).Select(static vector => vector.EntityId)];
    }

    private static NpgsqlParameterCollection Add(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command.Parameters;
    }

    private static string InsertSql(string table) => $"""
        INSERT INTO {table} (tenant, entity_key, embedding)
        SELECT e.tenant, e.entity_key, $4 FROM graph_entities e WHERE e.tenant = $1 AND e.id = $2 AND e.change = $3
        ON CONFLICT (tenant, entity_key) DO UPDATE SET embedding = excluded.embedding
        """;
}
