using System.Diagnostics;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>The memory inside other people's programs: with grains of their own, and without knowing of Orleans.</summary>
public sealed class CoHostingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-cohosted-");

    private string Database => $"sqlite:{Path.Combine(folder.FullName, "memory.db")}";

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_sample_with_a_grain_of_its_own_appends_and_recalls()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "co-hosted.dll")])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName,
        };
        start.Environment["MEMORY_DATABASE_URL"] = Database;
        start.Environment["MEMORY_EMBEDDING_PROVIDER"] = "static";
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.Equal((0, string.Empty), (process.ExitCode, await wrong));
        Assert.Contains("Hubert", await said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_without_Orleans_gets_the_memory_in_one_line()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MEMORY_DATABASE_URL"] = Database, ["MEMORY_EMBEDDING_PROVIDER"] = "static",
        });
        await builder.AddMemoryAsync();
        using var host = builder.Build();
        await host.StartAsync();
        var memory = host.Services.GetRequiredService<IMemoryHost>();

        var key = new SessionKey("acme", "s");
        var turn = new TurnDraft(null, "user", null, "The spare key is under the blue flower pot.", null, null);
        Assert.True((await memory.Sessions.AppendAsync(new AppendCommand(key, "ada", null, [turn]), default)).IsSuccess);
        var recalled = await memory.Recall.RecallAsync(new RecallQuery("acme", "Where is the spare key?", 5, UserId: "ada"), default);

        Assert.Equal(turn.Content, recalled.Value.Items[0].Content);
        await host.StopAsync();
    }
}
