using MemoryOrleans.Erasures;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads and writes a tenant's erasures and its audit trail. Each write is one statement, and so all or nothing.</summary>
internal static class ErasureQueries
{
    private const string Columns = """
        e.id, e.kind, e.subject, e.requester, e.requested_at, e.before, e.completed_at, e.vectors, e.records, e.works, e.observations,
        e.relations, e.counts, e.digest
        """;

    private const string AuditSql = "INSERT INTO audit (tenant, at, caller, action, subject, request_id, outcome)";

    public static readonly TenantQuery<string, Erasure?> Find = new(
        "find erasure",
        $"SELECT {Columns} FROM erasures e WHERE e.tenant = $1 AND e.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? Read(rows) : null);

    public static readonly TenantQuery<(ListPosition Before, int Limit), Page<Erasure>> List = new(
        "list erasures",
        $"""
        SELECT {Columns}, e.erasure_key FROM erasures e WHERE e.tenant = $1 AND (e.requested_at, e.erasure_key) < ($2, $3)
        ORDER BY e.requested_at DESC, e.erasure_key DESC LIMIT $4
        """,
        BindPage,
        static async (rows, page, cancel) => await ReadPageAsync(rows, page, Read, 4, 14, cancel));

    public static readonly TenantQuery<(string Id, string? After, int Limit), IReadOnlyList<string>> Items = new(
        "read erased",
        "SELECT i.item FROM erasure_items i WHERE i.tenant = $1 AND i.erasure_id = $2 AND i.item > $3 ORDER BY i.item LIMIT $4",
        static (parameters, query) =>
        {
            parameters.AddText(query.Id);
            parameters.AddText(query.After ?? string.Empty);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, _, cancel) =>
        {
            var items = new List<string>();
            while (await rows.ReadAsync(cancel))
                items.Add(rows.GetString(0));
            return items;
        });

    public static readonly TenantQuery<(Erasure Erasure, AuditEntry Entry), bool> Begin = new(
        "begin erasure",
        $"""
        WITH a AS ({AuditSql} VALUES ($1, $8, $9, $10, $11, $12, $13))
        INSERT INTO erasures (tenant, id, kind, subject, requester, requested_at, before) VALUES ($1, $2, $3::bigint::smallint, $4, $5, $6, $7)
        """,
        static (parameters, begin) =>
        {
            parameters.AddText(begin.Erasure.Id);
            parameters.AddBigint((long)begin.Erasure.Target.Kind);
            parameters.AddText(begin.Erasure.Target.Subject);
            parameters.AddText(begin.Erasure.Requester);
            parameters.AddBigint(Timestamp.Of(begin.Erasure.RequestedAt));
            parameters.AddBigint(Timestamp.Of(begin.Erasure.Before));
            AddEntry(parameters, begin.Entry);
        },
        static (_, _, _) => Task.FromResult(true));

    public static readonly TenantQuery<(string Id, string[] Items, ErasureCounts Others), bool> Note = new(
        "note erased",
        """
        WITH i AS (
            INSERT INTO erasure_items (tenant, erasure_id, item) SELECT $1, $2, n.item FROM unnest($3::text[]) n (item) ON CONFLICT DO NOTHING)
        UPDATE erasures e SET vectors = e.vectors + $4, records = e.records + $5, works = e.works + $6,
            observations = e.observations + $7, relations = e.relations + $8
        WHERE e.tenant = $1 AND e.id = $2
        """,
        static (parameters, note) =>
        {
            parameters.AddText(note.Id);
            parameters.AddTexts(note.Items);
            parameters.AddBigint(note.Others.Vectors);
            parameters.AddBigint(note.Others.IdempotencyRecords);
            parameters.AddBigint(note.Others.DueWork);
            parameters.AddBigint(note.Others.Observations);
            parameters.AddBigint(note.Others.Relations);
        },
        static (_, _, _) => Task.FromResult(true));

    public static readonly TenantQuery<(Erasure Done, AuditEntry Entry), bool> Complete = new(
        "complete erasure",
        $"""
        WITH e AS (
            UPDATE erasures e SET completed_at = $3, counts = $4, digest = $5
            WHERE e.tenant = $1 AND e.id = $2 AND e.completed_at IS NULL RETURNING e.id),
        i AS (DELETE FROM erasure_items i WHERE i.tenant = $1 AND i.erasure_id = $2 AND EXISTS (SELECT FROM e)),
        d AS (DELETE FROM due d WHERE d.tenant = $1 AND d.subject = $2 AND d.kind = $6 AND EXISTS (SELECT FROM e)),
        a AS ({AuditSql} SELECT $1, $7, $8, $9, $10, $11, $12 FROM e)
        SELECT e.id FROM e
        """,
        static (parameters, complete) =>
        {
            parameters.AddText(complete.Done.Id);
            parameters.AddBigint(Timestamp.Of(complete.Done.CompletedAt!.Value));
            parameters.AddText(ErasureColumns.OfCounts(complete.Done.Counts));
            parameters.AddText(complete.Done.Digest);
            parameters.AddText(Scheduling.DueKinds.Erasure);
            AddEntry(parameters, complete.Entry);
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    public static readonly TenantQuery<AuditEntry, bool> Append = new(
        "append audit", $"{AuditSql} VALUES ($1, $2, $3, $4, $5, $6, $7)", AddEntry, static (_, _, _) => Task.FromResult(true));

    public static readonly TenantQuery<(ListPosition Before, int Limit), Page<AuditEntry>> ListAudit = new(
        "list audit",
        """
        SELECT a.at, a.caller, a.action, a.subject, a.audit_key, a.request_id, a.outcome FROM audit a WHERE a.tenant = $1 AND (a.at, a.audit_key) < ($2, $3)
        ORDER BY a.at DESC, a.audit_key DESC LIMIT $4
        """,
        BindPage,
        static async (rows, page, cancel) => await ReadPageAsync(
            rows, page, ReadEntry, 0, 4, cancel));

    public static readonly TenantQuery<(long AfterKey, int Limit), IReadOnlyList<StoredAuditEntry>> ReadAudit = new(
        "read audit",
        """
        SELECT a.at, a.caller, a.action, a.subject, a.audit_key, a.request_id, a.outcome, a.hash FROM audit a
        WHERE a.tenant = $1 AND a.audit_key > $2 ORDER BY a.audit_key LIMIT $3
        """,
        static (parameters, query) =>
        {
            parameters.AddBigint(query.AfterKey);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, _, cancel) =>
        {
            var entries = new List<StoredAuditEntry>();
            while (await rows.ReadAsync(cancel))
                entries.Add(new StoredAuditEntry(rows.GetInt64(4), ReadEntry(rows), rows.IsDBNull(7) ? null : rows.GetString(7)));
            return entries;
        });

    /// <summary>Every query here that reads, for the test of plans.</summary>
    public static IEnumerable<(string Name, string Sql)> All => [Find.Text, List.Text, Items.Text, ListAudit.Text, ReadAudit.Text];

    private static void AddEntry(NpgsqlParameterCollection parameters, AuditEntry entry)
    {
        parameters.AddBigint(Timestamp.Of(entry.At));
        parameters.AddText(entry.Caller);
        parameters.AddText(entry.Action);
        parameters.AddText(entry.Subject);
        parameters.AddText(entry.RequestId);
        parameters.AddText(entry.Outcome);
    }

    private static AuditEntry ReadEntry(TenantRows row) =>
        new(Timestamp.Read(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.GetString(3)) { RequestId = row.GetString(5),
        Outcome = row.GetString(6) };

    private static void BindPage(NpgsqlParameterCollection parameters, (ListPosition Before, int Limit) page)
    {
        parameters.AddBigint(page.Before.CreatedAt);
        parameters.AddBigint(page.Before.SessionKey);
        parameters.AddBigint(page.Limit + 1L);
    }

    private static async Task<Page<T>> ReadPageAsync<T>(
        TenantRows rows, (ListPosition Before, int Limit) from, Func<TenantRows, T> read, int time, int key, CancellationToken cancel)
    {
        var page = new ListPage<T>(from.Limit);
        while (await rows.ReadAsync(cancel))
            page.Add(read(rows), rows.GetInt64(time), rows.GetInt64(key));
        return page.ToPage();
    }

    private static Erasure Read(TenantRows rows) => new(
        rows.GetString(0), ErasureTarget.Of((ErasureKind)rows.GetInt16(1), rows.GetString(2)), rows.GetString(3),
        Timestamp.Read(rows.GetInt64(4)), Timestamp.Read(rows.GetInt64(5)))
    {
        CompletedAt = rows.IsDBNull(6) ? null : Timestamp.Read(rows.GetInt64(6)),
        Counts = rows.IsDBNull(12)
            ? new ErasureCounts(
                Vectors: rows.GetInt64(7), IdempotencyRecords: rows.GetInt64(8), DueWork: rows.GetInt64(9),
                Observations: rows.GetInt64(10), Relations: rows.GetInt64(11))
            : ErasureColumns.ReadCounts(rows.GetString(12)),
        Digest = rows.IsDBNull(13) ? null : rows.GetString(13),
    };
}
