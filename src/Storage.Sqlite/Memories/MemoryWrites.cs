using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes memories, inside the committer's transaction.</summary>
internal sealed class MemoryWrites(WriteTransaction transaction)
{
    private const string FindSql = """
        SELECT m.memory_key, m.owner_key, m.version, m.version_key, m.status, m.change, o.user_id IS ?3
        FROM memories m CROSS JOIN owners o ON o.owner_key = m.owner_key
        WHERE m.tenant = ?1 AND m.id = ?2
        """;

    private const string InsertSql = """
        INSERT INTO memories (tenant, id, owner_key, version_key, version, created_at, kind, tier, status, agent_id, session_id)
        VALUES (?1, ?2, ?3, 0, 0, ?4, '', 0, 0, NULL, NULL)
        """;

    private const string UpdateSql = """
        UPDATE memories SET version_key = ?2, version = ?3, kind = ?4, tier = ?5, status = ?6, agent_id = ?7, session_id = ?8,
            change = ?9, replaces = ?10
        WHERE memory_key = ?1
        """;

    private const string SupersedeSql = "UPDATE memory_versions SET superseded_at = ?2 WHERE version_key = ?1";

    // A number that no version has had: texts of versions that are gone with their tenant stay, empty.
    private const string InsertVersionSql = """
        INSERT INTO memory_versions (version_key, memory_key, tenant, version, kind, tier, status, agent_id, agent_class, session_id, importance, salience,
            salience_at, is_pinned, valid_from, valid_to, confirmed_at, recorded_at, superseded_by, sources, origin, made_by, operation)
        VALUES (
            1 + max(ifnull((SELECT max(version_key) FROM memory_versions), 0), ifnull((SELECT max(version_key) FROM memory_texts), 0)),
            ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
        """;

    private const string InsertTextSql = """
        INSERT INTO memory_texts (version_key, content, metadata, topics, entities, claim, aliases) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """;

    private const string RedactTextSql = """
        UPDATE memory_texts SET content = ?2, metadata = ?3, topics = ?4, entities = ?5, claim = ?6, aliases = ?7 WHERE version_key = ?1
        """;

    private const string ContentSql = "SELECT content FROM memory_texts WHERE version_key = ?1";
    private const string RedactVersionSql = "UPDATE memory_versions SET status = ?2, sources = ?3 WHERE version_key = ?1";
    private const string FindVersionSql = "SELECT version_key FROM memory_versions WHERE memory_key = ?1 AND version = ?2";

    private const string SalienceSql = """
        UPDATE memory_versions SET salience = ?3, salience_at = ?4
        WHERE version_key = (SELECT version_key FROM memories WHERE tenant = ?1 AND id = ?2) AND salience_at < ?4
        """;

    private const string RemoveKeysSql = "DELETE FROM memory_keys WHERE memory_key = ?1";
    private const string InsertKeySql = "INSERT OR IGNORE INTO memory_keys (owner_key, digest, memory_key) VALUES (?1, ?2, ?3)";
    private const string AllSourcesSql = "SELECT sources FROM memory_versions WHERE memory_key = ?1 AND sources IS NOT NULL";
    private const string RemoveCitationSql = "DELETE FROM memory_citations WHERE tenant = ?1 AND session_id = ?2 AND memory_id = ?3";
    private const string InsertCitationSql = "INSERT OR IGNORE INTO memory_citations (tenant, session_id, memory_id) VALUES (?1, ?2, ?3)";

    private const string DistilledSql = """
        UPDATE sessions SET distilled = ?4 WHERE tenant = ?1 AND id = ?2 AND distilled = ?3 - 1 AND last_seq >= ?4
            AND created_at = ?5 AND erased_version <= ?6
        """;

    private const string OwnerVersionSql = """
        SELECT count(*) FROM owners WHERE tenant = ?1 AND user_id IS ?2 AND memory_version <> ?3
        """;

    private const string AdvanceOwnerSql = "UPDATE owners SET memory_version = memory_version + 1 WHERE tenant = ?1 AND user_id IS ?2";

    private readonly Connection connection = transaction.Connection;

    public CommitStatus Commit(MemoryCommit commit, DateTimeOffset now)
    {
        if (commit.Distilled is { } range && !TryDistil(commit.Tenant, range))
            return CommitStatus.Stale;
        if (commit.Owner is { } owner && !IsAt(commit.Tenant, owner))
            return CommitStatus.Stale;
        var heads = new Dictionary<PartitionKey, long>();
        foreach (var write in commit.Writes)
        {
            if (!TryWrite(commit.Tenant, write, heads, now, commit.IsTold, out _))
                return CommitStatus.Stale;
        }

        if (commit.Distilled is { } done)
            transaction.Events.TellDistilled(commit.Tenant, done, now);

        foreach (var user in commit.Writes.Select(static write => write.After.Owner.UserId).Distinct(StringComparer.Ordinal))
            AdvanceOwner(commit.Tenant, user);

        foreach (var (kind, subject, dueAt) in commit.Wakes)
            transaction.Due.Wake(commit.Tenant, kind, subject, dueAt, now);
        foreach (var (partition, change) in heads)
            transaction.AdvanceMemories(partition, change);
        return CommitStatus.Committed;
    }

