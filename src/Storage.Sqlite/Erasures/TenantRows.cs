using MemoryOrleans.Erasures;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Removes all rows of a tenant, some at a time, inside the committer's transaction. Texts and elements of vectors are emptied first, where
/// they are, and their rows stay, without anything that says whose they were; see the schema.
/// </summary>
internal sealed class TenantRows(Connection connection)
{
    // Rows with the tenant in them that no other row stands under. Ids of due work are never given again.
    private static readonly PlainTable[] Plain =
    [
        new("idempotency", "change"), new("job_runs", "kind"), new("webhook_deliveries", "(webhook_id, seq)"), new("webhooks", "webhook_no"),
        new("events", "seq"), new("event_heads", "tenant"), new("api_keys", "key_no"), new("tenant_settings", "tenant"),
        new("memory_citations", "(session_id, memory_id)"), new("graph_citations", "(session_id, observation_id)"),
        new("erasure_items", "(erasure_id, item)"), new("erasures", "erasure_key"), new("tombstones", "id"),
        new("due", "id", $" AND kind <> '{DueKinds.TenantErasure}'"),
        new("graph_relations", "relation_key", Order: " ORDER BY relation_key")
        {
            EraseSql = EmptyGraphTexts("SELECT text_key FROM graph_relations WHERE tenant = ?1 ORDER BY relation_key LIMIT ?2"),
        },
    ];

    // In the order that the references between them allow.
    private static readonly Parent[] Parents =
    [
        new("sessions", "session_key",
            new("vectors", "(space, seq, piece)", "session_key", "space, seq, piece")
            {
                EraseSql = """
                    UPDATE vector_elements SET elements = NULL
                    WHERE vector_key IN (SELECT vector_key FROM vectors WHERE session_key = ?1 ORDER BY space, seq, piece LIMIT ?2)
                    """,
            },
            new("turns", "change", "session_key", "seq")
            {
                EraseSql = """
                    UPDATE turn_texts SET name = NULL, content = NULL, metadata = NULL
                    WHERE change IN (SELECT change FROM turns WHERE session_key = ?1 ORDER BY seq LIMIT ?2)
                    """,
            }),
        new("memories", "memory_key",
            EmptiedVectors("memory_vectors", "memory_key"),
            new("memory_keys", "digest", "memory_key", "owner_key, digest"),
            new("memory_versions", "version_key", "memory_key", "version")
            {
                EraseSql = """
                    UPDATE memory_texts
                    SET content = NULL, metadata = NULL, topics = NULL, entities = NULL, claim = NULL, aliases = NULL
                    WHERE version_key IN (SELECT version_key FROM memory_versions WHERE memory_key = ?1 ORDER BY version LIMIT ?2)
                    """,
            }),
        new("graph_entities", "entity_key",
            EmptiedVectors("entity_vectors", "entity_key"),
            new("graph_aliases", "(owner_key, agent_id, digest)", "entity_key", "owner_key, agent_id, digest"),
            new("graph_observations", "observation_key", "entity_key", "observation_key")
            {
                EraseSql = EmptyGraphTexts(
                    "SELECT text_key FROM graph_observations WHERE entity_key = ?1 ORDER BY observation_key LIMIT ?2"),
            })
        {
            EraseSql = EmptyGraphTexts("SELECT text_key FROM graph_entities WHERE entity_key = ?1"),
        },
        new("owners", "owner_key", new Child("removals", "change", "owner_key", "change")),
        new("graph_owners", "owner_key", new Child("graph_removals", "change", "owner_key", "change")),
    ];

    /// <summary>Removes about so many rows at most; how many of each table.</summary>
    public IReadOnlyList<ErasedRows> Remove(string tenant, int limit)
    {
        var removed = new List<ErasedRows>();
        long left = limit;
        foreach (var table in Plain.TakeWhile(_ => left > 0))
            left -= Note(removed, table.Name, Run(table, tenant, left));
        foreach (var parent in Parents)
        {
            while (left > 0 && FindFirst(parent, tenant) is { } key)
                left -= Remove(parent, key, left, removed);
        }

        return removed;
    }

