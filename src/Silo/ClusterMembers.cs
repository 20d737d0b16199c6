using MemoryOrleans.Storage.Postgres;

namespace MemoryOrleans.Silo;

/// <summary>Who says, in a database, that it lives there.</summary>
public static class ClusterMembers
{
    // Members write that they live every 30 seconds; one that was killed is believed for so long.
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <summary>The ids of clusters with a silo that said within two minutes that it lives; a process alone says nothing.</summary>
    public static Task<IReadOnlyList<string>> FindLivingAsync(PostgresStoreOptions store, CancellationToken cancel) =>
        ClusterDatabase.FindOthersAsync(store, own: null, Within, cancel);
}