    /// <summary>
    /// The texts of earlier versions are changed where they are; see the schema. The write-ahead log is emptied soon after.
    /// </summary>
    public CommitStatus Redact(string tenant, MemoryWrite next, IReadOnlyList<MemoryRecord> redacted, DateTimeOffset now)
    {
        var heads = new Dictionary<PartitionKey, long>();
        if (!TryWrite(tenant, next, heads, now, isTold: true, out var memoryKey))
            return CommitStatus.Stale;
        AdvanceOwner(tenant, next.After.Owner.UserId);
        var cited = FindCited(memoryKey);
        foreach (var version in redacted)
            Redact(memoryKey, version);
        foreach (var session in cited.Except(FindCited(memoryKey), StringComparer.Ordinal))
            connection.Prepared(RemoveCitationSql).Bind(1, tenant).Bind(2, session).Bind(3, next.After.Id).Run();
        foreach (var (partition, change) in heads)
            transaction.AdvanceMemories(partition, change);
        transaction.NoteErasure();
        return CommitStatus.Committed;
    }

    public bool SaveSalience(string tenant, IReadOnlyList<SalienceUpdate> updates)
    {
        foreach (var (id, salience) in updates)
        {
            connection.Prepared(SalienceSql)
                .Bind(1, tenant).Bind(2, id).Bind(3, salience.Value).Bind(4, Timestamp.Of(salience.At))
                .Run();
        }

        return true;
    }

    private bool TryDistil(string tenant, DistilledRange range) =>
        connection.Prepared(DistilledSql).Bind(1, tenant).Bind(2, range.SessionId).Bind(3, range.FromSeq).Bind(4, range.ToSeq)
            .Bind(5, Timestamp.Of(range.Read.CreatedAt)).Bind(6, range.Read.Version)
            .Run() > 0;

    private bool IsAt(string tenant, OwnerVersion owner)
    {
        using var rows = connection.Prepared(OwnerVersionSql).Bind(1, tenant).Bind(2, owner.UserId).Bind(3, owner.Version).Query();
        return rows.Next() && rows.Int64(0) == 0;
    }

    private void AdvanceOwner(string tenant, string? userId) => connection.Prepared(AdvanceOwnerSql).Bind(1, tenant).Bind(2, userId).Run();

    private bool TryWrite(
        string tenant, MemoryWrite write, Dictionary<PartitionKey, long> heads, DateTimeOffset now, bool isTold, out long memoryKey)
    {
        var after = write.After;
        var found = Find(tenant, after);
        memoryKey = found?.MemoryKey ?? 0;
        if ((found?.Version ?? 0) != write.ExpectedVersion)
            return false;
        var row = found ?? Insert(tenant, after);
        memoryKey = row.MemoryKey;
        if (!row.SameUser)
            throw new InvalidOperationException($"Memory {after.Id} belongs to another user; a commit cannot change that.");
        if (found is not null)
            connection.Prepared(SupersedeSql).Bind(1, row.VersionKey).Bind(2, Timestamp.Of(after.RecordedAt)).Run();
        var versionKey = InsertVersion(tenant, row.MemoryKey, after);
        var wasRecallable = found is not null && MemoryDocument.IsRecallable(row.Status);
        var isNews = MemoryDocument.IsRecallable(after.Status) || wasRecallable;
        Update(row, versionKey, after, isNews ? 2 * versionKey : row.Change);
        ReplaceKeys(row, write.AllDigests);
        AddCitations(tenant, after);
        TendVectors(tenant, row, wasRecallable, after, now);
        if (isNews)
            heads[new PartitionKey(tenant, after.Owner.UserId)] = 2 * versionKey;
        if (isTold)
            transaction.Events.TellMemory(tenant, found?.Status, after, now);
        return true;
    }

    // They are of the current text: what says the same keeps them, or is still to have them by the work that was woken before.
    private void TendVectors(string tenant, MemoryRow before, bool wasRecallable, MemoryRecord after, DateTimeOffset now)
    {
        var isRecallable = MemoryDocument.IsRecallable(after.Status);
        if (wasRecallable && isRecallable && ReadContent(before.VersionKey, after.Id) == after.Content)
            return;
        if (wasRecallable)
            transaction.MemoryVectors.Erase(before.MemoryKey);
        if (isRecallable)
            transaction.MemoryVectors.Wake(tenant, after.Id, now);
    }

    private string? ReadContent(long versionKey, string id)
    {
        using var rows = connection.Prepared(ContentSql).Bind(1, versionKey).Query();
        return rows.Next() ? rows.OpenedOrNull(0, SealedField.MemoryContent, id, 0) : null;
    }

