using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>The graph's records as rows, to write and to read.</summary>
internal static class GraphRows
{
    public const string EntityColumns =
        "e.id, e.name, e.type, e.user_id, e.agent_id, e.metadata, e.version, e.created_at, e.updated_at, e.aliases";

    public const string ObservationColumns =
        "o.id, e.id, o.content, o.sources, o.importance, o.valid_from, o.valid_to, o.recorded_at, o.superseded_at, o.superseded_by";

    public const string RelationColumns =
        "r.id, r.version, f.id, t.id, r.type, r.metadata, r.valid_from, r.valid_to, r.recorded_at, r.superseded_at, r.superseded_by";

    private const double Millionths = 1e6;

    public static Entity ReadEntity(TenantRows rows) => ReadEntity(rows, rows.GetString(0), rows.GetInt64(6));

    public static Observation ReadObservation(TenantRows rows) => new(
        rows.GetString(0), rows.GetString(1), rows.Opened(2, SealedField.ObservationContent, rows.GetString(0), 0),
        SourceList.Read(TextOrNull(rows, 3)),
        rows.IsDBNull(4) ? null : rows.GetInt64(4) / Millionths,
        Timestamp.Read(rows.GetInt64(5)), TimeOrNull(rows, 6), Timestamp.Read(rows.GetInt64(7)), TimeOrNull(rows, 8), TextOrNull(rows, 9));

    public static Relation ReadRelation(TenantRows rows) => new(
        rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.GetString(3), rows.GetString(4),
        rows.OpenedOrNull(5, SealedField.RelationMetadata, rows.GetString(0), rows.GetInt64(1)),
        Timestamp.Read(rows.GetInt64(6)), TimeOrNull(rows, 7), Timestamp.Read(rows.GetInt64(8)), TimeOrNull(rows, 9), TextOrNull(rows, 10));

    public static long? MillionthsOf(double? importance) => importance is { } known ? (long)Math.Round(known * Millionths) : null;

    public static void AddTime(this NpgsqlParameterCollection parameters, DateTimeOffset? time) =>
        parameters.AddBigintOrNull(Timestamp.Of(time));

    public static void AddBigintOrNull(this NpgsqlParameterCollection parameters, long? value) =>
        parameters.Add(new NpgsqlParameter { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public static void AddBytes(this NpgsqlParameterCollection parameters, byte[] value) =>
        parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea });

    private static Entity ReadEntity(TenantRows rows, string id, long version) => new(
        id, rows.Opened(1, SealedField.EntityName, id, version), rows.GetString(2),
        new GraphScope(UserName.FromColumn(rows.GetString(3)), UserName.FromColumn(rows.GetString(4))),
        rows.OpenedOrNull(5, SealedField.EntityMetadata, id, version), version, Timestamp.Read(rows.GetInt64(7)),
        Timestamp.Read(rows.GetInt64(8)))
    {
        Aliases = MemoryColumns.ReadWords(rows.OpenedOrNull(9, SealedField.EntityAliases, id, version)),
    };

    private static string? TextOrNull(TenantRows rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    private static DateTimeOffset? TimeOrNull(TenantRows rows, int column) =>
        rows.IsDBNull(column) ? null : Timestamp.Read(rows.GetInt64(column));
}
