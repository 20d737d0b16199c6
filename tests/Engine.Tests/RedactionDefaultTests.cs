using MemoryOrleans.Redaction;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Engine.Tests;

/// <summary>What the service redacts for everybody, and what a tenant has instead.</summary>
public sealed class RedactionDefaultTests
{
    private const string Text = "4111 1111 1111 1111, ada@example.org";

    [Fact]
    public async Task What_is_set_for_a_tenant_takes_the_place_of_what_is_set_for_all()
    {
        await using var engine = await EngineOnSqlite.StartAsync(new EngineOptions { Redact = RedactionPacks.Cards });
        Assert.Equal("[card], ada@example.org", await SayAsync(engine, "acme"));
        Assert.True((await engine.Host.Tenants.SetSettingsAsync("acme", new TenantSettings { Redact = RedactionPacks.Emails }, default))
            .IsSuccess);
        Assert.Equal("4111 1111 1111 1111, [email]", await SayAsync(engine, "acme"));
        Assert.True((await engine.Host.Tenants.SetSettingsAsync("acme", new TenantSettings { Redact = RedactionPacks.None }, default))
            .IsSuccess);
        Assert.Equal(Text, await SayAsync(engine, "acme"));
        Assert.Equal("[card], ada@example.org", await SayAsync(engine, "globex"));
        await engine.RestartAsync();
        Assert.Equal(Text, await SayAsync(engine, "acme"));
    }

    private static async Task<string> SayAsync(EngineOnSqlite engine, string tenant)
    {
        var said = await engine.Host.Sessions.AppendAsync(
            new AppendCommand(new SessionKey(tenant, "s"), null, null, [new TurnDraft(null, "user", null, Text, null, null)]), default);
        return said.Value.Turns[0].Content;
    }
}
