using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The graph's records as rows, to write and to read.</summary>
internal static class GraphRows
{
    public const string EntityColumns =
        "e.id, x.name, e.type, p.user_id, e.agent_id, x.metadata, e.version, e.created_at, e.updated_at, x.aliases";
    public const string EntityTables = """
        graph_entities e CROSS JOIN graph_texts x ON x.text_key = e.text_key CROSS JOIN graph_owners p ON p.owner_key = e.owner_key
        """;

    public const string ObservationColumns =
        "o.id, e.id, x.content, x.sources, o.importance, o.valid_from, o.valid_to, o.recorded_at, o.superseded_at, o.superseded_by";

    public const string RelationColumns = """
        r.id, r.version, f.id, t.id, r.type, x.metadata, r.valid_from, r.valid_to, r.recorded_at, r.superseded_at, r.superseded_by
        """;

    public const string RelationTables = """
        graph_relations r CROSS JOIN graph_entities f ON f.entity_key = r.from_key CROSS JOIN graph_entities t ON t.entity_key = r.to_key
        LEFT JOIN graph_texts x ON x.text_key = r.text_key
        """;

    private const double Millionths = 1e6;

    public static Entity ReadEntity(Statement.Rows rows) => ReadEntity(rows, rows.Text(0), rows.Int64(6));

    public static Observation ReadObservation(Statement.Rows rows) => new(
        rows.Text(0), rows.Text(1), rows.Opened(2, SealedField.ObservationContent, rows.Text(0), 0), SourceList.Read(rows.TextOrNull(3)),
        rows.IsNull(4) ? null : rows.Int64(4) / Millionths,
        rows.Time(5), TimeOrNull(rows, 6), rows.Time(7), TimeOrNull(rows, 8), rows.TextOrNull(9));

    public static Relation ReadRelation(Statement.Rows rows) => new(
        rows.Text(0), rows.Int64(1), rows.Text(2), rows.Text(3), rows.Text(4),
        rows.OpenedOrNull(5, SealedField.RelationMetadata, rows.Text(0), rows.Int64(1)),
        rows.Time(6), TimeOrNull(rows, 7), rows.Time(8), TimeOrNull(rows, 9), rows.TextOrNull(10));

    public static Statement BindTime(this Statement statement, int parameter, DateTimeOffset? time) =>
        statement.BindOrNull(parameter, Timestamp.Of(time));

    public static Statement BindOrNull(this Statement statement, int parameter, long? value) =>
        value is { } known ? statement.Bind(parameter, known) : statement.Bind(parameter, (string?)null);

    public static long? MillionthsOf(double? importance) => importance is { } known ? (long)Math.Round(known * Millionths) : null;

    private static Entity ReadEntity(Statement.Rows rows, string id, long version) => new(
        id, rows.Opened(1, SealedField.EntityName, id, version), rows.Text(2), new GraphScope(rows.TextOrNull(3), rows.TextOrNull(4)),
        rows.OpenedOrNull(5, SealedField.EntityMetadata, id, version), version, rows.Time(7), rows.Time(8))
    {
        Aliases = MemoryColumns.ReadWords(rows.OpenedOrNull(9, SealedField.EntityAliases, id, version)),
    };

    private static DateTimeOffset? TimeOrNull(Statement.Rows rows, int column) => rows.IsNull(column) ? null : rows.Time(column);
}