    /// <summary>True when nothing is left to remove.</summary>
    public bool AreGone(string tenant) =>
        Plain.All(table => !Exists($"SELECT EXISTS (SELECT 1 FROM {table.Name} WHERE tenant = ?1{table.But})", tenant))
        && Parents.All(parent => FindFirst(parent, tenant) is null);

    /// <summary>What stands under a row, and, when all of that is gone, the row; how many rows those were.</summary>
    private long Remove(Parent parent, long key, long limit, List<ErasedRows> removed)
    {
        var left = limit;
        foreach (var child in parent.Children)
        {
            if (left <= 0)
                return limit;
            if (child.EraseSql is { } erase)
                connection.Prepared(erase).Bind(1, key).Bind(2, left).Run();
            left -= Note(removed, child.Name, connection.Prepared(child.RemoveSql).Bind(1, key).Bind(2, left).Run());
        }

        if (left <= 0)
            return limit;
        if (parent.EraseSql is { } eraseOwn)
            connection.Prepared(eraseOwn).Bind(1, key).Run();
        left -= Note(removed, parent.Name, connection.Prepared(parent.RemoveSql).Bind(1, key).Run());
        return limit - left;
    }

    private int Run(PlainTable table, string tenant, long limit)
    {
        if (table.EraseSql is { } erase)
            connection.Prepared(erase).Bind(1, tenant).Bind(2, limit).Run();
        return connection.Prepared(table.RemoveSql).Bind(1, tenant).Bind(2, limit).Run();
    }

    private long? FindFirst(Parent parent, string tenant)
    {
        using var rows = connection.Prepared(parent.FirstSql).Bind(1, tenant).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }

    private bool Exists(string sql, string tenant)
    {
        using var rows = connection.Prepared(sql).Bind(1, tenant).Query();
        return rows.Next() && rows.Int64(0) != 0;
    }

    private static long Note(List<ErasedRows> removed, string table, long count)
    {
        if (count > 0)
            removed.Add(new ErasedRows(table, count));
        return count;
    }

    private static string EmptyGraphTexts(string keys) =>
        $"UPDATE graph_texts SET name = NULL, content = NULL, sources = NULL, metadata = NULL, aliases = NULL WHERE text_key IN ({keys})";

    private static Child EmptiedVectors(string table, string key) => new(table, "vector_key", key, "vector_key")
    {
        RemoveSql = $"""
            UPDATE {table} SET elements = NULL WHERE vector_key IN (
                SELECT vector_key FROM {table} WHERE {key} = ?1 AND elements IS NOT NULL LIMIT ?2)
            """,
    };

    /// <param name="Key">What tells a row of the table from any other of the tenant.</param>
    /// <param name="But">Which rows stay.</param>
    /// <param name="Order">Which are first; empty: whichever is cheapest.</param>
    private sealed record PlainTable(string Name, string Key, string But = "", string Order = "")
    {
        /// <summary>Empties what the rows' texts are kept in; ?1 the tenant, ?2 how many.</summary>
        public string? EraseSql { get; init; }

        public string RemoveSql { get; } = $"""
            DELETE FROM {Name} WHERE tenant = ?1{But} AND {Key} IN (
                SELECT {Key.Trim('(', ')')} FROM {Name} WHERE tenant = ?1{But}{Order} LIMIT ?2)
            """;
    }

    /// <param name="Key">What tells a row from any other under the same parent.</param>
    private sealed record Child(string Name, string Key, string ParentKey, string Order)
    {
        /// <summary>Empties what the rows' texts are kept in; ?1 the parent's key, ?2 how many.</summary>
        public string? EraseSql { get; init; }

        public string RemoveSql { get; init; } = $"""
            DELETE FROM {Name} WHERE {ParentKey} = ?1 AND {Key} IN (
                SELECT {Key.Trim('(', ')')} FROM {Name} WHERE {ParentKey} = ?1 ORDER BY {Order} LIMIT ?2)
            """;
    }

    private sealed record Parent(string Name, string Key, params Child[] Children)
    {
        /// <summary>Empties what the row's own text is kept in; ?1 its key.</summary>
        public string? EraseSql { get; init; }

        public string FirstSql { get; } = $"SELECT {Key} FROM {Name} WHERE tenant = ?1 ORDER BY {Key} LIMIT 1";

        public string RemoveSql { get; } = $"DELETE FROM {Name} WHERE {Key} = ?1";
    }
}