    private MemoryRow? Find(string tenant, MemoryRecord after)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, tenant).Bind(2, after.Id).Bind(3, after.Owner.UserId).Query();
        return rows.Next()
            ? new MemoryRow(
                rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3), (MemoryStatus)rows.Int64(4), rows.IsNull(5)
                ? null : rows.Int64(5),
                rows.Int64(6) != 0)
            : null;
    }

    private MemoryRow Insert(string tenant, MemoryRecord after)
    {
        var ownerKey = transaction.Sessions.FindOrInsertOwner(tenant, after.Owner.UserId);
        connection.Prepared(InsertSql).Bind(1, tenant).Bind(2, after.Id).Bind(3, ownerKey).Bind(4, Timestamp.Of(after.RecordedAt)).Run();
        return new MemoryRow(connection.LastRowId, ownerKey, 0, 0, after.Status, Change: null, SameUser: true);
    }

    private long InsertVersion(string tenant, long memoryKey, MemoryRecord after)
    {
        connection.Prepared(InsertVersionSql)
            .Bind(1, memoryKey).Bind(2, tenant).Bind(3, after.Version).Bind(4, after.Kind).Bind(5, (long)after.Tier)
            .Bind(6, (long)after.Status)
            .Bind(7, after.Owner.AgentId).Bind(8, after.Owner.AgentClass).Bind(9, after.Owner.SessionId)
            .Bind(10, after.Importance).Bind(11, after.Salience.Value).Bind(12, Timestamp.Of(after.Salience.At))
            .Bind(13, after.IsPinned ? 1 : 0)
            .Bind(14, Timestamp.Of(after.ValidFrom)).Bind(15, Timestamp.Of(after.ValidTo)).Bind(16, Timestamp.Of(after.ConfirmedAt))
            .Bind(17, Timestamp.Of(after.RecordedAt)).Bind(18, after.SupersededBy).Bind(19, MemoryColumns.OfSources(after.Sources))
            .Bind(20, after.Origin).Bind(21, (long)after.Change).Bind(22, after.Operation)
            .Run();
        var versionKey = connection.LastRowId;
        BindText(connection.Prepared(InsertTextSql), versionKey, after).Run();
        return versionKey;
    }

    private void Update(MemoryRow row, long versionKey, MemoryRecord after, long? change) => connection.Prepared(UpdateSql)
        .Bind(1, row.MemoryKey).Bind(2, versionKey).Bind(3, after.Version).Bind(4, after.Kind).Bind(5, (long)after.Tier)
        .Bind(6, (long)after.Status).Bind(7, after.Owner.AgentId).Bind(8, after.Owner.SessionId).Bind(9, change)
        .Bind(10, row.Change is null ? 0 : 1)
        .Run();

    private void Redact(long memoryKey, MemoryRecord version)
    {
        long versionKey;
        using (var rows = connection.Prepared(FindVersionSql).Bind(1, memoryKey).Bind(2, version.Version).Query())
        {
            if (!rows.Next())
                throw new InvalidOperationException($"Memory {version.Id} has no version {version.Version} to redact.");
            versionKey = rows.Int64(0);
        }

        BindText(connection.Prepared(RedactTextSql), versionKey, version).Run();
        connection.Prepared(RedactVersionSql)
            .Bind(1, versionKey).Bind(2, (long)version.Status).Bind(3, MemoryColumns.OfSources(version.Sources))
            .Run();
    }

    private Statement BindText(Statement statement, long versionKey, MemoryRecord version)
    {
        var texts = MemoryTexts.Of(connection.Seal, version);
        return statement
            .Bind(1, versionKey).Bind(2, texts.Content).Bind(3, texts.Metadata).Bind(4, texts.Topics)
            .Bind(5, texts.Entities).Bind(6, texts.Claim).Bind(7, texts.Aliases);
    }

    private void ReplaceKeys(MemoryRow row, IEnumerable<byte[]> digests)
    {
        connection.Prepared(RemoveKeysSql).Bind(1, row.MemoryKey).Run();
        foreach (var digest in digests)
            connection.Prepared(InsertKeySql).Bind(1, row.OwnerKey).Bind(2, connection.Seal.SealedKey(digest).AsSpan())
                .Bind(3, row.MemoryKey).Run();
    }

    /// <summary>Those of earlier versions stay: an erasure must find what any version cites.</summary>
    private void AddCitations(string tenant, MemoryRecord after)
    {
        foreach (var session in after.Sources.Select(static source => source.SessionId).Distinct(StringComparer.Ordinal))
            connection.Prepared(InsertCitationSql).Bind(1, tenant).Bind(2, session).Bind(3, after.Id).Run();
    }

    private HashSet<string> FindCited(long memoryKey)
    {
        var cited = new HashSet<string>(StringComparer.Ordinal);
        using var rows = connection.Prepared(AllSourcesSql).Bind(1, memoryKey).Query();
        while (rows.Next())
            cited.UnionWith(MemoryColumns.ReadSources(rows.TextOrNull(0)).Select(static source => source.SessionId));
        return cited;
    }

    /// <summary>A memory as the transaction finds it.</summary>
    private readonly record struct MemoryRow(
        long MemoryKey, long OwnerKey, long Version, long VersionKey, MemoryStatus Status, long? Change, bool SameUser);
}
