using MemoryOrleans.Recall.Vectors;
using Npgsql;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Writes the vectors of documents (memories, entities) that are still of the version embedded, in one transaction and one round trip.
/// </summary>
internal static class SaveDocumentVectors
{
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true)";

    /// <summary>
    /// A commit of one of the memories waits for this transaction, or this one finds its new version: so no vector stays of a text that
    /// was changed or erased. Locked in the order that commits lock in.
    /// </summary>
    private const string HoldMemoriesSql = "SELECT FROM memories m WHERE m.tenant = $1 AND m.id = ANY ($2) ORDER BY m.id FOR SHARE";

    /// <summary>The same of entities: the tenant's commits to the graph take this row first, whichever entities they change.</summary>
    private const string HoldGraphSql = "SELECT FROM graph_tenants t WHERE t.tenant = $1 FOR SHARE";

    /// <returns>The ids of memories that are gone or of another version by now.</returns>
    public static Task<IReadOnlyList<string>> OfMemoriesAsync(
        NpgsqlConnection connection, VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        var hold = new NpgsqlBatchCommand(HoldMemoriesSql);
        hold.Parameters.AddText(tenant);
        hold.Parameters.AddTexts([.. vectors.Select(static vector => vector.Id)]);
        var insert = InsertSql(SpaceTable.MemoriesNameOf(space.Id), "memories", "memory_key", "version");
        return RunAsync(connection, hold, insert, tenant, vectors, cancel);
    }

    /// <returns>The ids of entities that are gone or were changed since.</returns>
    public static Task<IReadOnlyList<string>> OfEntitiesAsync(
        NpgsqlConnection connection, VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        var hold = new NpgsqlBatchCommand(HoldGraphSql);
        hold.Parameters.AddText(tenant);
        var insert = InsertSql(SpaceTable.EntitiesNameOf(space.Id), "graph_entities", "entity_key", "change");
        return RunAsync(connection, hold, insert, tenant, vectors, cancel);
    }

    private static async Task<IReadOnlyList<string>> RunAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand hold, string insert, string tenant, IReadOnlyList<DocumentVector> vectors,
        CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction);
        var bind = new NpgsqlBatchCommand(BindSql);
        bind.Parameters.AddText(tenant);
        batch.BatchCommands.Add(bind);
        batch.BatchCommands.Add(hold);
        foreach (var vector in vectors)
        {
            var command = new NpgsqlBatchCommand(insert);
            command.Parameters.AddText(tenant);
            command.Parameters.AddText(vector.Id);
            command.Parameters.AddBigint(vector.Version);
            command.Parameters.Add(new NpgsqlParameter<HalfVector> { TypedValue = HalfVectors.Of(vector.Vector) });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        const int first = 2;
        return [.. vectors.Where((_, i) => batch.BatchCommands[first + i].RecordsAffected == 0).Select(static vector => vector.Id)];
    }

    private static string InsertSql(string table, string documents, string key, string version) => $"""
        INSERT INTO {table} (tenant, {key}, embedding)
        SELECT d.tenant, d.{key}, $4 FROM {documents} d WHERE d.tenant = $1 AND d.id = $2 AND d.{version} = $3
        ON CONFLICT (tenant, {key}) DO UPDATE SET embedding = excluded.embedding
        """;
}
