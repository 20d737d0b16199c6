using MemoryOrleans.Erasures;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes erasures' receipts and the audit trail, inside the committer's transaction.</summary>
internal sealed class ErasureWrites(WriteTransaction transaction)
{
    private const string BeginSql = """
        INSERT INTO erasures (tenant, id, kind, subject, requester, requested_at, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """;

    private const string NoteSql = "INSERT OR IGNORE INTO erasure_items (tenant, erasure_id, item) VALUES (?1, ?2, ?3)";

    private const string AddSql = """
        UPDATE erasures SET vectors = vectors + ?3, records = records + ?4, works = works + ?5, observations = observations + ?6,
            relations = relations + ?7
        WHERE tenant = ?1 AND id = ?2
        """;

    private const string CompleteSql = """
        UPDATE erasures SET completed_at = ?3, counts = ?4, digest = ?5 WHERE tenant = ?1 AND id = ?2 AND completed_at IS NULL
        """;

    private const string ForgetSql = "DELETE FROM erasure_items WHERE tenant = ?1 AND erasure_id = ?2";
    private const string RemoveDueSql = "DELETE FROM due WHERE tenant = ?1 AND subject = ?2 AND kind = ?3";
    private const string AuditSql = """
        INSERT INTO audit (tenant, at, caller, action, subject, request_id, outcome, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    private const string LastHashSql = "SELECT hash FROM audit WHERE tenant = ?1 ORDER BY audit_key DESC LIMIT 1";

    private readonly Connection connection = transaction.Connection;

    public bool Begin(string tenant, Erasure erasure, AuditEntry entry, DateTimeOffset dueAt)
    {
        connection.Prepared(BeginSql)
            .Bind(1, tenant).Bind(2, erasure.Id).Bind(3, (long)erasure.Target.Kind).Bind(4, erasure.Target.Subject)
            .Bind(5, erasure.Requester)
            .Bind(6, Timestamp.Of(erasure.RequestedAt)).Bind(7, Timestamp.Of(erasure.Before))
            .Run();
        transaction.Due.Wake(tenant, DueKinds.Erasure, erasure.Id, dueAt, erasure.RequestedAt);
        return Append(tenant, entry);
    }

    public bool Note(string tenant, string id, IReadOnlyCollection<string> items, ErasureCounts others)
    {
        foreach (var item in items)
            connection.Prepared(NoteSql).Bind(1, tenant).Bind(2, id).Bind(3, item).Run();
        connection.Prepared(AddSql)
            .Bind(1, tenant).Bind(2, id).Bind(3, others.Vectors).Bind(4, others.IdempotencyRecords).Bind(5, others.DueWork)
            .Bind(6, others.Observations).Bind(7, others.Relations)
            .Run();
        return true;
    }

    public bool Complete(string tenant, Erasure done, AuditEntry entry)
    {
        var changed = connection.Prepared(CompleteSql)
            .Bind(1, tenant).Bind(2, done.Id).Bind(3, Timestamp.Of(done.CompletedAt)).Bind(4, ErasureColumns.OfCounts(done.Counts))
            .Bind(5, done.Digest)
            .Run();
        if (changed == 0)
            return false;
        connection.Prepared(ForgetSql).Bind(1, tenant).Bind(2, done.Id).Run();
        connection.Prepared(RemoveDueSql).Bind(1, tenant).Bind(2, done.Id).Bind(3, DueKinds.Erasure).Run();
        transaction.NoteErasure();
        return Append(tenant, entry);
    }

    public bool Append(string tenant, AuditEntry entry)
    {
        connection.Prepared(AuditSql)
            .Bind(1, tenant).Bind(2, Timestamp.Of(entry.At)).Bind(3, entry.Caller).Bind(4, entry.Action).Bind(5, entry.Subject)
            .Bind(6, entry.RequestId).Bind(7, entry.Outcome).Bind(8, AuditChain.HashOf(LastHash(tenant), tenant, entry))
            .Run();
        return true;
    }

    private string? LastHash(string tenant)
    {
        using var rows = connection.Prepared(LastHashSql).Bind(1, tenant).Query();
        return rows.Next() ? rows.TextOrNull(0) : null;
    }
}
