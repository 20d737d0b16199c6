using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads how much a tenant holds, from session rows rather than by counting turns.</summary>
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
}
