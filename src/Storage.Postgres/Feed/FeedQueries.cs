using MemoryOrleans.Feed;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>One batch of a partition's changes; <see cref="More"/> when it was cut at a limit.</summary>
internal sealed record FeedPage(IReadOnlyList<FeedChange> Changes, bool More, int Characters);

/// <summary>Where a page of the feed begins and how many changes it may hold.</summary>
internal readonly record struct FeedPosition(PartitionKey Partition, long TurnsAfter, long RemovalsAfter, int Limit);

/// <summary>An owner's newest changes in both feeds; 0 without any.</summary>
internal readonly record struct OwnerHeads(string? UserId, long Turns, long Memories)
{
    /// <summary>One feed's heads: of the partitions, 0 where there is none, or of all that have one.</summary>
    public static IReadOnlyList<PartitionHead> Select(
        IReadOnlyList<OwnerHeads> found, string tenant, IReadOnlyList<PartitionKey>? partitions, Func<OwnerHeads, long> headOf)
    {
        if (partitions is null)
            return [.. found.Where(each => headOf(each) > 0)
                .Select(each => new PartitionHead(new PartitionKey(tenant, each.UserId), headOf(each)))];
        // They are one to three.
        return [.. partitions.Select(each => new PartitionHead(each, headOf(found.FirstOrDefault(owner => owner.UserId == each.UserId))))];
    }
}

/// <summary>Reads the change feed of a partition.</summary>
internal static class FeedQueries
{
    public const int ChangesMax = 2000;

    /// <summary>Enough for what happens between two recalls; a longer feed goes on with larger pages.</summary>
    public const int ChangesFirst = 200;

    private const int CharactersMax = 4 * 1024 * 1024;

    /// <summary>On the way of every recall: one row by its primary key.</summary>
    public static readonly TenantQuery<string?, long> Head = new(
        "partition head",
        "SELECT o.head FROM owners o WHERE o.tenant = $1 AND o.user_id = $2",
        static (parameters, userId) => parameters.AddText(UserName.ToColumn(userId)),
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetInt64(0) : 0);

    /// <summary>On the way of every recall over a whole tenant: one round trip, however many users it has.</summary>
    public static readonly TenantQuery<string, IReadOnlyList<PartitionHead>> Heads = new(
        "list heads",
        "SELECT o.user_id, o.head FROM owners o WHERE o.tenant = $1 AND o.head > 0",
        static (_, _) => { },
        static (rows, tenant, cancel) => ReadHeadsAsync(rows, tenant, cancel));

    /// <summary>On the way of every recall of some users: turns and memories in one round trip, a row each by its primary key.</summary>
    public static readonly TenantQuery<string?[], IReadOnlyList<OwnerHeads>> BothHeads = new(
        "heads of owners",
        """
        SELECT o.user_id, o.head, o.memory_head FROM unnest($2::text[]) AS a (id)
        CROSS JOIN LATERAL (SELECT * FROM owners o WHERE o.tenant = $1 AND o.user_id = a.id LIMIT 1) o
        """,
        static (parameters, users) => parameters.AddTexts([.. users.Select(UserName.ToColumn)]),
        static (rows, _, cancel) => ReadOwnersAsync(rows, cancel));

    /// <summary>The same of a whole tenant.</summary>
    public static readonly TenantQuery<string, IReadOnlyList<OwnerHeads>> AllHeads = new(
        "heads of all owners",
        "SELECT o.user_id, o.head, o.memory_head FROM owners o WHERE o.tenant = $1 AND (o.head > 0 OR o.memory_head > 0)",
        static (_, _) => { },
        static (rows, _, cancel) => ReadOwnersAsync(rows, cancel));

    /// <summary>
    /// Turns after one change and removals after another, merged in change order, in one snapshot. The subquery for the
    /// session's id runs once for each session of the page (the planner remembers its answers).
    /// </summary>
    public static readonly TenantQuery<FeedPosition, FeedPage> ReadPage = new(
        "read feed",
        $"""
        (SELECT {TurnQueries.Columns}, t.change, s.id, s.agent_id, NULL::bigint
         FROM (SELECT * FROM turns t
               WHERE t.tenant = $1 AND t.owner_key = (SELECT o.owner_key FROM owners o WHERE o.tenant = $1 AND o.user_id = $2)
                 AND t.change > $3 AND NOT t.erased ORDER BY t.change LIMIT $5) t
         CROSS JOIN LATERAL (SELECT s.id, s.agent_id FROM sessions s WHERE s.tenant = $1 AND s.session_key = t.session_key LIMIT 1) s
         ORDER BY t.change)
        UNION ALL
        (SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, r.change, r.session_id, NULL, r.seq
         FROM removals r
         WHERE r.tenant = $1 AND r.owner_key = (SELECT o.owner_key FROM owners o WHERE o.tenant = $1 AND o.user_id = $2)
           AND r.change > $4 ORDER BY r.change LIMIT $5)
        ORDER BY 12 LIMIT $5
        """,
        static (parameters, position) =>
        {
            parameters.AddText(UserName.ToColumn(position.Partition.UserId));
            parameters.AddBigint(position.TurnsAfter);
            parameters.AddBigint(position.RemovalsAfter);
            parameters.AddBigint(position.Limit);
        },
        ReadPageAsync);

    /// <summary>As many changes as are likely to stay within the characters of a page, seeing what the last one held.</summary>
    public static int NextLimit(FeedPage page) =>
        (int)Math.Clamp((long)CharactersMax * page.Changes.Count / Math.Max(1, page.Characters), 16, ChangesMax);

    public static async Task<IReadOnlyList<PartitionHead>> ReadHeadsAsync(TenantRows rows, string tenant, CancellationToken cancel)
    {
        var heads = new List<PartitionHead>();
        while (await rows.ReadAsync(cancel))
            heads.Add(new PartitionHead(new PartitionKey(tenant, UserName.FromColumn(rows.GetString(0))), rows.GetInt64(1)));
        return heads;
    }

    private static async Task<IReadOnlyList<OwnerHeads>> ReadOwnersAsync(TenantRows rows, CancellationToken cancel)
    {
        var heads = new List<OwnerHeads>();
        while (await rows.ReadAsync(cancel))
            heads.Add(new OwnerHeads(UserName.FromColumn(rows.GetString(0)), rows.GetInt64(1), rows.GetInt64(2)));
        return heads;
    }

    private static async Task<FeedPage> ReadPageAsync(TenantRows rows, FeedPosition position, CancellationToken cancel)
    {
        var changes = new List<FeedChange>();
        // Sessions repeat: their ids are kept once.
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var characters = 0;
        while (characters < CharactersMax && await rows.ReadAsync(cancel))
        {
            var (change, read) = (rows.GetInt64(11), rows.GetString(12));
            if (!ids.TryGetValue(read, out var sessionId))
                ids.Add(read, sessionId = read);
            if (rows.IsDBNull(0))
            {
                changes.Add(rows.IsDBNull(14) ? new SessionRemoved(change, sessionId)
                    : new TurnErased(change, sessionId, rows.GetInt64(14)));
                continue;
            }

            var turn = TurnQueries.Read(rows, sessionId);
            characters += turn.Content.Length;
            // What cannot be read is not recalled.
            changes.Add(UnreadableText.Is(turn.Content)
                ? new TurnErased(change, sessionId, turn.Seq)
                : new TurnCommitted(change, turn, rows.IsDBNull(13) ? null : rows.GetString(13)));
        }

        return new FeedPage(changes, changes.Count == position.Limit || characters >= CharactersMax, characters);
    }
}
