using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>A version as its columns say it.</summary>
internal static class MemoryRow
{
    /// <summary>
    /// The columns <see cref="Read"/> takes, of <c>memories m</c>, <c>owners o</c>, <c>memory_versions v</c> and <c>memory_texts x</c>.
    /// </summary>
    public const string Columns = """
        m.id, o.user_id, v.version, v.kind, v.tier, v.status, v.agent_id, v.agent_class, v.session_id, v.importance, v.salience, v.salience_at,
        v.is_pinned, v.valid_from, v.valid_to, v.confirmed_at, v.recorded_at, v.superseded_at, v.superseded_by, v.sources, v.origin, v.made_by,
        v.operation, x.content, x.metadata, x.topics, x.entities, x.claim, x.aliases
        """;

    /// <summary>The number of those.</summary>
    public const int Count = 29;

    /// <summary>The current version of <c>memories m</c>.</summary>
    public const string OfCurrent = """
        CROSS JOIN owners o ON o.owner_key = m.owner_key
        CROSS JOIN memory_versions v ON v.version_key = m.version_key
        CROSS JOIN memory_texts x ON x.version_key = v.version_key
        """;

    public static MemoryRecord Read(Statement.Rows rows) => ReadVersion(rows, rows.Text(0), rows.Int64(2));

    private static MemoryRecord ReadVersion(Statement.Rows rows, string id, long version) => new()
    {
        Id = id,
        Version = version,
        Kind = rows.Text(3),
        Tier = (MemoryTier)rows.Int64(4),
        Status = (MemoryStatus)rows.Int64(5),
        Owner = new MemoryOwner(rows.TextOrNull(1), rows.TextOrNull(6), rows.TextOrNull(7), rows.TextOrNull(8)),
        Importance = rows.Double(9),
        Salience = new Salience(rows.Double(10), rows.Time(11)),
        IsPinned = rows.Int64(12) != 0,
        ValidFrom = rows.Time(13),
        ValidTo = rows.TimeOrNull(14),
        ConfirmedAt = rows.TimeOrNull(15),
        RecordedAt = rows.Time(16),
        SupersededAt = rows.TimeOrNull(17),
        SupersededBy = rows.TextOrNull(18),
        Sources = MemoryColumns.ReadSources(rows.TextOrNull(19)),
        Origin = rows.Text(20),
        Change = (MemoryChange)rows.Int64(21),
        Operation = rows.Text(22),
        Content = rows.Opened(23, SealedField.MemoryContent, id, 0),
        Metadata = rows.OpenedOrNull(24, SealedField.MemoryMetadata, id, version),
        Topics = MemoryColumns.ReadWords(rows.OpenedOrNull(25, SealedField.MemoryTopics, id, version)),
        Entities = MemoryColumns.ReadWords(rows.OpenedOrNull(26, SealedField.MemoryEntities, id, version)),
        Claim = MemoryColumns.ReadClaim(rows.OpenedOrNull(27, SealedField.MemoryClaim, id, version)),
        Aliases = MemoryColumns.ReadWords(rows.OpenedOrNull(28, SealedField.MemoryAliases, id, version)),
    };

    public static IReadOnlyList<MemoryRecord> ReadAll(Statement statement)
    {
        var memories = new List<MemoryRecord>();
        using var rows = statement.Query();
        while (rows.Next())
            memories.Add(Read(rows));
        return memories;
    }
}
