using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Has PostgreSQL look at the tables as they grow. Plans made while a table is all but empty take any index of the tenant for
/// as good as the right one, and prepared statements keep them; autovacuum comes by only once a minute.
/// </summary>
internal sealed class PlannerStatistics(NpgsqlDataSource source, StoreMetrics metrics)
{
    /// <summary>Texts are left out: nothing is looked up by them.</summary>
    private const string AnalyzeSql = """
        ANALYZE owners (tenant, user_id), sessions (tenant, session_key, id, user_id, agent_id, created_at),
            turns (tenant, owner_key, change, session_key, seq, turn_id), removals, tombstones,
            idempotency (tenant, scope, key, session_key, expires_at), due (tenant, subject, kind, id, state, due_at),
            graph_owners,
            graph_entities (tenant, entity_key, id, user_id, agent_id, type, created_at, change, relations),
            graph_observations (tenant, entity_key, observation_key, id, superseded_at),
            graph_relations (tenant, id, version, from_key, to_key, relation_key, type, superseded_at), graph_removals
        """;

    private const int TurnsFirst = 500;
    private const int Growth = 4;

    /// <summary>From here on a minute changes little, and autovacuum is enough.</summary>
    private const long TurnsLast = 2_000_000;

    private long due = TurnsFirst;
    private Task analyzing = Task.CompletedTask;

    /// <summary>Ends when nothing is under way.</summary>
    public Task Idle => Volatile.Read(ref analyzing);

    /// <summary>Called after a transaction with the turns written since opening.</summary>
    public void Grown(long turnsTotal)
    {
        var reached = Volatile.Read(ref due);
        if (turnsTotal < reached || reached > TurnsLast || Interlocked.CompareExchange(ref due, turnsTotal * Growth, reached) != reached)
            return;
        Volatile.Write(ref analyzing, AnalyzeAsync());
    }

    private async Task AnalyzeAsync()
    {
        try
        {
            await using var command = source.CreateCommand(AnalyzeSql);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is NpgsqlException or ObjectDisposedException)
        {
            // Queries stay right without it.
            metrics.Failed("analyze", error);
        }
    }
}
