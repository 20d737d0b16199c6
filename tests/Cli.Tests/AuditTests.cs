namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory audit</c> and <c>memory audit verify</c>.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task What_an_administrator_did_is_shown_and_the_trail_is_verified()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(0, (await server.RunAsync("export")).ExitCode);

        var shown = await server.RunAsync("audit", "--limit", "5");
        Assert.True(shown.ExitCode == 0, shown.Error);
        Assert.Contains("export", shown.Output, StringComparison.Ordinal);

        var verified = await server.RunAsync("audit", "verify");
        Assert.True(verified.ExitCode == 0, verified.Error);
        Assert.Contains("1 entries, 0 of them older than the chain; the trail is whole.", verified.Output, StringComparison.Ordinal);
        var head = verified.Output.Trim().Split(' ')[^1];
        Assert.Equal(string.Empty, (await server.RunAsync("audit", "verify", "--head", head)).Error);
        Assert.Equal(0, (await server.RunAsync("export")).ExitCode);
        Assert.Contains("another one", (await server.RunAsync("audit", "verify", "--head", head)).Error, StringComparison.Ordinal);
    }
}
