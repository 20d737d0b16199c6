namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory keys</c>: list, create, rotate, revoke.</summary>
public sealed class KeysTests
{
    [Fact]
    public async Task Keys_are_created_listed_rotated_and_revoked_and_the_key_alone_is_on_standard_output()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.RunAsync("keys", "create", "an agent's", "--user", "ada", "--user", "bob", "--expires",
            "2999-01-01T00:00:00Z");
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Matches("^mem_default_[0-9a-f]{16}_[0-9a-f]{64}\n$", made.Output);
        var id = made.Output[12..28];

        var rotated = await server.RunAsync("keys", "rotate", id, "--overlap-seconds", "0");
        Assert.Matches($"^mem_default_{id}_[0-9a-f]{{64}}\n$", rotated.Output);
        Assert.NotEqual(made.Output, rotated.Output);

        var revoked = await server.RunAsync("keys", "revoke", id);
        Assert.Contains($"Key {id} is revoked", revoked.Output, StringComparison.Ordinal);
        var listed = await server.RunAsync("keys", "list");
        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.Contains("revoked", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(rotated.Output.Trim()[^64..], listed.Output, StringComparison.Ordinal);

        Assert.NotEqual(0, (await server.RunAsync("keys", "revoke", "0000000000000000")).ExitCode);
        Assert.NotEqual(0, (await server.RunAsync("keys", "create", "x", "--scopes", "root")).ExitCode);
        Assert.NotEqual(0, (await server.RunAsync("keys", "create")).ExitCode);
    }
}
