using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>The memories as a recall index follows them; numbered apart from the turns.</summary>
internal sealed class MemoryFeed(TenantReads reads) : IRecallFeed
{
    private const int MemoriesMax = 1000;
    private const int CharactersMax = 4 * 1024 * 1024;

    private static readonly TenantQuery<string?, long> Head = new(
        "memory head",
        "SELECT o.memory_head FROM owners o WHERE o.tenant = $1 AND o.user_id = $2",
        static (parameters, userId) => parameters.AddText(UserName.ToColumn(userId)),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);

    private static readonly TenantQuery<string, IReadOnlyList<PartitionHead>> Heads = new(
        "list memory heads",
        "SELECT o.user_id, o.memory_head FROM owners o WHERE o.tenant = $1 AND o.memory_head > 0",
        static (_, _) => { },
        static (rows, tenant, cancel) => FeedQueries.ReadHeadsAsync(rows, tenant, cancel));

    private static readonly TenantQuery<Position, Page> ReadPage = new(
        "read memory feed",
        $"""
        SELECT {MemoryRow.Columns}, m.change, m.replaces
        FROM (SELECT * FROM memories m WHERE m.tenant = $1 AND m.user_id = $2 AND m.change > $3 ORDER BY m.change LIMIT $4) m
        CROSS JOIN LATERAL (
            SELECT * FROM memory_versions v WHERE v.tenant = $1 AND v.memory_key = m.memory_key AND v.version = m.version LIMIT 1) v
        ORDER BY m.change
        """,
        static (parameters, position) =>
        {
            parameters.AddText(UserName.ToColumn(position.Partition.UserId));
            parameters.AddBigint(position.After);
            parameters.AddBigint(MemoriesMax);
        },
        ReadPageAsync);

    /// <summary>Every query here, for the test of plans.</summary>
    public static IEnumerable<(string Name, string Sql)> All => [Head.Text, Heads.Text, ReadPage.Text];

    /// <inheritdoc/>
    /// <remarks>Always asked of the server: another process may have committed a moment ago.</remarks>
    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        reads.ReadPlainAsync(Head, partition.Tenant, partition.UserId, cancel);

    public ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(Heads, tenant, tenant, cancel);

    /// <inheritdoc/>
    /// <remarks>From watermark 0, removals older than the head are left out; the head itself is always delivered.</remarks>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var removalsFrom = watermark > 0 ? watermark + 1 : await HeadAsync(partition, cancel);
        Page page;
        do
        {
            page = await reads.ReadAsync(ReadPage, partition.Tenant, new Position(partition, watermark, removalsFrom), cancel);
            watermark = page.Watermark;
            if (page.Changes.Count > 0)
                yield return page.Changes;
        }
        while (page.More);
    }

    private static async Task<Page> ReadPageAsync(TenantRows rows, Position position, CancellationToken cancel)
    {
        var changes = new List<FeedChange>();
        var (watermark, read, characters) = (position.After, 0, 0);
        while (characters < CharactersMax && await rows.ReadAsync(cancel))
        {
            var memory = MemoryRow.Read(rows);
            watermark = rows.GetInt64(MemoryRow.Count);
            MemoryDocument.AddChanges(changes, memory, watermark, replaces: rows.GetBoolean(MemoryRow.Count + 1), position.RemovalsFrom);
            characters += memory.Content.Length;
            read++;
        }

        return new Page(changes, watermark, More: read == MemoriesMax || characters >= CharactersMax);
    }

    private readonly record struct Position(PartitionKey Partition, long After, long RemovalsFrom);

    /// <param name="Watermark">How far the page went, whether or not its end was worth telling.</param>
    private readonly record struct Page(IReadOnlyList<FeedChange> Changes, long Watermark, bool More);
}
