using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The entities as documents for the search index: each where its latest change is, deleted ones as removals.</summary>
internal sealed class GraphFeed(ReadPool reads) : IRecallFeed
{
    private const int ChangesMax = 500;
    private const int CharactersMax = 4 * 1024 * 1024;

    private const string Head = """
        max(ifnull((SELECT max(change) FROM graph_entities WHERE owner_key = p.owner_key), 0),
            ifnull((SELECT max(change) FROM graph_removals WHERE owner_key = p.owner_key), 0))
        """;

    private const string HeadSql = $"SELECT {Head} FROM graph_owners p WHERE p.tenant = ?1 AND p.user_id IS ?2";
    private const string HeadsSql = $"SELECT p.user_id, {Head} FROM graph_owners p WHERE p.tenant = ?1";
    private const string OwnerSql = "SELECT owner_key FROM graph_owners WHERE tenant = ?1 AND user_id IS ?2";

    private const string EntitiesSql = $"""
        SELECT {GraphRows.EntityColumns}, e.change, e.entity_key FROM {GraphRows.EntityTables}
        WHERE e.owner_key = ?1 AND e.change > ?2 ORDER BY e.change LIMIT ?3
        """;

    private const string DocumentSql =
        $"SELECT {GraphRows.EntityColumns}, e.change, e.entity_key FROM {GraphRows.EntityTables} WHERE e.tenant = ?1 AND e.id = ?2";

    private const string RemovalsSql = """
        SELECT change, entity_id FROM graph_removals WHERE owner_key = ?1 AND change > ?2 AND change < ?3 ORDER BY change LIMIT ?4
        """;

    private const string ContentsSql = """
        SELECT x.content, o.id FROM graph_observations o CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE o.entity_key = ?1 AND o.superseded_at IS NULL ORDER BY o.observation_key DESC LIMIT ?2
        """;

    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) => reads.ReadAsync(partition, FindHead, cancel);

    public ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, ListHeads, cancel);

    /// <inheritdoc/>
    /// <remarks>From watermark 0, only a removal that is the head itself is delivered, so that a follower arrives at it.</remarks>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var removalsAfter = watermark > 0 ? watermark : await HeadAsync(partition, cancel) - 1;
        FeedPage page;
        do
        {
            page = await reads.ReadTextsAsync(partition.Tenant, (partition, watermark, Math.Max(watermark, removalsAfter)), ReadPage,
                cancel);
            if (page.Changes.Count == 0)
                yield break;
            watermark = page.Changes[^1].Change;
            yield return page.Changes;
        }
        while (page.More);
    }

    /// <summary>The documents of those of the entities that exist.</summary>
    public static IReadOnlyList<TurnCommitted> ReadDocuments(Connection connection, (string Tenant, IReadOnlyCollection<string> Ids) query)
    {
        using var snapshot = new Snapshot(connection);
        var documents = new List<TurnCommitted>(query.Ids.Count);
        foreach (var id in query.Ids.Distinct(StringComparer.Ordinal))
        {
            using var rows = connection.Prepared(DocumentSql).Bind(1, query.Tenant).Bind(2, id).Query();
            if (rows.Next())
                documents.Add(ReadDocument(connection, rows));
        }

        return documents;
    }

    private static TurnCommitted ReadDocument(Connection connection, Statement.Rows rows) =>
        EntityDocument.Build(rows.Int64(10), GraphRows.ReadEntity(rows), ReadContents(connection, rows.Int64(11)));

    private static long FindHead(Connection connection, PartitionKey partition)
    {
        using var rows = connection.Prepared(HeadSql).Bind(1, partition.Tenant).Bind(2, partition.UserId).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    private static IReadOnlyList<PartitionHead> ListHeads(Connection connection, string tenant)
    {
        var heads = new List<PartitionHead>();
        using var rows = connection.Prepared(HeadsSql).Bind(1, tenant).Query();
        while (rows.Next())
            heads.Add(new PartitionHead(new PartitionKey(tenant, rows.TextOrNull(0)), rows.Int64(1)));
        return heads;
    }

    private static FeedPage ReadPage(Connection connection, (PartitionKey Partition, long EntitiesAfter, long RemovalsAfter) query)
    {
        using var snapshot = new Snapshot(connection);
        if (FindOwner(connection, query.Partition) is not { } owner)
            return new FeedPage([], More: false);
        var (changes, moreEntities) = ReadEntities(connection, owner, query.EntitiesAfter);
        // Beyond a cut page of entities, removals belong to the next one.
        var before = moreEntities ? changes[^1].Change : long.MaxValue;
        var removals = ReadRemovals(connection, owner, query.RemovalsAfter, before);
        var moreRemovals = removals.Count == ChangesMax;
        if (moreRemovals)
            changes.RemoveAll(change => change.Change > removals[^1].Change);
        changes.AddRange(removals);
        changes.Sort(static (a, b) => a.Change.CompareTo(b.Change));
        return new FeedPage(changes, moreEntities || moreRemovals);
    }

    private static (List<FeedChange> Changes, bool More) ReadEntities(Connection connection, long owner, long after)
    {
        var changes = new List<FeedChange>();
        var characters = 0;
        using var rows = connection.Prepared(EntitiesSql).Bind(1, owner).Bind(2, after).Bind(3, ChangesMax).Query();
        while (characters < CharactersMax && rows.Next())
        {
            var document = ReadDocument(connection, rows);
            characters += document.Turn.Content.Length;
            changes.Add(document);
        }

        return (changes, changes.Count == ChangesMax || characters >= CharactersMax);
    }

    private static List<string> ReadContents(Connection connection, long entityKey)
    {
        var contents = new List<string>();
        using var rows = connection.Prepared(ContentsSql).Bind(1, entityKey).Bind(2, GraphLimits.ObservationsSearchedMax).Query();
        while (rows.Next())
            contents.Add(rows.Opened(0, SealedField.ObservationContent, rows.Text(1), 0));
        return contents;
    }

    private static List<FeedChange> ReadRemovals(Connection connection, long owner, long after, long before)
    {
        var removals = new List<FeedChange>();
        using var rows = connection.Prepared(RemovalsSql).Bind(1, owner).Bind(2, after).Bind(3, before).Bind(4, ChangesMax).Query();
        while (rows.Next())
            removals.Add(new SessionRemoved(rows.Int64(0), rows.Text(1)));
        return removals;
    }

    private static long? FindOwner(Connection connection, PartitionKey partition)
    {
        using var rows = connection.Prepared(OwnerSql).Bind(1, partition.Tenant).Bind(2, partition.UserId).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }
}
