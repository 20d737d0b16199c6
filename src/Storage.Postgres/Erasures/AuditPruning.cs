using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Removes entries from the beginning of an audit trail and keeps the hash that the rest of it is chained to.</summary>
internal static class AuditPruning
{
    public static readonly TenantQuery<bool, AuditAnchor> ReadAnchor = new(
        "read audit anchor",
        "SELECT n.removed, n.hash FROM audit_anchors n WHERE n.tenant = $1",
        static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel)
        ? new AuditAnchor(rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetString(1)) : default);

    public static readonly TenantQuery<(DateTimeOffset Before, int Limit, DateTimeOffset Now), long> Prune = new(
        "prune audit",
        "SELECT prune_audit_1($1, $2, $3, $4)",
        static (parameters, prune) =>
        {
            parameters.AddBigint(Timestamp.Of(prune.Before));
            parameters.AddBigint(prune.Limit);
            parameters.AddBigint(Timestamp.Of(prune.Now));
        },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);
}
