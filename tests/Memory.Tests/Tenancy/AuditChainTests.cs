using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Memory.Tests.Tenancy;

/// <summary>An entry that was changed, removed or slipped in is found, and where.</summary>
public sealed class AuditChainTests
{
    private static readonly DateTimeOffset At = new(2025, 3, 3, 9, 15, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_trail_as_it_was_written_is_whole()
    {
        var found = await VerifyAsync(Chain(2_500));
        Assert.Equal((2_500L, 0L, null, 0L), (found.Entries, found.Unchained, found.Broken, found.BrokenAt));
        Assert.Equal(Chain(2_500)[^1].Hash, found.Head);
    }

    [Fact]
    public async Task Entries_of_releases_without_a_chain_are_counted_apart()
    {
        var old = Enumerable.Range(1, 3)
            .Select(i => new StoredAuditEntry(i, new AuditEntry(At, "key:1", "erasure.requested", $"user:{i}"), null));
        var found = await VerifyAsync([.. old, .. Chain(5).Select(row => row with { Key = row.Key + 3 })]);
        Assert.Equal((8L, 3L, null), (found.Entries, found.Unchained, found.Broken));
    }

    [Fact]
    public async Task Whatever_is_changed_of_an_entry_is_found()
    {
        Func<AuditEntry, AuditEntry>[] changes =
        [
            entry => entry with { At = entry.At.AddTicks(TimeSpan.TicksPerMicrosecond) }, entry =>
            entry with { Caller = "key:2" }, entry => entry with { Action = "import" },
            entry => entry with { Subject = "user:x" }, entry => entry with { RequestId = "other" }, entry =>
            entry with { Outcome = "200" },
        ];
        foreach (var change in changes)
        {
            var rows = Chain(10);
            rows[4] = rows[4] with { Entry = change(rows[4].Entry) };
            Assert.Equal(5, (await VerifyAsync(rows)).BrokenAt);
        }
    }

    [Fact]
    public async Task An_entry_that_is_removed_moved_or_without_a_hash_is_found()
    {
        var removed = Chain(10);
        removed.RemoveAt(3);
        Assert.Equal(4, (await VerifyAsync(removed)).BrokenAt);
        var moved = Chain(10);
        (moved[6], moved[7]) = (moved[7] with { Key = 7 }, moved[6] with { Key = 8 });
        Assert.Equal(7, (await VerifyAsync(moved)).BrokenAt);
        var bare = Chain(10);
        bare[8] = bare[8] with { Hash = null };
        Assert.Equal(9, (await VerifyAsync(bare)).BrokenAt);
    }

    [Fact]
    public async Task The_chain_of_another_tenant_is_not_this_one_s() =>
        Assert.Equal(1, (await new AuditOperations(new GivenTrail(Chain(3))).VerifyAsync("globex", default)).BrokenAt);

    private static Task<AuditVerification> VerifyAsync(List<StoredAuditEntry> rows) =>
        new AuditOperations(new GivenTrail(rows)).VerifyAsync("acme", default);

    private static List<StoredAuditEntry> Chain(int entries)
    {
        var rows = new List<StoredAuditEntry>();
        string? last = null;
        for (var i = 1; i <= entries; i++)
        {
            var entry = new AuditEntry(At.AddSeconds(i), "key:1", "export", string.Empty) { RequestId = $"r{i}", Outcome = "403" };
            rows.Add(new StoredAuditEntry(i, entry, last = AuditChain.HashOf(last, "acme", entry)));
        }

        return rows;
    }

    private sealed class GivenTrail(List<StoredAuditEntry> rows) : IAuditStore
    {
        public Task AppendAuditAsync(string tenant, AuditEntry entry, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<AuditAnchor> ReadAuditAnchorAsync(string tenant, CancellationToken cancel) =>
            ValueTask.FromResult(default(AuditAnchor));

        public Task<long> PruneAuditAsync(string tenant, DateTimeOffset before, int limit, DateTimeOffset now, CancellationToken cancel) =>
            throw new NotSupportedException();

        public ValueTask<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAuditAsync(
            string tenant, long afterKey, int limit, CancellationToken cancel) =>
            ValueTask.FromResult<IReadOnlyList<StoredAuditEntry>>([.. rows.Where(row => row.Key > afterKey).Take(limit)]);
    }
}
