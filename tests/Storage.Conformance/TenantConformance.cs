using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Conformance;

public abstract class TenantConformance : StoreConformance
{
    [Fact]
    public async Task A_summary_counts_what_exists()
    {
        var (first, second, third) = (Script("s1", "ada"), Script("s2", "bob"), Script("s3"));
        await first.AppendAsync("one", "two");
        await second.AppendAsync("three");
        await third.AppendAsync("four");
        await Script("s4", "ada").AppendAsync("five");

        Assert.Equal(new TenantSummary(Tenant, 4, 5, 2, Newest()), await Store.Tenants.SummarizeAsync(Tenant, default));
        await second.DeleteAsync();
        Assert.Equal(new TenantSummary(Tenant, 3, 4, 1, Newest()), await Store.Tenants.SummarizeAsync(Tenant, default));

        DateTimeOffset Newest() => Sessions.ReadTailAsync(new(Tenant, "s4"), 1, default).AsTask().Result[0].RecordedAt;
    }

    [Fact]
    public async Task A_tenant_without_data_has_an_empty_summary() =>
        Assert.Equal(new TenantSummary(Tenant, 0, 0, 0, null), await Store.Tenants.SummarizeAsync(Tenant, default));

    [Fact]
    public async Task A_healthy_store_can_be_probed_again_and_again()
    {
        await Store.Tenants.ProbeAsync(default);
        await Store.Tenants.ProbeAsync(default);
        await Store.ReopenAsync();
        await Store.Tenants.ProbeAsync(default);
    }

    [Fact]
    public async Task Removing_expired_records_where_there_are_none_removes_none() =>
        Assert.Equal(0, await Store.Tenants.RemoveExpiredAsync(DateTimeOffset.UnixEpoch, default));

    [Fact]
    public async Task Settings_of_a_tenant_outlive_the_store_and_are_no_other_tenants()
    {
        Assert.Equal(new TenantSettings(), await Store.Tenants.ReadSettingsAsync(Tenant, default));

        await Store.Tenants.SaveSettingsAsync(Tenant, new TenantSettings(5), default);
        await Store.Tenants.SaveSettingsAsync(Tenant, new TenantSettings(7), default);
        await Store.ReopenAsync();

        Assert.Equal(new TenantSettings(7), await Store.Tenants.ReadSettingsAsync(Tenant, default));
        Assert.Equal(new TenantSettings(), await Store.Tenants.ReadSettingsAsync("another", default));
        await Store.Tenants.SaveSettingsAsync(Tenant, new TenantSettings(), default);
        Assert.Equal(new TenantSettings(), await Store.Tenants.ReadSettingsAsync(Tenant, default));
    }
}
