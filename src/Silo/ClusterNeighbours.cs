using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Storage.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MemoryOrleans.Silo;

/// <summary>
/// Looks, once, whether another cluster lives on the same database, and warns: each would hold every session's writer and every
/// shard, and make the other fail and try again all the time.
/// </summary>
internal sealed class ClusterNeighbours(ClusterSettings cluster, PostgresStoreOptions store, ILogger<ClusterNeighbours> log)
    : BackgroundService
{
    // Members say every half minute that they live.
    private static readonly TimeSpan AliveWithin = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var own = cluster.IsAlone ? null : cluster.ClusterId;
            foreach (var other in await ClusterDatabase.FindOthersAsync(store, own, AliveWithin, stoppingToken))
                Warn(other);
        }
        catch (NpgsqlException failure)
        {
            log.LogDebug(failure, "It could not be seen whether another cluster lives on this database.");
        }
    }

    private void Warn(string other)
    {
        if (cluster.IsAlone)
        {
            log.LogWarning(
                "A cluster, {Other}, lives on this database; run this process with MEMORY_CLUSTER_ROLE and its MEMORY_CLUSTER_ID, "
                + "or give it a database of its own",
                other);
            return;
        }

        log.LogWarning(
            "Another cluster, {Other}, lives on this database; give all processes the same MEMORY_CLUSTER_ID ({Own} here)",
            other, cluster.ClusterId);
    }
}
