using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The memories as a recall index follows them; numbered apart from the turns.</summary>
internal sealed class MemoryFeed(ReadPool reads, PartitionHeads heads) : IRecallFeed
{
    private const int MemoriesMax = 1000;
    private const int CharactersMax = 4 * 1024 * 1024;

    private const string HeadSql = """
        SELECT max(change) FROM memories WHERE owner_key = (SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id IS ?2)
        """;

    private const string PartitionsSql = """
        SELECT o.user_id, (SELECT max(m.change) FROM memories m WHERE m.owner_key = o.owner_key) FROM owners o WHERE o.tenant = ?1
        """;

    private const string ChangedSql = $"""
        SELECT {MemoryRow.Columns}, m.change, m.replaces FROM memories m {MemoryRow.OfCurrent}
        WHERE m.owner_key = (SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id IS ?2) AND m.change > ?3
        ORDER BY m.change LIMIT ?4
        """;

    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        heads.TryGet(partition, out var head, out var generation)
            ? ValueTask.FromResult(head)
            : LoadHeadAsync(partition, generation, cancel);

    public ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, ListHeads, cancel);

    /// <inheritdoc/>
    /// <remarks>From watermark 0, removals older than the head are left out; the head itself is always delivered.</remarks>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var removalsFrom = watermark > 0 ? watermark + 1 : await HeadAsync(partition, cancel);
        Page page;
        do
        {
            page = await reads.ReadTextsAsync(partition.Tenant, (partition, watermark, removalsFrom), ReadPage, cancel);
            watermark = page.Watermark;
            if (page.Changes.Count > 0)
                yield return page.Changes;
        }
        while (page.More);
    }

    private static IReadOnlyList<PartitionHead> ListHeads(Connection connection, string tenant)
    {
        var listed = new List<PartitionHead>();
        using var rows = connection.Prepared(PartitionsSql).Bind(1, tenant).Query();
        while (rows.Next())
        {
            if (!rows.IsNull(1))
                listed.Add(new PartitionHead(new PartitionKey(tenant, rows.TextOrNull(0)), rows.Int64(1)));
        }

        return listed;
    }

    private static Page ReadPage(Connection connection, (PartitionKey Partition, long After, long RemovalsFrom) query)
    {
        var changes = new List<FeedChange>();
        var (watermark, read, characters) = (query.After, 0, 0);
        using var rows = connection.Prepared(ChangedSql)
            .Bind(1, query.Partition.Tenant).Bind(2, query.Partition.UserId).Bind(3, query.After).Bind(4, MemoriesMax)
            .Query();
        while (characters < CharactersMax && rows.Next())
        {
            var memory = MemoryRow.Read(rows);
            watermark = rows.Int64(MemoryRow.Count);
            MemoryDocument.AddChanges(changes, memory, watermark, replaces: rows.Int64(MemoryRow.Count + 1) != 0, query.RemovalsFrom);
            characters += memory.Content.Length;
            read++;
        }

        return new Page(changes, watermark, More: read == MemoriesMax || characters >= CharactersMax);
    }

    private static long FindHead(Connection connection, PartitionKey partition)
    {
        using var rows = connection.Prepared(HeadSql).Bind(1, partition.Tenant).Bind(2, partition.UserId).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    private async ValueTask<long> LoadHeadAsync(PartitionKey partition, int generation, CancellationToken cancel) =>
        heads.Add(partition, await reads.ReadAsync(partition, FindHead, cancel), generation);

    /// <param name="Watermark">How far the page went, whether or not its end was worth telling.</param>
    private readonly record struct Page(IReadOnlyList<FeedChange> Changes, long Watermark, bool More);
}
