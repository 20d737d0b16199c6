using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes the knowledge graph, inside the committer's transaction.</summary>
internal sealed class GraphWrites
{
    private const string NewestChangeSql = """
        SELECT max(ifnull((SELECT max(change) FROM graph_entities), 0), ifnull((SELECT max(change) FROM graph_removals), 0))
        """;

    private const string FindOwnerSql = "SELECT owner_key FROM graph_owners WHERE tenant = ?1 AND user_id IS ?2";
    private const string InsertOwnerSql = "INSERT INTO graph_owners (tenant, user_id) VALUES (?1, ?2)";
    private const string FindEntitySql =
        "SELECT entity_key, owner_key, version, text_key FROM graph_entities WHERE tenant = ?1 AND id = ?2";

    private const string InsertEntitySql = """
        INSERT INTO graph_entities (tenant, id, owner_key, agent_id, name_digest, type, version, created_at, updated_at, change, text_key)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    private const string UpdateEntitySql = """
        UPDATE graph_entities SET name_digest = ?2, type = ?3, version = ?4, updated_at = ?5, text_key = ?6 WHERE entity_key = ?1
        """;

    private const string TouchSql = "UPDATE graph_entities SET change = ?2 WHERE entity_key = ?1";
    private const string CountObservationsSql = "UPDATE graph_entities SET observations = observations + ?2 WHERE entity_key = ?1";
    private const string CountRelationsSql = "UPDATE graph_entities SET relations = relations + ?2 WHERE entity_key = ?1";

    private const string InsertTextSql = "INSERT INTO graph_texts (name, content, sources, metadata, aliases) VALUES (?1, ?2, ?3, ?4, ?5)";
    private const string EraseTextSql =
        "UPDATE graph_texts SET name = NULL, content = NULL, sources = NULL, metadata = NULL, aliases = NULL WHERE text_key = ?1";

    private const string DeleteAliasesSql = "DELETE FROM graph_aliases WHERE entity_key = ?1";
    private const string InsertAliasSql = "INSERT INTO graph_aliases (owner_key, agent_id, digest, entity_key) VALUES (?1, ?2, ?3, ?4)";

    // A name among the aliases of another entity of the scope, or an alias that is another's name.
    private const string TakenSql = """
        SELECT 1 FROM graph_aliases a WHERE a.owner_key = ?1 AND a.agent_id = ?2 AND a.digest = ?3 AND a.entity_key <> ?4
        UNION ALL
        SELECT 1 FROM graph_entities e
        WHERE e.owner_key = ?1 AND ifnull(e.agent_id, '') = ?2 AND e.name_digest = ?3 AND e.entity_key <> ?4
        """;

    private const string InsertObservationSql = """
        INSERT INTO graph_observations (tenant, id, entity_key, content_digest, importance, valid_from, valid_to, recorded_at, text_key)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    private const string InsertCitationSql =
        "INSERT OR IGNORE INTO graph_citations (tenant, session_id, observation_id) VALUES (?1, ?2, ?3)";

    private const string SupersedeObservationSql = """
        UPDATE graph_observations SET superseded_at = ?4, superseded_by = ?5
        WHERE tenant = ?1 AND id = ?2 AND entity_key = ?3 AND superseded_at IS NULL
        """;

    private const string FindObservationSql = """
        SELECT o.text_key, o.superseded_at IS NULL, x.sources FROM graph_observations o CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE o.tenant = ?1 AND o.id = ?2 AND o.entity_key = ?3
        """;

    private const string DeleteObservationSql = "DELETE FROM graph_observations WHERE tenant = ?1 AND id = ?2";

    private const string CurrentRelationSql = """
        SELECT version, from_key, to_key, valid_to IS NULL FROM graph_relations WHERE tenant = ?1 AND id = ?2 AND superseded_at IS NULL
        """;

