using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory export | memory import -</c> between two servers.</summary>
public sealed class TransferTests
{
    [Fact]
    public async Task A_tenant_moves_by_file_and_by_pipe()
    {
        await using var from = await RunningServer.StartAsync();
        await using var to = await RunningServer.StartAsync();
        Assert.Equal(0, (await from.RunAsync("import", Checkout.PathOf("samples/conversations.json"))).ExitCode);
        var entity = await from.Client.UpsertEntityAsync(new EntityRequest { Name = "Nora" });
        var folder = Directory.CreateTempSubdirectory("memory-export-");
        var file = Path.Combine(folder.FullName, "tenant.ndjson");

        var exported = await from.RunAsync("export", "--out", file);
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Contains("453 turns", exported.Error, StringComparison.Ordinal);

        using var pipe = to.Start("import", "-");
        await pipe.Input.WriteAsync((await from.RunAsync("export")).Output);
        pipe.Input.Close();
        var piped = await pipe.EndAsync();
        Assert.True(piped.ExitCode == 0, piped.Error);
        Assert.Equal("Nora", (await to.Client.GetEntityAsync(entity.Value.Id)).Entity.Name);
        Assert.Equal(453, (await to.Client.GetSummaryAsync()).Turns);

        var again = await to.RunAsync("import", file);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("0 sessions, 0 turns", again.Output, StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var refused = await to.RunAsync("import", file);
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("The export is not whole or not in order, nothing was imported.", refused.Error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
