using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>The entities as documents for the search index: each where its latest change is, deleted ones as removals.</summary>
internal sealed class GraphFeed(TenantReads reads) : IRecallFeed
{
    private const int ChangesMax = 500;
    private const int ChangesFirst = 100;
    private const int CharactersMax = 4 * 1024 * 1024;

    public static readonly TenantQuery<string?, long> Head = new(
        "graph head",
        "SELECT p.head FROM graph_owners p WHERE p.tenant = $1 AND p.user_id = $2",
        static (parameters, userId) => parameters.AddText(UserName.ToColumn(userId)),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);

    public static readonly TenantQuery<string, IReadOnlyList<PartitionHead>> Heads = new(
        "list graph heads",
        "SELECT p.user_id, p.head FROM graph_owners p WHERE p.tenant = $1",
        static (_, _) => { },
        static async (rows, tenant, cancel) =>
        {
            var heads = new List<PartitionHead>();
            while (await rows.ReadAsync(cancel))
                heads.Add(new PartitionHead(new PartitionKey(tenant, UserName.FromColumn(rows.GetString(0))), rows.GetInt64(1)));
            return heads;
        });

    // The newest observations of an entity e, each with its id, which its seal is bound to.
    private static string ContentsOf(string limit) => $"""
        (SELECT array_agg(ARRAY[o.id::text, o.content] ORDER BY o.observation_key DESC)
         FROM (SELECT o.id, o.content, o.observation_key FROM graph_observations o
               WHERE o.tenant = $1 AND o.entity_key = e.entity_key AND o.superseded_at IS NULL ORDER BY o.observation_key DESC LIMIT {limit}) o)
        """;

    /// <summary>The documents of some entities.</summary>
    public static readonly TenantQuery<string[], IReadOnlyList<TurnCommitted>> ReadSome = new(
        "read graph documents",
        $"""
        SELECT {GraphRows.EntityColumns}, e.change, {ContentsOf("$3")}
        FROM (SELECT DISTINCT a.id FROM unnest($2::text[]) AS a (id)) a
        CROSS JOIN LATERAL (SELECT * FROM graph_entities e WHERE e.tenant = $1 AND e.id = a.id LIMIT 1) e
        """,
        static (parameters, ids) =>
        {
            parameters.AddTexts(ids);
            parameters.AddBigint(GraphLimits.ObservationsSearchedMax);
        },
        static async (rows, ids, cancel) =>
        {
            var documents = new List<TurnCommitted>(ids.Length);
            while (await rows.ReadAsync(cancel))
                documents.Add(ReadDocument(rows));
            return documents;
        });

    /// <summary>Entities after one change and removals after another, merged in change order, in one snapshot.</summary>
    public static readonly TenantQuery<FeedPosition, FeedPage> ReadPage = new(
        "read graph feed",
        $"""
        (SELECT {GraphRows.EntityColumns}, e.change, {ContentsOf("$6")}
         FROM (SELECT * FROM graph_entities e WHERE e.tenant = $1 AND e.user_id = $2 AND e.change > $3 ORDER BY e.change LIMIT $5) e)
        UNION ALL
        (SELECT r.entity_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, r.change, NULL
         FROM graph_removals r WHERE r.tenant = $1 AND r.user_id = $2 AND r.change > $4 ORDER BY r.change LIMIT $5)
        ORDER BY 11 LIMIT $5
        """,
        static (parameters, position) =>
        {
            parameters.AddText(UserName.ToColumn(position.Partition.UserId));
            parameters.AddBigint(position.TurnsAfter);
            parameters.AddBigint(position.RemovalsAfter);
            parameters.AddBigint(position.Limit);
            parameters.AddBigint(GraphLimits.ObservationsSearchedMax);
        },
        ReadPageAsync);

    /// <inheritdoc/>
    /// <remarks>Always asked of the server: another process may have committed a moment ago.</remarks>
    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        reads.ReadPlainAsync(Head, partition.Tenant, partition.UserId, cancel);

    public ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(Heads, tenant, tenant, cancel);

    /// <inheritdoc/>
    /// <remarks>From watermark 0, only a removal that is the head itself is delivered, so that a follower arrives at it.</remarks>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var removalsAfter = watermark > 0 ? watermark : await HeadAsync(partition, cancel) - 1;
        var limit = watermark > 0 ? ChangesFirst : ChangesMax;
        FeedPage page;
        do
        {
            var position = new FeedPosition(partition, watermark, Math.Max(watermark, removalsAfter), limit);
            page = await reads.ReadAsync(ReadPage, partition.Tenant, position, cancel);
            if (page.Changes.Count == 0)
                yield break;
            watermark = page.Changes[^1].Change;
            limit = (int)Math.Clamp((long)CharactersMax * page.Changes.Count / Math.Max(1, page.Characters), 16, ChangesMax);
            yield return page.Changes;
        }
        while (page.More);
    }

    private static TurnCommitted ReadDocument(TenantRows rows) => EntityDocument.Build(
        rows.GetInt64(10), GraphRows.ReadEntity(rows), rows.IsDBNull(11) ? [] : Open(rows.Seal, rows.GetFieldValue<string[,]>(11)));

    private static async Task<FeedPage> ReadPageAsync(TenantRows rows, FeedPosition position, CancellationToken cancel)
    {
        var changes = new List<FeedChange>();
        var characters = 0;
        while (characters < CharactersMax && await rows.ReadAsync(cancel))
        {
            var change = rows.GetInt64(10);
            if (rows.IsDBNull(1))
            {
                changes.Add(new SessionRemoved(change, rows.GetString(0)));
                continue;
            }

            var document = ReadDocument(rows);
            characters += document.Turn.Content.Length;
            changes.Add(document);
        }

        return new FeedPage(changes, changes.Count == position.Limit || characters >= CharactersMax, characters);
    }

    private static string[] Open(TenantSeal? seal, string[,] said) =>
        [.. Enumerable.Range(0, said.GetLength(0)).Select(i => seal.Opened(SealedField.ObservationContent, said[i, 0], 0, said[i, 1]))];
}
