using System.Security.Cryptography;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using Microsoft.Extensions.Time.Testing;

namespace MemoryOrleans.Storage.Sqlite.Tests;

/// <summary>What becomes of reads and writes while a tenant's key is looked for, made, or cannot be had.</summary>
public sealed class KeyRingTests
{
    private const string Sealed = "What is said.";
    private readonly KeyTable table = new();

    [Fact]
    public async Task Writes_that_wait_for_a_key_that_cannot_be_had_fail_together_and_the_next_asks_anew()
    {
        var ring = RingOf(table);
        table.Gate = new TaskCompletionSource();
        var writes = Enumerable.Range(0, 5).Select(_ => ring.WriteAsync("t", static _ => Task.FromResult(CommitStatus.Committed)))
            .ToArray();
        table.Gate.SetException(new StoreUnavailableException("away"));

        Assert.All(await Task.WhenAll(writes), static status => Assert.Equal(CommitStatus.Unavailable, status));
        Assert.Equal(1, table.Asked);

        table.Gate = null;
        Assert.Equal(CommitStatus.Committed, await ring.WriteAsync("t", static _ => Task.FromResult(CommitStatus.Committed)));
    }

    [Fact]
    public async Task Writes_of_a_tenant_are_handed_on_in_their_order_while_its_key_is_made()
    {
        var ring = RingOf(table);
        table.Gate = new TaskCompletionSource();
        var order = new List<int>();
        var writes = Enumerable.Range(0, 20).Select(number => ring.WriteAsync("t", _ =>
        {
            order.Add(number);
            return Task.FromResult(CommitStatus.Committed);
        })).ToArray();
        table.Gate.SetResult();
        await Task.WhenAll(writes);

        Assert.Equal(Enumerable.Range(0, 20), order);
    }

    [Fact]
    public async Task A_read_that_began_before_the_key_was_made_is_done_again_with_it()
    {
        var (ring, another, reads) = (RingOf(table), RingOf(table), 0);

        var text = await ring.ReadAsync("t", 0, async (seal, _, cancel) =>
        {
            reads++;
            var made = await another.FindOrMakeAsync("t", cancel);
            return seal.Open(SealedField.TurnContent, "s", 1, made.Seal(SealedField.TurnContent, "s", 1, Sealed)!);
        }, CancellationToken.None);

        Assert.Equal((Sealed, 2), (text, reads));
    }

    [Fact]
    public async Task A_sealed_text_of_a_tenant_that_has_no_key_at_all_is_unreadable()
    {
        var stored = new TenantSeal("t", 1, RandomNumberGenerator.GetBytes(MasterKeys.KeyBytes))
            .Seal(SealedField.TurnContent, "s", 1, Sealed)!;

        var text = await RingOf(table).ReadAsync(
            "t", 0, (seal, _, _) => ValueTask.FromResult(seal.Open(SealedField.TurnContent, "s", 1, stored)), CancellationToken.None);

        Assert.True(UnreadableText.Is(text));
    }

    [Fact]
    public async Task A_key_under_a_master_key_that_this_process_lacks_is_unavailable_and_not_damage()
    {
        await RingOf(table).FindOrMakeAsync("t", CancellationToken.None);
        var failure = await Assert.ThrowsAnyAsync<StoreUnavailableException>(
            async () => await RingOf(table, "other").FindAsync("t", CancellationToken.None));
        Assert.IsNotType<StoreCorruptException>(failure);
    }

    [Fact]
    public async Task A_key_that_another_process_destroyed_is_gone_by_for_ten_seconds_at_most()
    {
        var clock = new FakeTimeProvider();
        var ring = RingOf(table, clock: clock);
        var first = await ring.FindOrMakeAsync("t", CancellationToken.None);
        await table.DestroyKeyAsync("t", CancellationToken.None);
        clock.Advance(KeyRing.FreshFor - TimeSpan.FromTicks(1));
        Assert.Same(first, await ring.FindAsync("t", CancellationToken.None));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.False((await ring.FindAsync("t", CancellationToken.None)).HasKey);

        var second = await ring.FindOrMakeAsync("t", CancellationToken.None);
        var stored = second.Seal(SealedField.TurnContent, "s", 1, Sealed)!;
        Assert.Equal((true, Sealed), (UnreadableText.Is(first.Open(SealedField.TurnContent, "s", 1, stored)),
            second.Open(SealedField.TurnContent, "s", 1, stored)));
        clock.Advance(KeyRing.FreshFor);
        Assert.Same(second, await ring.FindAsync("t", CancellationToken.None));
    }

    private static KeyRing RingOf(KeyTable keys, string id = "first", TimeProvider? clock = null)
    {
        Assert.True(MasterKeys.TryParse($"{id}:{Convert.ToBase64String(SHA256.HashData("a master key"u8))}", out var masters, out _));
        return new KeyRing(masters!, keys, clock: clock);
    }

    /// <summary>The table of tenants' keys, which answers when it is let.</summary>
    private sealed class KeyTable : ITenantKeys
    {
        private readonly Dictionary<string, TenantKey> kept = new(StringComparer.Ordinal);

        public TaskCompletionSource? Gate { get; set; }

        public int Asked { get; private set; }

        public async ValueTask<TenantKey?> FindKeyAsync(string tenant, CancellationToken cancel)
        {
            Asked++;
            if (Gate is { } gate)
                await gate.Task.WaitAsync(cancel);
            return kept.GetValueOrDefault(tenant);
        }

        public Task<TenantKey> KeepKeyAsync(TenantKey key, CancellationToken cancel)
        {
            if (!kept.TryGetValue(key.Tenant, out var there) || there.Number < key.Number)
                kept[key.Tenant] = key;
            return Task.FromResult(kept[key.Tenant]);
        }

        public Task<bool> RewrapKeyAsync(TenantKey before, TenantKey after, CancellationToken cancel) => throw new NotSupportedException();

        public Task<bool> DestroyKeyAsync(string tenant, CancellationToken cancel)
        {
            kept[tenant] = kept[tenant] with { Wrapped = null };
            return Task.FromResult(true);
        }

        public ValueTask<IReadOnlyList<TenantKey>> ListKeysAsync(string afterTenant, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();
    }
}
