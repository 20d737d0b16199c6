using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>A table that has rows of tenants, as the catalogue knows it.</summary>
/// <param name="Columns">All that are written, in order.</param>
/// <param name="Key">Of those the primary key.</param>
/// <param name="Identity">The column that a sequence numbers, or null.</param>
/// <param name="IsReferenced">Rows of other tables point at its rows.</param>
internal sealed record TenantTable(string Name, string[] Columns, string[] Key, string? Identity, bool IsReferenced)
{
    /// <summary>
    /// Tables that grow without end and whose rows never take over another row's unique values. What of them is gone is told by counting;
    /// of the others every key is compared.
    /// </summary>
    public bool IsCounted => Name == "turns"
        || Name.StartsWith("vectors_", StringComparison.Ordinal)
        || Name.StartsWith("memory_vectors_", StringComparison.Ordinal) || Name.StartsWith("entity_vectors_", StringComparison.Ordinal);

    /// <summary>Work to be done is copied at the last moment only: it would be done in both places.</summary>
    public bool IsWork => Name is "due" or "job_runs";

    public string ColumnList => string.Join(", ", Columns);

    private const string ListSql = """
        SELECT c.relname::text,
            (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
            (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (number, place)
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number WHERE i.indrelid = c.oid AND i.indisprimary),
            (SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped),
            EXISTS (SELECT FROM pg_constraint r WHERE r.confrelid = c.oid AND r.contype = 'f'),
            (SELECT coalesce(array_agg(r.confrelid::regclass::text), '{}') FROM pg_constraint r WHERE r.conrelid = c.oid AND r.contype = 'f')
        FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('placements', 'moves', 'fences')
            AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped)
        ORDER BY c.relname
        """;

    /// <summary>All of them, those that others point at before those.</summary>
    public static async Task<IReadOnlyList<TenantTable>> ListAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var waiting = new List<(TenantTable Table, string[] After)>();
        await using (var command = new NpgsqlCommand(ListSql, connection))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                var identity = await rows.IsDBNullAsync(3, cancel) ? null : rows.GetString(3);
                waiting.Add((
                    new TenantTable(rows.GetString(0), rows.GetFieldValue<string[]>(1), rows.GetFieldValue<string[]>(2), identity,
                    rows.GetBoolean(4)),
                    rows.GetFieldValue<string[]>(5)));
            }
        }

        var ordered = new List<TenantTable>();
        while (waiting.Count > 0)
        {
            var next = waiting.First(each => each.After.All(name => name == each.Table.Name || ordered.Any(done => done.Name == name)));
            waiting.Remove(next);
            ordered.Add(next.Table);
        }

        return ordered;
    }
}
