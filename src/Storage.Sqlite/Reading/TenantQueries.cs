using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// What there is of a tenant as a whole: how much it holds, from session rows rather than by counting turns, and its settings.
/// </summary>
internal static class TenantQueries
{
    public const string ProbeSql = "SELECT count(*) FROM probe";

    private const string SummarySql = """
        SELECT count(*), ifnull(sum(s.last_seq), 0), count(DISTINCT CASE WHEN o.user_id IS NOT NULL THEN s.owner_key END)
        FROM sessions s CROSS JOIN owners o ON o.owner_key = s.owner_key
        WHERE s.tenant = ?1
        """;

    private const string ReadSettingsSql = "SELECT settings FROM tenant_settings WHERE tenant = ?1";
    private const string SaveSettingsSql = "INSERT OR REPLACE INTO tenant_settings (tenant, settings) VALUES (?1, ?2)";

    private const string LastRecordedSql = """
        SELECT max((SELECT recorded_at FROM turns t WHERE t.owner_key = o.owner_key ORDER BY t.change DESC LIMIT 1))
        FROM owners o WHERE o.tenant = ?1
        """;

    public static TenantSummary Summarize(Connection connection, string tenant)
    {
        using var snapshot = new Snapshot(connection);
        using var counts = connection.Prepared(SummarySql).Bind(1, tenant).Query();
        counts.Next();
        using var last = connection.Prepared(LastRecordedSql).Bind(1, tenant).Query();
        DateTimeOffset? recordedAt = last.Next() && !last.IsNull(0) ? last.Time(0) : null;
        return new TenantSummary(tenant, counts.Int64(0), counts.Int64(1), counts.Int64(2), recordedAt);
    }

    public static TenantSettings ReadSettings(Connection connection, string tenant)
    {
        using var rows = connection.Prepared(ReadSettingsSql).Bind(1, tenant).Query();
        var settings = rows.Next() ? TenantSettings.FromColumn(rows.Text(0)) : new TenantSettings();
        return TenantErasureWrites.IsRunning(connection, tenant) ? settings with { IsBeingErased = true } : settings;
    }

    public static bool SaveSettings(Connection connection, string tenant, TenantSettings settings) =>
        connection.Prepared(SaveSettingsSql).Bind(1, tenant).Bind(2, settings.ToColumn()).Run() > 0;
}
