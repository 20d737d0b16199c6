using MemoryOrleans.Erasures;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Conformance;

public abstract partial class ErasureConformance
{
    [Fact]
    public async Task Receipts_and_the_audit_trail_are_their_tenant_s()
    {
        await FillAsync("ada", 1);
        var receipt = (await EraseAsync(ErasureKind.User, "ada")).Value;
        var stranger = NewTenant();

        Assert.Null(await Store.Erasures.FindErasureAsync(stranger, receipt.Id, default));
        Assert.Empty((await Store.Erasures.ListErasuresAsync(stranger, null, 10, default)).Value.Items);
        Assert.Empty((await Store.Audit.ListAuditAsync(stranger, null, 10, default)).Value.Items);
        Assert.Equal(receipt, await Store.Erasures.FindErasureAsync(Tenant, receipt.Id, default));
        await Store.ReopenAsync();
        Assert.Equal(receipt, Assert.Single((await Store.Erasures.ListErasuresAsync(Tenant, null, 10, default)).Value.Items));
        Assert.False(await Store.Erasures.CompleteErasureAsync(Tenant, receipt, new AuditEntry(Tick(), "x", "y", "z"), default));
    }

    [Fact]
    public async Task The_audit_trail_is_one_chain_however_many_write_it_at_once()
    {
        var audit = new AuditOperations(Store.Audit);
        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => Task.Run(() => audit.AppendAsync(
            Tenant, new AuditEntry(Tick(), "key:ä", "export", $"user:{i}") { RequestId = $"r{i}", Outcome = "200" }, default))));
        await audit.AppendAsync(NewTenant(), new AuditEntry(Tick(), "key:1", "export", string.Empty), default);
        var found = await audit.VerifyAsync(Tenant, default);
        Assert.Equal((40L, 0L, null), (found.Entries, found.Unchained, found.Broken));
        await Store.ReopenAsync();
        Assert.Equal(found.Head, (await new AuditOperations(Store.Audit).VerifyAsync(Tenant, default)).Head);
    }

    [Fact]
    public async Task What_retention_removes_from_the_beginning_of_the_trail_leaves_the_rest_verifiable()
    {
        var audit = new AuditOperations(Store.Audit);
        var start = DateTimeOffset.UnixEpoch.AddDays(100);
        for (var i = 0; i < 6; i++)
            await audit.AppendAsync(Tenant,
                new AuditEntry(start.AddDays(i), "key:1", "export", string.Empty) { RequestId = $"r{i}", Outcome = "200" }, default);
        var whole = await audit.VerifyAsync(Tenant, default);
        var third = (await Store.Audit.ReadAuditAsync(Tenant, 0, 3, default))[^1].Hash;
        Assert.Equal(0, await Store.Audit.PruneAuditAsync(Tenant, start, 10, start.AddDays(9), default));
        Assert.Equal(2, await Store.Audit.PruneAuditAsync(Tenant, start.AddDays(3), 2, start.AddDays(9), default));
        Assert.Equal(1, await Store.Audit.PruneAuditAsync(Tenant, start.AddDays(3), 10, start.AddDays(9), default));
        Assert.Equal(new AuditAnchor(3, third), await Store.Audit.ReadAuditAnchorAsync(Tenant, default));

        // Three that are left, and two that say what was removed.
        await Store.ReopenAsync();
        var pruned = await new AuditOperations(Store.Audit).VerifyAsync(Tenant, default);
        Assert.Equal((5L, 3L, null), (pruned.Entries, pruned.Removed, pruned.Broken));
        Assert.NotEqual(whole.Head, pruned.Head);
        var last = (await Store.Audit.ReadAuditAsync(Tenant, 0, 10, default))[^1].Entry;
        Assert.Equal(("retention", "audit.pruned", "entries:1", third), (last.Caller, last.Action, last.Subject, last.Outcome));
        Assert.Equal(5, await Store.Audit.PruneAuditAsync(Tenant, start.AddDays(99), 10, start.AddDays(99), default));
        Assert.Equal((1L, null),
            ((await new AuditOperations(Store.Audit).VerifyAsync(Tenant, default)).Entries,
            (await new AuditOperations(Store.Audit).VerifyAsync(Tenant, default)).Broken));

        var stranger = NewTenant();
        Assert.Equal(default, await Store.Audit.ReadAuditAnchorAsync(stranger, default));
        Assert.Equal(0, await Store.Audit.PruneAuditAsync(stranger, start.AddDays(99), 10, start.AddDays(99), default));
    }
}