    private const string InsertRelationSql = """
        INSERT INTO graph_relations (tenant, id, version, from_key, to_key, type, valid_from, valid_to, recorded_at, text_key)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    private const string SupersedeRelationSql = """
        UPDATE graph_relations SET superseded_at = ?4, superseded_by = ?5 WHERE tenant = ?1 AND id = ?2 AND version = ?3
        """;

    private const string EraseRelationTextsSql = """
        UPDATE graph_texts SET metadata = NULL
        WHERE text_key IN (SELECT text_key FROM graph_relations WHERE tenant = ?1 AND id = ?2)
        """;

    private const string DeleteRelationSql = "DELETE FROM graph_relations WHERE tenant = ?1 AND id = ?2";

    private readonly WriteTransaction transaction;
    private readonly Connection connection;
    private readonly DeleteEntity delete;
    private readonly Dictionary<string, EntityRow> touched = new(StringComparer.Ordinal);
    private readonly List<string> added = [];
    private long newestChange;

    public GraphWrites(WriteTransaction transaction)
    {
        this.transaction = transaction;
        connection = transaction.Connection;
        delete = new DeleteEntity(connection);
        newestChange = connection.Scalar(NewestChangeSql);
    }

    /// <param name="now">When the work that it wakes is due.</param>
    public CommitStatus Commit(GraphCommit commit, DateTimeOffset now)
    {
        touched.Clear();
        added.Clear();
        foreach (var write in commit.Writes)
        {
            if (!TryApply(commit.Tenant, write))
                return CommitStatus.Stale;
        }

        foreach (var row in touched.Values)
            connection.Prepared(TouchSql).Bind(1, row.EntityKey).Bind(2, ++newestChange).Run();
        TendVectors(commit.Tenant, now);
        return CommitStatus.Committed;
    }

    // They are of what an entity is called and known for now.
    private void TendVectors(string tenant, DateTimeOffset now)
    {
        foreach (var row in touched.Values)
            transaction.EntityVectors.Erase(row.EntityKey);
        if (touched.Count + added.Count == 0)
            return;
        var spaces = transaction.Spaces.Living;
        foreach (var id in added.Concat(touched.Keys))
            transaction.EntityVectors.Wake(tenant, id, spaces, now);
    }

    public GraphReceipt? Delete(string tenant, string id, long expectedVersion, DateTimeOffset now)
    {
        if (Find(tenant, id) is not { } row || row.Version != expectedVersion)
            return null;
        var receipt = delete.Run(row, id, ++newestChange, now);
        transaction.EntityVectors.Erase(row.EntityKey);
        transaction.NoteErasure();
        return receipt;
    }

    private bool TryApply(string tenant, GraphWrite write) => write switch
    {
        EntityWrite entity => entity.ExpectedVersion == 0 ? Insert(tenant, entity.After) : TryUpdate(tenant, entity),
        ObservationAdded added => TryAdd(tenant, added.Observation),
        ObservationSuperseded old => TrySupersede(tenant, old),
        ObservationErased erased => TryErase(tenant, erased),
        RelationAdded added => TryAdd(tenant, added.Relation),
        RelationSuperseded old => TrySupersede(tenant, old),
        RelationErased erased => TryErase(tenant, erased.Id),
        _ => throw new InvalidOperationException($"{write.GetType().Name} is no write this store knows."),
    };

    private bool Insert(string tenant, Entity entity)
    {
        connection.Prepared(InsertEntitySql)
            .Bind(1, tenant).Bind(2, entity.Id).Bind(3, FindOrInsertOwner(tenant, entity.Scope.UserId)).Bind(4, entity.Scope.AgentId)
            .Bind(5, DigestOfName(entity.Name).AsSpan()).Bind(6, entity.Type).Bind(7, entity.Version)
            .Bind(8, Timestamp.Of(entity.CreatedAt)).Bind(9, Timestamp.Of(entity.UpdatedAt)).Bind(10, ++newestChange)
            .Bind(11, InsertText(entity))
            .Run();
        added.Add(entity.Id);
        return TryName(connection.LastRowId, FindOrInsertOwner(tenant, entity.Scope.UserId), entity);
    }

    private bool TryUpdate(string tenant, EntityWrite write)
    {
        if (Touch(tenant, write.After.Id) is not { } row || row.Version != write.ExpectedVersion)
            return false;
        connection.Prepared(EraseTextSql).Bind(1, row.TextKey).Run();
        transaction.NoteErasure();
        connection.Prepared(UpdateEntitySql)
            .Bind(1, row.EntityKey).Bind(2, DigestOfName(write.After.Name).AsSpan()).Bind(3, write.After.Type)
            .Bind(4, write.After.Version).Bind(5, Timestamp.Of(write.After.UpdatedAt))
            .Bind(6, InsertText(write.After))
            .Run();
        return TryName(row.EntityKey, row.OwnerKey, write.After);
    }

    private bool TryName(long entityKey, long ownerKey, Entity entity)
    {
        var agent = entity.Scope.AgentId ?? string.Empty;
        connection.Prepared(DeleteAliasesSql).Bind(1, entityKey).Run();
        foreach (var name in entity.Aliases.Prepend(entity.Name))
        {
            using var taken = connection.Prepared(TakenSql).Bind(1, ownerKey).Bind(2, agent).Bind(3, DigestOfName(name).AsSpan())
                .Bind(4, entityKey).Query();
            if (taken.Next())
                return false;
        }

        foreach (var alias in entity.Aliases)
            connection.Prepared(InsertAliasSql).Bind(1, ownerKey).Bind(2, agent).Bind(3, DigestOfName(alias).AsSpan()).Bind(4, entityKey)
                .Run();
        return true;
    }

    private bool TryAdd(string tenant, Observation observation)
    {
        if (Touch(tenant, observation.EntityId) is not { } row)
            return false;
        var content = connection.Seal.Sealed(SealedField.ObservationContent, observation.Id, 0, observation.Content);
        var text = InsertText(null, content, SourceList.Write(observation.Sources), null);
        connection.Prepared(InsertObservationSql)
            .Bind(1, tenant).Bind(2, observation.Id).Bind(3, row.EntityKey)
            .Bind(4, connection.Seal.Digested(SealedField.ObservationDigest, DigestOf(observation.Content)).AsSpan())
            .BindOrNull(5, GraphRows.MillionthsOf(observation.Importance))
            .BindTime(6, observation.ValidFrom).BindTime(7, observation.ValidTo).BindTime(8, observation.RecordedAt).Bind(9, text)
            .Run();
        foreach (var source in observation.Sources)
            connection.Prepared(InsertCitationSql).Bind(1, tenant).Bind(2, source.SessionId).Bind(3, observation.Id).Run();
        Count(CountObservationsSql, row.EntityKey, 1);
        return true;
    }

    private bool TrySupersede(string tenant, ObservationSuperseded old)
    {
        if (Touch(tenant, old.EntityId) is not { } row)
            return false;
        var changed = connection.Prepared(SupersedeObservationSql)
            .Bind(1, tenant).Bind(2, old.Id).Bind(3, row.EntityKey).BindTime(4, old.At).Bind(5, old.By)
            .Run();
        Count(CountObservationsSql, row.EntityKey, -changed);
        return changed == 1;
    }

    private bool TryErase(string tenant, ObservationErased erased)
    {
        if (Touch(tenant, erased.EntityId) is not { } row)
            return false;
        long text, current;
        string? sources;
        using (var rows = connection.Prepared(FindObservationSql).Bind(1, tenant).Bind(2, erased.Id).Bind(3, row.EntityKey).Query())
        {
            if (!rows.Next())
                return false;
            (text, current, sources) = (rows.Int64(0), rows.Int64(1), rows.TextOrNull(2));
        }

        delete.RemoveCitations(tenant, erased.Id, sources);
        connection.Prepared(EraseTextSql).Bind(1, text).Run();
        connection.Prepared(DeleteObservationSql).Bind(1, tenant).Bind(2, erased.Id).Run();
        Count(CountObservationsSql, row.EntityKey, -current);
        transaction.NoteErasure();
        return true;
    }

    private bool TryAdd(string tenant, Relation relation)
    {
        if (Find(tenant, relation.FromId) is not { } from || Find(tenant, relation.ToId) is not { } to
            || FindCurrent(tenant, relation.Id) is not null)
            return false;
        var metadata = connection.Seal.Sealed(SealedField.RelationMetadata, relation.Id, relation.Version, relation.Metadata);
        var text = metadata is null ? (long?)null : InsertText(null, null, null, metadata);
        connection.Prepared(InsertRelationSql)
            .Bind(1, tenant).Bind(2, relation.Id).Bind(3, relation.Version).Bind(4, from.EntityKey).Bind(5, to.EntityKey)
            .Bind(6, relation.Type)
            .BindTime(7, relation.ValidFrom).BindTime(8, relation.ValidTo).BindTime(9, relation.RecordedAt).BindOrNull(10, text)
            .Run();
        CountEnds(from.EntityKey, to.EntityKey, relation.ValidTo is null ? 1 : 0);
        return true;
    }

    private bool TrySupersede(string tenant, RelationSuperseded old)
    {
        if (FindCurrent(tenant, old.Id) is not { } row || row.Version != old.Version)
            return false;
        connection.Prepared(SupersedeRelationSql)
            .Bind(1, tenant).Bind(2, old.Id).Bind(3, old.Version).BindTime(4, old.At).Bind(5, old.By)
            .Run();
        CountEnds(row.FromKey, row.ToKey, row.IsOpen ? -1 : 0);
        return true;
    }

    private bool TryErase(string tenant, string relationId)
    {
        if (FindCurrent(tenant, relationId) is { } row)
            CountEnds(row.FromKey, row.ToKey, row.IsOpen ? -1 : 0);
        connection.Prepared(EraseRelationTextsSql).Bind(1, tenant).Bind(2, relationId).Run();
        transaction.NoteErasure();
        return connection.Prepared(DeleteRelationSql).Bind(1, tenant).Bind(2, relationId).Run() > 0;
    }

    /// <summary>An entity whose document changes; it gets a new change number at the end of the commit.</summary>
    private EntityRow? Touch(string tenant, string entityId)
    {
        if (touched.TryGetValue(entityId, out var known))
            return known;
        if (Find(tenant, entityId) is not { } row)
            return null;
        touched.Add(entityId, row);
        return row;
    }

    private EntityRow? Find(string tenant, string entityId)
    {
        using var rows = connection.Prepared(FindEntitySql).Bind(1, tenant).Bind(2, entityId).Query();
        return rows.Next() ? new EntityRow(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3)) : null;
    }

    private RelationRow? FindCurrent(string tenant, string relationId)
    {
        using var rows = connection.Prepared(CurrentRelationSql).Bind(1, tenant).Bind(2, relationId).Query();
        return rows.Next() ? new RelationRow(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3) != 0) : null;
    }

    private long FindOrInsertOwner(string tenant, string? userId)
    {
        using (var rows = connection.Prepared(FindOwnerSql).Bind(1, tenant).Bind(2, userId).Query())
        {
            if (rows.Next())
                return rows.Int64(0);
        }

        connection.Prepared(InsertOwnerSql).Bind(1, tenant).Bind(2, userId).Run();
        return connection.LastRowId;
    }

    private long InsertText(Entity entity)
    {
        var (seal, id, version) = (connection.Seal, entity.Id, entity.Version);
        return InsertText(
            seal.Sealed(SealedField.EntityName, id, version, entity.Name), null, null,
            seal.Sealed(SealedField.EntityMetadata, id, version, entity.Metadata),
            seal.Sealed(SealedField.EntityAliases, id, version, MemoryColumns.OfWords(entity.Aliases)));
    }

    private byte[] DigestOfName(string name) => connection.Seal.Digested(SealedField.NameDigest, EntityName.Digest(name));

    private long InsertText(string? name, string? content, string? sources, string? metadata, string? aliases = null)
    {
        connection.Prepared(InsertTextSql).Bind(1, name).Bind(2, content).Bind(3, sources).Bind(4, metadata).Bind(5, aliases).Run();
        return connection.LastRowId;
    }

    private void CountEnds(long fromKey, long toKey, long added)
    {
        Count(CountRelationsSql, fromKey, added);
        Count(CountRelationsSql, toKey, added);
    }

    private void Count(string sql, long entityKey, long added)
    {
        if (added != 0)
            connection.Prepared(sql).Bind(1, entityKey).Bind(2, added).Run();
    }

    internal static byte[] DigestOf(string content) => SHA256.HashData(Encoding.UTF8.GetBytes(content));

    internal readonly record struct EntityRow(long EntityKey, long OwnerKey, long Version, long TextKey);

    private readonly record struct RelationRow(long Version, long FromKey, long ToKey, bool IsOpen);
}
