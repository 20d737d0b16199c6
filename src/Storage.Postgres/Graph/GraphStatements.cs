using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// The steps of a commit as commands of one batch, each with the number of rows it must change when all is as it must be;
/// null where any number will do. <c>$1</c> is the tenant.
/// </summary>
/// <param name="seal">What texts are sealed with; null: nothing is.</param>
internal sealed class GraphStatements(string tenant, TenantSeal? seal)
{
    private const string InsertOwnerSql = "INSERT INTO graph_owners (tenant, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private const string InsertEntitySql = """
        INSERT INTO graph_entities (tenant, id, user_id, agent_id, name, name_digest, type, metadata, version, created_at, updated_at, change, aliases)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12
        WHERE NOT EXISTS (
            SELECT FROM graph_aliases a WHERE a.tenant = $1 AND a.user_id = $3 AND a.agent_id = $4 AND a.digest = $6)
        """;

    private const string UpdateEntitySql = """
        UPDATE graph_entities SET name = $4, name_digest = $5, type = $6, metadata = $7, version = $8, updated_at = $9, aliases = $10
        WHERE tenant = $1 AND id = $2 AND version = $3
          AND NOT EXISTS (
            SELECT FROM graph_aliases a
            WHERE a.tenant = $1 AND a.user_id = graph_entities.user_id AND a.agent_id = graph_entities.agent_id AND a.digest = $5 AND a.entity_id <> $2)
        """;

    private const string DeleteAliasesSql = "DELETE FROM graph_aliases WHERE tenant = $1 AND entity_id = $2";

    // An alias that is another entity's name adds no row, and so one too few.
    private const string AddAliasesSql = """
        INSERT INTO graph_aliases (tenant, user_id, agent_id, digest, entity_id)
        SELECT $1, e.user_id, e.agent_id, d.digest, e.id
        FROM graph_entities e CROSS JOIN unnest($3::bytea[]) d (digest)
        WHERE e.tenant = $1 AND e.id = $2 AND NOT EXISTS (
            SELECT FROM graph_entities o
            WHERE o.tenant = $1 AND o.user_id = e.user_id AND o.agent_id = e.agent_id AND o.name_digest = d.digest AND o.id <> $2)
        """;

    private const string AddObservationSql = """
        WITH e AS (UPDATE graph_entities SET observations = observations + 1 WHERE tenant = $1 AND id = $2 RETURNING entity_key)
        INSERT INTO graph_observations (tenant, id, entity_key, content, content_digest, sources, importance, valid_from, valid_to, recorded_at)
        SELECT $1, $3, e.entity_key, $4, $5, $6, $7, $8, $9, $10 FROM e
        """;

    private const string AddCitationsSql = """
        INSERT INTO graph_citations (tenant, session_id, observation_id, entity_key, observation_key)
        SELECT DISTINCT $1, s.id, o.id, o.entity_key, o.observation_key FROM graph_observations o CROSS JOIN unnest($3::text[]) s (id)
        WHERE o.tenant = $1 AND o.id = $2
        """;

    private const string SupersedeObservationSql = """
        WITH o AS (
            UPDATE graph_observations o SET superseded_at = $4, superseded_by = $5
            WHERE o.tenant = $1 AND o.id = $3 AND o.superseded_at IS NULL
              AND o.entity_key = (SELECT k.entity_key FROM graph_entities k WHERE k.tenant = $1 AND k.id = $2)
            RETURNING o.entity_key)
        UPDATE graph_entities e SET observations = e.observations - 1 WHERE e.tenant = $1 AND e.entity_key = (SELECT o.entity_key FROM o)
        """;

    private const string EraseObservationSql = """
        WITH o AS (
            DELETE FROM graph_observations o
            WHERE o.tenant = $1 AND o.id = $3
              AND o.entity_key = (SELECT k.entity_key FROM graph_entities k WHERE k.tenant = $1 AND k.id = $2)
            RETURNING o.entity_key, CASE WHEN o.superseded_at IS NULL THEN 1 ELSE 0 END AS counted)
        UPDATE graph_entities e SET observations = e.observations - (SELECT o.counted FROM o)
        WHERE e.tenant = $1 AND e.entity_key = (SELECT o.entity_key FROM o)
        """;

    private const string AddRelationSql = """
        INSERT INTO graph_relations (tenant, id, version, from_key, to_key, type, metadata, valid_from, valid_to, recorded_at)
        SELECT $1, $2, $3, f.entity_key, t.entity_key, $6, $7, $8, $9, $10
        FROM graph_entities f CROSS JOIN LATERAL (SELECT n.entity_key FROM graph_entities n WHERE n.tenant = $1 AND n.id = $5 LIMIT 1) t
        WHERE f.tenant = $1 AND f.id = $4
          AND NOT EXISTS (SELECT FROM graph_relations r WHERE r.tenant = $1 AND r.id = $2 AND r.superseded_at IS NULL)
        """;

    private const string CountEndsSql = "UPDATE graph_entities SET relations = relations + 1 WHERE tenant = $1 AND id = ANY ($2::text[])";

    private const string DiscountEndsSql = """
        UPDATE graph_entities e SET relations = e.relations - 1 WHERE e.tenant = $1 AND e.entity_key = ANY (ARRAY(
            SELECT unnest(ARRAY[r.from_key, r.to_key]) FROM graph_relations r
            WHERE r.tenant = $1 AND r.id = $2 AND r.superseded_at IS NULL AND r.valid_to IS NULL))
        """;

    private const string SupersedeRelationSql = """
        UPDATE graph_relations SET superseded_at = $4, superseded_by = $5 WHERE tenant = $1 AND id = $2 AND version = $3 AND superseded_at IS NULL
        """;

    // Counts one row, the tenant's own, when there was any version to erase.
    private const string EraseRelationSql = """
        WITH gone AS (DELETE FROM graph_relations r WHERE r.tenant = $1 AND r.id = $2 RETURNING r.id)
        UPDATE graph_tenants t SET newest = t.newest WHERE t.tenant = $1 AND EXISTS (SELECT FROM gone)
        """;

    private const string TouchSql = """
        WITH e AS (UPDATE graph_entities SET change = $3 WHERE tenant = $1 AND id = $2 RETURNING user_id)
        UPDATE graph_owners p SET head = $3 WHERE p.tenant = $1 AND p.user_id = (SELECT e.user_id FROM e)
        """;

    private readonly List<(NpgsqlBatchCommand Command, int? Rows)> steps = [];

    public static byte[] DigestOf(string content) => SHA256.HashData(Encoding.UTF8.GetBytes(content));

    /// <summary>The entities whose documents a commit changes, each once.</summary>
    public static string[] TouchedBy(GraphCommit commit) => [.. commit.Writes.Select(static write => write switch
    {
        EntityWrite entity => entity.After.Id,
        ObservationAdded added => added.Observation.EntityId,
        ObservationSuperseded old => old.EntityId,
        ObservationErased erased => erased.EntityId,
        _ => null,
    }).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>True when every step changed as many rows as it must.</summary>
    public async Task<bool> RunAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (command, _) in steps)
            batch.BatchCommands.Add(command);
        if (steps.Count > 0)
            await batch.ExecuteNonQueryAsync();
        return steps.TrueForAll(static step => step.Rows is null || step.Command.RecordsAffected == step.Rows);
    }

    public void Add(GraphWrite write)
    {
        switch (write)
        {
            case EntityWrite { ExpectedVersion: 0 } entity:
                Insert(entity.After);
                break;
            case EntityWrite entity:
                Update(entity);
                break;
            case ObservationAdded added:
                Insert(added.Observation);
                break;
            case ObservationSuperseded old:
                Supersede(old);
                break;
            case ObservationErased erased:
                Step(EraseObservationSql, 1, erased.EntityId, erased.Id);
                break;
            case RelationAdded added:
                Insert(added.Relation);
                break;
            case RelationSuperseded old:
                Supersede(old);
                break;
            case RelationErased erased:
                Step(DiscountEndsSql, null, erased.Id);
                Step(EraseRelationSql, 1, erased.Id);
                break;
            default:
                throw new InvalidOperationException($"{write.GetType().Name} is no write this store knows.");
        }
    }

    /// <summary>Gives an entity its new change number.</summary>
    public void Touch(string entityId, long change) => Step(TouchSql, 1, entityId).AddBigint(change);

    private void Insert(Entity entity)
    {
        var user = UserName.ToColumn(entity.Scope.UserId);
        Step(InsertOwnerSql, null, user);
        var parameters = Step(InsertEntitySql, 1, entity.Id, user, UserName.ToColumn(entity.Scope.AgentId), NameOf(entity));
        parameters.AddBytes(DigestOfName(entity.Name));
        parameters.AddText(entity.Type);
        parameters.AddText(MetadataOf(entity));
        parameters.AddBigint(entity.Version);
        parameters.AddTime(entity.CreatedAt);
        parameters.AddTime(entity.UpdatedAt);
        parameters.AddText(AliasesOf(entity));
        Name(entity);
    }

    private void Update(EntityWrite write)
    {
        var parameters = Step(UpdateEntitySql, 1, write.After.Id);
        parameters.AddBigint(write.ExpectedVersion);
        parameters.AddText(NameOf(write.After));
        parameters.AddBytes(DigestOfName(write.After.Name));
        parameters.AddText(write.After.Type);
        parameters.AddText(MetadataOf(write.After));
        parameters.AddBigint(write.After.Version);
        parameters.AddTime(write.After.UpdatedAt);
        parameters.AddText(AliasesOf(write.After));
        Name(write.After);
    }

    private string NameOf(Entity entity) => seal.Sealed(SealedField.EntityName, entity.Id, entity.Version, entity.Name);

    private string? MetadataOf(Entity entity) => seal.Sealed(SealedField.EntityMetadata, entity.Id, entity.Version, entity.Metadata);

    private string? AliasesOf(Entity entity) =>
        seal.Sealed(SealedField.EntityAliases, entity.Id, entity.Version, MemoryColumns.OfWords(entity.Aliases));

    private byte[] DigestOfName(string name) => seal.Digested(SealedField.NameDigest, EntityName.Digest(name));

    private void Name(Entity entity)
    {
        Step(DeleteAliasesSql, null, entity.Id);
        if (entity.Aliases.Count > 0)
            Step(AddAliasesSql, entity.Aliases.Count, entity.Id)
                .AddArray<byte[]>([.. entity.Aliases.Select(DigestOfName)], NpgsqlTypes.NpgsqlDbType.Bytea);
    }

    private void Insert(Observation observation)
    {
        var content = seal.Sealed(SealedField.ObservationContent, observation.Id, 0, observation.Content);
        var parameters = Step(AddObservationSql, 1, observation.EntityId, observation.Id, content);
        parameters.AddBytes(seal.Digested(SealedField.ObservationDigest, DigestOf(observation.Content)));
        parameters.AddText(SourceList.Write(observation.Sources));
        parameters.AddBigintOrNull(GraphRows.MillionthsOf(observation.Importance));
        parameters.AddTime(observation.ValidFrom);
        parameters.AddTime(observation.ValidTo);
        parameters.AddTime(observation.RecordedAt);
        if (observation.Sources.Count > 0)
            Step(AddCitationsSql, null, observation.Id).AddTexts([.. observation.Sources.Select(static source => source.SessionId)]);
    }

    private void Supersede(ObservationSuperseded old)
    {
        var parameters = Step(SupersedeObservationSql, 1, old.EntityId, old.Id);
        parameters.AddTime(old.At);
        parameters.AddText(old.By);
    }

    private void Insert(Relation relation)
    {
        var parameters = Step(AddRelationSql, 1, relation.Id);
        parameters.AddBigint(relation.Version);
        parameters.AddText(relation.FromId);
        parameters.AddText(relation.ToId);
        parameters.AddText(relation.Type);
        parameters.AddText(seal.Sealed(SealedField.RelationMetadata, relation.Id, relation.Version, relation.Metadata));
        parameters.AddTime(relation.ValidFrom);
        parameters.AddTime(relation.ValidTo);
        parameters.AddTime(relation.RecordedAt);
        if (relation.ValidTo is null)
            Step(CountEndsSql, 2).AddTexts([relation.FromId, relation.ToId]);
    }

    private void Supersede(RelationSuperseded old)
    {
        Step(DiscountEndsSql, null, old.Id);
        var parameters = Step(SupersedeRelationSql, 1, old.Id);
        parameters.AddBigint(old.Version);
        parameters.AddTime(old.At);
        parameters.AddText(old.By);
    }

    private NpgsqlParameterCollection Step(string sql, int? rows, params ReadOnlySpan<string> texts)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddText(tenant);
        foreach (var text in texts)
            command.Parameters.AddText(text);
        steps.Add((command, rows));
        return command.Parameters;
    }
}
