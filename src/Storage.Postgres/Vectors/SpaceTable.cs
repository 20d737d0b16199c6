using System.Globalization;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// The tables that hold a space's vectors, of turns, of memories and of entities, of each space its own, since their types differ.
/// </summary>
internal static class SpaceTable
{
    /// <summary>What of a row fits in a page beside a halfvec of this many dimensions, names of the greatest length included.</summary>
    private const int PlainDimensionsMax = 3_900;

    public static string NameOf(int spaceId) => string.Create(CultureInfo.InvariantCulture, $"vectors_{spaceId}");

    public static string MemoriesNameOf(int spaceId) => string.Create(CultureInfo.InvariantCulture, $"memory_vectors_{spaceId}");

    public static string EntitiesNameOf(int spaceId) => string.Create(CultureInfo.InvariantCulture, $"entity_vectors_{spaceId}");

    /// <summary>
    /// Vectors stand in their rows: moved out to a TOAST table, as PostgreSQL would do with more than 2 kB, each comparison
    /// would be a look-up.
    /// </summary>
    public static string CreateSql(VectorSpace space)
    {
        var name = NameOf(space.Id);
        var storage = space.Dimensions <= PlainDimensionsMax ? "PLAIN" : "EXTERNAL";
        return $"""
            CREATE TABLE {name} (
                tenant      text     NOT NULL,
                owner_key   bigint   NOT NULL,
                session_key bigint   NOT NULL,
                seq         bigint   NOT NULL,
                piece       smallint NOT NULL,
                embedding   halfvec({space.Dimensions.ToString(CultureInfo.InvariantCulture)}) NOT NULL,
                PRIMARY KEY (tenant, session_key, seq, piece)
            );
            ALTER TABLE {name} ALTER COLUMN embedding SET STORAGE {storage};
            CREATE INDEX {name}_of_owner ON {name} (tenant, owner_key);
            ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
            CREATE POLICY own_tenant ON {name} USING (tenant = current_setting('memory.tenant', true));
            GRANT SELECT (tenant, session_key, seq, piece) ON {name} TO {WorkerWrites.WorkerRole};
            CREATE POLICY any_tenant_count ON {name} FOR SELECT TO {WorkerWrites.WorkerRole} USING (true);
            {CreateDocumentsSql(MemoriesNameOf(space.Id), "memory_key", space.Dimensions, storage)}
            {CreateDocumentsSql(EntitiesNameOf(space.Id), "entity_key", space.Dimensions, storage)}
            """;
    }

    public static string DropSql(int spaceId) =>
        $"DROP TABLE IF EXISTS {NameOf(spaceId)}, {MemoriesNameOf(spaceId)}, {EntitiesNameOf(spaceId)}";

    private static string CreateDocumentsSql(string name, string key, int dimensions, string storage) => $"""
        CREATE TABLE {name} (
            tenant    text   NOT NULL,
            {key}     bigint NOT NULL,
            embedding halfvec({dimensions.ToString(CultureInfo.InvariantCulture)}) NOT NULL,
            PRIMARY KEY (tenant, {key})
        );
        ALTER TABLE {name} ALTER COLUMN embedding SET STORAGE {storage};
        ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_tenant ON {name} USING (tenant = current_setting('memory.tenant', true));
        """;
}
