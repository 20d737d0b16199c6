namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory webhooks</c>: list, create, change, rotate, test, deliveries, remove.</summary>
public sealed class WebhooksTests
{
    [Fact]
    public async Task Webhooks_are_created_changed_tried_and_removed_and_the_secret_alone_is_on_standard_output()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.RunAsync("webhooks", "create", "https://webhooks.invalid/a", "--event", "memory.made", "--event",
            "job.dead", "--name", "index");
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Matches("^whsec_[A-Za-z0-9+/]+=*\n$", made.Output);
        var id = made.Error.Split("Webhook ")[1][..16];

        var rotated = await server.RunAsync("webhooks", "rotate", id, "--overlap-seconds", "0");
        Assert.Matches("^whsec_", rotated.Output);
        Assert.NotEqual(made.Output, rotated.Output);
        Assert.Contains("is off, version 3", (await server.RunAsync("webhooks", "change", id, "--enabled", "false")).Output,
            StringComparison.Ordinal);
        var listed = await server.RunAsync("webhooks", "list");
        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", listed.Output, StringComparison.Ordinal);

        Assert.Contains($"Delivery {id}-1", (await server.RunAsync("webhooks", "test", id)).Output, StringComparison.Ordinal);
        Assert.Contains($"{id}-1", (await server.RunAsync("webhooks", "deliveries", id)).Output, StringComparison.Ordinal);
        Assert.Contains("is removed", (await server.RunAsync("webhooks", "remove", id)).Output, StringComparison.Ordinal);
        Assert.NotEqual(0, (await server.RunAsync("webhooks", "remove", id)).ExitCode);
        Assert.NotEqual(0, (await server.RunAsync("webhooks", "create", "https://webhooks.invalid/a")).ExitCode);
        Assert.NotEqual(0, (await server.RunAsync("webhooks", "create", "http://127.0.0.1/", "--event", "memory.made")).ExitCode);
    }
}
