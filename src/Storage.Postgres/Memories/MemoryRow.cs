using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>A version as its columns say it.</summary>
internal static class MemoryRow
{
    /// <summary>The columns <see cref="Read"/> takes, of <c>memories m</c> and <c>memory_versions v</c>.</summary>
    public const string Columns = """
        m.id, m.user_id, v.version, v.kind, v.tier, v.status, v.agent_id, v.agent_class, v.session_id, v.importance, v.salience, v.salience_at,
        v.is_pinned, v.valid_from, v.valid_to, v.confirmed_at, v.recorded_at, v.superseded_at, v.superseded_by, v.sources, v.origin, v.made_by,
        v.operation, v.content, v.metadata, v.topics, v.entities, v.claim, v.aliases
        """;

    /// <summary>The number of those.</summary>
    public const int Count = 29;

    public static MemoryRecord Read(TenantRows rows) => ReadVersion(rows, rows.GetString(0), rows.GetInt64(2));

    private static MemoryRecord ReadVersion(TenantRows rows, string id, long version) => new()
    {
        Id = id,
        Version = version,
        Kind = rows.GetString(3),
        Tier = (MemoryTier)rows.GetInt16(4),
        Status = (MemoryStatus)rows.GetInt16(5),
        Owner = new MemoryOwner(UserName.FromColumn(rows.GetString(1)), TextOrNull(rows, 6), TextOrNull(rows, 7), TextOrNull(rows, 8)),
        Importance = rows.GetDouble(9),
        Salience = new Salience(rows.GetDouble(10), Timestamp.Read(rows.GetInt64(11))),
        IsPinned = rows.GetBoolean(12),
        ValidFrom = Timestamp.Read(rows.GetInt64(13)),
        ValidTo = TimeOrNull(rows, 14),
        ConfirmedAt = TimeOrNull(rows, 15),
        RecordedAt = Timestamp.Read(rows.GetInt64(16)),
        SupersededAt = TimeOrNull(rows, 17),
        SupersededBy = TextOrNull(rows, 18),
        Sources = MemoryColumns.ReadSources(TextOrNull(rows, 19)),
        Origin = rows.GetString(20),
        Change = (MemoryChange)rows.GetInt16(21),
        Operation = rows.GetString(22),
        Content = rows.Opened(23, SealedField.MemoryContent, id, 0),
        Metadata = rows.OpenedOrNull(24, SealedField.MemoryMetadata, id, version),
        Topics = MemoryColumns.ReadWords(rows.OpenedOrNull(25, SealedField.MemoryTopics, id, version)),
        Entities = MemoryColumns.ReadWords(rows.OpenedOrNull(26, SealedField.MemoryEntities, id, version)),
        Claim = MemoryColumns.ReadClaim(rows.OpenedOrNull(27, SealedField.MemoryClaim, id, version)),
        Aliases = MemoryColumns.ReadWords(rows.OpenedOrNull(28, SealedField.MemoryAliases, id, version)),
    };

    public static async Task<IReadOnlyList<MemoryRecord>> ReadAllAsync<TArgs>(TenantRows rows, TArgs _, CancellationToken cancel)
    {
        var memories = new List<MemoryRecord>();
        while (await rows.ReadAsync(cancel))
            memories.Add(Read(rows));
        return memories;
    }

    private static string? TextOrNull(TenantRows rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    private static DateTimeOffset? TimeOrNull(TenantRows rows, int column) =>
        rows.IsDBNull(column) ? null : Timestamp.Read(rows.GetInt64(column));
}
