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
    public async Task Keys_of_a_tenant_outlive_the_store_and_are_no_other_tenants()
    {
        var key = KeyOf("1111", 10)
            with { Users = ["ada"], ExpiresAt = At(500), PreviousUntil = At(20), Previous = KeySecret.Of("before", new byte[16]) };
        Assert.True(await Store.Tenants.AddKeyAsync(Tenant, key, 5, DateTimeOffset.UnixEpoch, default));
        await Store.ReopenAsync();
        var found = await Store.Tenants.FindKeyAsync(Tenant, key.Id, default);
        Assert.Equal(KeyColumn.Of(key), KeyColumn.Of(found!));
        Assert.Null(await Store.Tenants.FindKeyAsync("another", key.Id, default));
        Assert.Null(await Store.Tenants.FindKeyAsync(Tenant, "2222", default));
        Assert.Empty((await Store.Tenants.ListKeysAsync("another", null, 10, default)).Value.Items);
    }

    [Fact]
    public async Task A_change_of_a_key_takes_the_place_of_the_version_before_it_alone()
    {
        var key = KeyOf("1111", 10);
        await Store.Tenants.AddKeyAsync(Tenant, key, 5, DateTimeOffset.UnixEpoch, default);
        var revoked = key with { Version = 2, RevokedAt = At(30) };
        Assert.False(await Store.Tenants.ChangeKeyAsync("another", revoked, default));
        Assert.True(await Store.Tenants.ChangeKeyAsync(Tenant, revoked, default));
        Assert.False(await Store.Tenants.ChangeKeyAsync(Tenant, key with { Version = 2, Name = "late" }, default));
        Assert.Equal(At(30), (await Store.Tenants.FindKeyAsync(Tenant, key.Id, default))!.RevokedAt);
    }

    [Fact]
    public async Task Keys_are_listed_newest_first_and_are_bounded_but_for_those_that_ended_long_ago()
    {
        for (var i = 1; i <= 3; i++)
            Assert.True(await Store.Tenants.AddKeyAsync(Tenant, KeyOf($"000{i}", i), 3, At(0), default));
        Assert.False(await Store.Tenants.AddKeyAsync(Tenant, KeyOf("0004", 4), 3, At(0), default));
        var first = (await Store.Tenants.ListKeysAsync(Tenant, null, 2, default)).Value;
        Assert.Equal(["0003", "0002"], first.Items.Select(static key => key.Id));
        var second = (await Store.Tenants.ListKeysAsync(Tenant, first.NextCursor, 2, default)).Value;
        Assert.Equal(["0001"], second.Items.Select(static key => key.Id));
        Assert.Null(second.NextCursor);
        Assert.Equal("cursor", (await Store.Tenants.ListKeysAsync(Tenant, "no cursor", 2, default)).Error!.Field);

        await Store.Tenants.ChangeKeyAsync(Tenant, KeyOf("0002", 2) with { Version = 2, RevokedAt = At(100) }, default);
        Assert.False(await Store.Tenants.AddKeyAsync(Tenant, KeyOf("0004", 4), 3, At(100), default));
        Assert.True(await Store.Tenants.AddKeyAsync(Tenant, KeyOf("0004", 4), 3, At(101), default));
        Assert.Null(await Store.Tenants.FindKeyAsync(Tenant, "0002", default));
    }

    private static ApiKey KeyOf(string id, int second) =>
        new(id, "a key", ["read", "write"], At(second), "key:maker",
        KeySecret.Of(new string('a', KeyText.SecretLength), new byte[KeySecret.SaltBytes]));

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

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
