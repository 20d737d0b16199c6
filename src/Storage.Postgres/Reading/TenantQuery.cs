using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// One statement over one tenant's rows, and so one snapshot. <c>$1</c> is the tenant; <paramref name="bind"/> adds the rest.
/// </summary>
/// <param name="name">What a test of query plans calls it.</param>
internal sealed class TenantQuery<TArgs, T>(
    string name, string sql, Action<NpgsqlParameterCollection, TArgs> bind, Func<TenantRows, TArgs, CancellationToken, Task<T>> read)
{
    public (string Name, string Sql) Text => (name, sql);

    public string Sql => sql;

    /// <summary>Binds its transaction to the tenant, <c>$1</c>.</summary>
    public string BindSql { get; private init; } = "SELECT set_config('memory.tenant', $1, true)";

    /// <summary>Further settings of its transaction, as calls of set_config that continue a SELECT.</summary>
    public string Settings
    {
        init => BindSql += value;
    }

    public void Bind(NpgsqlParameterCollection parameters, string tenant, TArgs args)
    {
        parameters.AddText(tenant);
        bind(parameters, args);
    }

    public Task<T> ReadAsync(TenantRows rows, TArgs args, CancellationToken cancel) => read(rows, args, cancel);
}

/// <summary>A query with what it is asked with.</summary>
internal readonly record struct TenantCall<TArgs, T>(TenantQuery<TArgs, T> Query, TArgs Args)
{
    public void AddTo(NpgsqlBatch batch, string tenant)
    {
        var command = new NpgsqlBatchCommand(Query.Sql);
        Query.Bind(command.Parameters, tenant, Args);
        batch.BatchCommands.Add(command);
    }

    public Task<T> ReadAsync(TenantRows rows, CancellationToken cancel) => Query.ReadAsync(rows, Args, cancel);
}

/// <summary>Every query of tenants' rows, for the test that holds their plans against the indexes.</summary>
internal static class HotQueries
{
    public static IReadOnlyList<(string Name, string Sql)> All =>
    [
        SessionQueries.Find.Text,
        SessionQueries.FindIdempotency.Text,
        .. SessionQueries.Listings.Select(static listing => listing.Text),
        TurnQueries.ReadAfter.Text,
        TurnQueries.ReadTail.Text,
        TurnQueries.FindByIds.Text,
        TurnQueries.ReadAddresses.Text,
        FeedQueries.Head.Text,
        FeedQueries.Heads.Text,
        FeedQueries.BothHeads.Text,
        FeedQueries.AllHeads.Text,
        FeedQueries.ReadPage.Text,
        TenantQueries.Summarize.Text,
        TenantQueries.ReadSettings.Text,
        TenantQueries.SaveSettings.Text,
        PlacementQueries.Find.Text,
        PlacementQueries.Place.Text,
        KeyQueries.Find.Text,
        KeyQueries.List.Text,
        KeyQueries.Change.Text,
        AuditPruning.ReadAnchor.Text,
        .. TenantKeyTable.All,
        .. EventQueries.All,
        .. DueQueries.All,
        .. JobRuns.All,
        .. MemoryQueries.All,
        .. MemoryFeed.All,
        .. ErasureQueries.All,
        EntityQueries.Find.Text,
        EntityQueries.FindByName.Text,
        EntityQueries.FindAll.Text,
        EntityQueries.Count.Text,
        EntityQueries.Types.Text,
        EntityQueries.RelationTypes.Text,
        EntityQueries.Connected.Text,
        .. EntityQueries.Listings.Select(static listing => listing.Text),
        StatementQueries.FindObservation.Text,
        StatementQueries.FindCiting.Text,
        StatementQueries.FindSaid.Text,
        StatementQueries.ReadObservations.Text,
        StatementQueries.FindRelation.Text,
        StatementQueries.FindOpenRelation.Text,
        StatementQueries.ReadRelations.Text,
        GraphFeed.Head.Text,
        GraphFeed.Heads.Text,
        GraphFeed.ReadPage.Text,
    ];
}
