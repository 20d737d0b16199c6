using System.Globalization;
using MemoryOrleans.Graph;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Whose relations are wanted, as they hold when, and how many of each.</summary>
internal readonly record struct NeighbourRead(IReadOnlyList<NeighbourQuery> Queries, GraphMoment At, int PerEntityMax);

/// <summary>Reads what is said of a tenant's entities: observations and relations.</summary>
internal static class StatementQueries
{
    private const string ObservationTables = "graph_observations o JOIN graph_entities e ON e.tenant = $1 AND e.entity_key = o.entity_key";

    private const string RelationTables = """
        graph_relations r
        CROSS JOIN LATERAL (SELECT n.id FROM graph_entities n WHERE n.tenant = $1 AND n.entity_key = r.from_key LIMIT 1) f
        CROSS JOIN LATERAL (SELECT n.id FROM graph_entities n WHERE n.tenant = $1 AND n.entity_key = r.to_key LIMIT 1) t
        """;

    private const string KeyOf = "(SELECT k.entity_key FROM graph_entities k WHERE k.tenant = $1 AND k.id = {0})";

    public static readonly TenantQuery<string, Observation?> FindObservation = new(
        "find observation",
        $"SELECT {GraphRows.ObservationColumns} FROM {ObservationTables} WHERE o.tenant = $1 AND o.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? GraphRows.ReadObservation(rows) : null);

    public static readonly TenantQuery<(string SessionId, string? AfterId, int Limit), IReadOnlyList<Observation>> FindCiting = new(
        "find observations that cite",
        $"""
        SELECT {GraphRows.ObservationColumns} FROM (
            SELECT c.observation_id, c.entity_key, c.observation_key FROM graph_citations c
            WHERE c.tenant = $1 AND c.session_id = $2 AND c.observation_id > $3 ORDER BY c.observation_id LIMIT $4) c
        CROSS JOIN LATERAL (
            SELECT * FROM graph_observations o
            WHERE o.tenant = $1 AND o.entity_key = c.entity_key AND o.observation_key = c.observation_key LIMIT 1) o
        CROSS JOIN LATERAL (SELECT * FROM graph_entities e WHERE e.tenant = $1 AND e.entity_key = c.entity_key LIMIT 1) e
        ORDER BY c.observation_id
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.SessionId);
            parameters.AddText(query.AfterId ?? string.Empty);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, _, cancel) =>
        {
            var found = new List<Observation>();
            while (await rows.ReadAsync(cancel))
                found.Add(GraphRows.ReadObservation(rows));
            return found;
        });

    public static readonly TenantQuery<(string EntityId, byte[] Digest), Observation?> FindSaid = new(
        "find said",
        $"""
        SELECT {GraphRows.ObservationColumns} FROM {ObservationTables}
        WHERE o.tenant = $1 AND o.entity_key = {Key("$2")} AND o.content_digest = $3 AND o.superseded_at IS NULL
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.EntityId);
            parameters.AddBytes(query.Digest);
        },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? GraphRows.ReadObservation(rows) : null);

    public static readonly TenantQuery<(
        string[] EntityIds, GraphMoment At, int PerEntityMax), IReadOnlyList<Observation>> ReadObservations = new(
        "read observations",
        $"""
        SELECT {GraphRows.ObservationColumns}
        FROM unnest($2::text[]) WITH ORDINALITY AS a (id, place)
        CROSS JOIN LATERAL (SELECT e.id, e.entity_key FROM graph_entities e WHERE e.tenant = $1 AND e.id = a.id LIMIT 1) e
        CROSS JOIN LATERAL (
            SELECT * FROM graph_observations o WHERE o.tenant = $1 AND o.entity_key = e.entity_key AND {Holds("o", 3)}
            ORDER BY o.observation_key DESC LIMIT $5) o
        ORDER BY a.place, o.observation_key DESC
        """,
        static (parameters, query) =>
        {
            parameters.AddTexts(query.EntityIds);
            parameters.AddTime(query.At.Valid);
            parameters.AddTime(query.At.Known);
            parameters.AddBigint(query.PerEntityMax);
        },
        static async (rows, _, cancel) =>
        {
            var observations = new List<Observation>();
            while (await rows.ReadAsync(cancel))
                observations.Add(GraphRows.ReadObservation(rows));
            return observations;
        });

    public static readonly TenantQuery<string, Relation?> FindRelation = new(
        "find relation",
        $"""
        SELECT {GraphRows.RelationColumns}
        FROM (SELECT * FROM graph_relations r WHERE r.tenant = $1 AND r.id = $2 ORDER BY r.version DESC LIMIT 1) {RelationTables["graph_relations ".Length..]}
        """,
        static (parameters, id) => parameters.AddText(id),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? GraphRows.ReadRelation(rows) : null);

    public static readonly TenantQuery<(string FromId, string ToId, string Type), Relation?> FindOpenRelation = new(
        "find open relation",
        $"""
        SELECT {GraphRows.RelationColumns} FROM {RelationTables}
        WHERE r.tenant = $1 AND r.from_key = {Key("$2")} AND r.to_key = {Key("$3")} AND r.type = $4 AND r.superseded_at IS NULL AND r.valid_to IS NULL
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.FromId);
            parameters.AddText(query.ToId);
            parameters.AddText(query.Type);
        },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? GraphRows.ReadRelation(rows) : null);

    /// <summary>For each entity two ordered walks, merged: neither way has more than a page to read.</summary>
    public static readonly TenantQuery<NeighbourRead, IReadOnlyList<NeighbourPage>> ReadRelations = new(
        "read relations",
        $"""
        SELECT {GraphRows.RelationColumns}, r.relation_key, a.place
        FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS a (id, after, place)
        CROSS JOIN LATERAL (SELECT e.entity_key FROM graph_entities e WHERE e.tenant = $1 AND e.id = a.id LIMIT 1) e
        CROSS JOIN LATERAL (
            (SELECT * FROM graph_relations w WHERE w.tenant = $1 AND w.from_key = e.entity_key AND w.relation_key > a.after AND {Holds("w", 4)}
             ORDER BY w.relation_key LIMIT $6)
            UNION ALL
            (SELECT * FROM graph_relations w WHERE w.tenant = $1 AND w.to_key = e.entity_key AND w.relation_key > a.after AND {Holds("w", 4)}
             ORDER BY w.relation_key LIMIT $6)
            ORDER BY relation_key LIMIT $6) {RelationTables["graph_relations ".Length..]}
        ORDER BY a.place, r.relation_key
        """,
        static (parameters, read) =>
        {
            parameters.AddTexts([.. read.Queries.Select(static query => query.EntityId)]);
            parameters.AddBigints([.. read.Queries.Select(static query => query.After)]);
            parameters.AddTime(read.At.Valid);
            parameters.AddTime(read.At.Known);
            parameters.AddBigint(read.PerEntityMax + 1L);
        },
        ReadPagesAsync);

    private static async Task<IReadOnlyList<NeighbourPage>> ReadPagesAsync(TenantRows rows, NeighbourRead read, CancellationToken cancel)
    {
        var pages = new NeighbourPage[read.Queries.Count];
        var relations = Array.ConvertAll(pages, static _ => new List<Relation>());
        var lasts = new long[pages.Length];
        for (var i = 0; i < pages.Length; i++)
            pages[i] = new NeighbourPage(read.Queries[i].EntityId, relations[i], NextAfter: null);
        while (await rows.ReadAsync(cancel))
        {
            var place = (int)rows.GetInt64(12) - 1;
            if (relations[place].Count == read.PerEntityMax)
            {
                pages[place] = pages[place] with { NextAfter = lasts[place] };
                continue;
            }

            relations[place].Add(GraphRows.ReadRelation(rows));
            lasts[place] = rows.GetInt64(11);
        }

        return pages;
    }

    private static string Key(string parameter) => KeyOf.Replace("{0}", parameter, StringComparison.Ordinal);

    private static string Holds(string alias, int valid)
    {
        var (v, k) = (string.Create(CultureInfo.InvariantCulture, $"${valid}"),
            string.Create(CultureInfo.InvariantCulture, $"${valid + 1}"));
        return $"{alias}.valid_from <= {v} AND ({alias}.valid_to IS NULL OR {alias}.valid_to > {v}) "
            + $"AND {alias}.recorded_at <= {k} AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > {k})";
    }
}
