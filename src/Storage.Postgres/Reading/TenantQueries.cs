using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// What there is of a tenant as a whole: how much it holds, from session rows rather than by counting turns, and its settings.
/// </summary>
internal static class TenantQueries
{
    public static readonly TenantQuery<string, TenantSummary> Summarize = new(
        "summarize tenant",
        """
        SELECT count(*), coalesce(sum(s.last_seq), 0)::bigint, count(DISTINCT s.user_id) FILTER (WHERE s.user_id <> ''), (
            SELECT max(newest.recorded_at) FROM owners o CROSS JOIN LATERAL (
                SELECT t.recorded_at FROM turns t WHERE t.tenant = $1 AND t.owner_key = o.owner_key ORDER BY t.change DESC LIMIT 1) newest
            WHERE o.tenant = $1)
        FROM sessions s WHERE s.tenant = $1
        """,
        static (_, _) => { },
        static async (rows, tenant, cancel) =>
        {
            await rows.ReadAsync(cancel);
            DateTimeOffset? last = await rows.IsDBNullAsync(3, cancel) ? null : Timestamp.Read(rows.GetInt64(3));
            return new TenantSummary(tenant, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), last);
        });

    public static readonly TenantQuery<bool, TenantSettings> ReadSettings = new(
        "read tenant settings",
        """
        SELECT (SELECT t.settings FROM tenant_settings t WHERE t.tenant = $1),
            EXISTS (SELECT FROM fences f WHERE f.tenant = $1 AND f.reason = 1)
        """,
        static (_, _) => { },
        static async (rows, _, cancel) =>
        {
            await rows.ReadAsync(cancel);
            var settings = await rows.IsDBNullAsync(0, cancel) ? new TenantSettings() : TenantSettings.FromColumn(rows.GetString(0));
            return rows.GetBoolean(1) ? settings with { IsBeingErased = true } : settings;
        });

    public static readonly TenantQuery<TenantSettings, bool> SaveSettings = new(
        "save tenant settings",
        "INSERT INTO tenant_settings (tenant, settings) VALUES ($1, $2) ON CONFLICT (tenant) DO UPDATE SET settings = excluded.settings",
        static (parameters, settings) => parameters.AddText(settings.ToColumn()),
        static (_, _, _) => Task.FromResult(true));
}
