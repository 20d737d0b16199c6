using MemoryOrleans.Redaction;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Memory.Tests.Tenancy;

public sealed class ApiKeyTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData("acme")]
    [InlineData("a_b_c")]
    [InlineData("mem_acme_0123456789abcdef")]
    [InlineData("t.e-n@nt")]
    public void A_key_s_text_tells_its_parts_whatever_the_tenants_name(string tenant)
    {
        var (id, secret) = (new string('1', KeyText.IdLength), new string('a', KeyText.SecretLength));
        Assert.True(KeyText.TryParse(KeyText.Of(tenant, id, secret), out var readTenant, out var readId, out var readSecret));
        Assert.Equal((tenant, id, secret), (readTenant.ToString(), readId.ToString(), readSecret.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mem_")]
    [InlineData("mem__0123456789abcdef_")]
    [InlineData("acme-admin-0123456789")]
    public void What_is_no_stored_key_is_told(string text)
    {
        Assert.False(KeyText.TryParse(text, out _, out _, out _));
        Assert.False(KeyText.TryParse(text + new string('g', KeyText.SecretLength), out _, out _, out _));
    }

    [Fact]
    public void The_same_secret_has_another_hash_under_another_salt()
    {
        var secret = new string('a', KeyText.SecretLength);
        var (one, two) = (KeySecret.Of(secret, new byte[16]), KeySecret.Of(secret, [.. Enumerable.Repeat((byte)1, 16)]));
        Assert.NotEqual(one.Hash, two.Hash);
        Assert.True(one.Matches(secret) && two.Matches(secret));
        Assert.False(one.Matches(new string('b', KeyText.SecretLength)) || one.Matches(secret.AsSpan(1)) || one.Matches(string.Empty));
    }

    [Fact]
    public void A_key_accepts_its_secrets_while_they_last()
    {
        var (now, before) = (new string('a', KeyText.SecretLength), new string('b', KeyText.SecretLength));
        var key = new ApiKey("1", "x", ["read"], Start, "maker", KeySecret.Of(now, new byte[16]))
        {
            Previous = KeySecret.Of(before, new byte[16]), PreviousUntil = Start.AddSeconds(10), ExpiresAt = Start.AddSeconds(20),
        };
        Assert.True(key.Accepts(now, Start) && key.Accepts(before, Start.AddSeconds(9)));
        Assert.False(key.Accepts(before, Start.AddSeconds(10)) || key.Accepts(now, Start.AddSeconds(20)));
        Assert.False((key with { RevokedAt = Start }).Accepts(now, Start));
        Assert.Equal(KeyColumn.Of(key), KeyColumn.Of(KeyColumn.Read(KeyColumn.Of(key))));
    }

    [Fact]
    public void Settings_of_a_tenant_survive_their_column()
    {
        var all = new TenantSettings(1) { RequestsPerMinuteMax = 2, MemoriesPerMinuteMax = 3, BytesPerMinuteMax = 4_000_000_000,
            RecallsPerMinuteMax = 5, KeySharePercent = 6, Redact = RedactionPacks.Cards | RedactionPacks.Secrets };
        Assert.Equal(all, TenantSettings.FromColumn(all.ToColumn()));
        Assert.Equal("{}", new TenantSettings().ToColumn());
        var nothing = new TenantSettings { Redact = RedactionPacks.None };
        Assert.Equal("""{"redact":[]}""", nothing.ToColumn());
        Assert.Equal(nothing, TenantSettings.FromColumn(nothing.ToColumn()));
        Assert.Equal(RedactionPacks.Phones, TenantSettings.FromColumn("""{"redact":["of a later release","phones"]}""").Redact);
        Assert.Equal("key_share_percent", (all with { KeySharePercent = 101 }).FindError()!.Field);
    }
}
