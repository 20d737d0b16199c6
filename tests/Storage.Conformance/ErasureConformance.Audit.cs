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
}
