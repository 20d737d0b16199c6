using System.Net;
using System.Text.Json;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Log lines in files, as they are read back.</summary>
[Collection(Alone.Name)]
public sealed class LogFileTests : IDisposable
{
    private const int BytesMax = 1024 * 1024;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-logs-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Each_line_is_json_with_its_request_and_holds_nothing_of_what_was_said()
    {
        await using (var gateway = await StartAsync("MEMORY_LOG_LEVEL=debug"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "v1/sessions/logged/turns"))
            {
                Content = new StringContent("""{"role":"user","content":"Quetzalcoatl is my password"}""", null, "application/json"),
            };
            request.Headers.Add("X-Request-Id", "request-of-the-log");
            using var answer = await gateway.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            await gateway.PostAsync("/v1/recall", """{"query":"Quetzalcoatl"}""");
        }

        var text = ReadAll();
        Assert.DoesNotContain("Quetzalcoatl", text, StringComparison.Ordinal);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        Assert.All(lines, static line => Assert.True(line.TryGetProperty("@t", out _) && line.TryGetProperty("@m", out _)));
        Assert.Contains(lines, static line => line.ToString().Contains("request-of-the-log", StringComparison.Ordinal)
            && line.GetProperty("@m").GetString()!.Contains("201", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_hold_no_line_below_the_level()
    {
        await using (var gateway = await StartAsync("MEMORY_LOG_LEVEL=information"))
            await gateway.PostAsync("/v1/sessions/logged/turns", """{"role":"user","content":"Hello."}""");

        var lines = ReadAll().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, static line =>
            JsonElement.Parse(line).TryGetProperty("@l", out var level) && level.GetString() is "Debug" or "Verbose");
    }

    [Fact]
    public async Task A_full_file_is_followed_by_another_and_only_the_newest_are_kept()
    {
        await using (var gateway =
            await StartAsync("MEMORY_LOG_LEVEL=information", "MEMORY_LOG_FILE_MEGABYTES=1", "MEMORY_LOG_FILES_MAX=2"))
        {
            var log = gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MemoryOrleans.Test");
            var kilobyte = new string('x', 1024);
            for (var i = 0; i < 4 * 1024; i++)
                log.LogInformation("{Number} {Filling}", i, kilobyte);
        }

        Assert.Equal(2, Files().Length);
        Assert.All(Files(), static file => Assert.InRange(new FileInfo(file).Length, 1, 2 * BytesMax));
        Assert.Contains(Files(), static file => File.ReadAllText(file).Contains("\"Number\":4095", StringComparison.Ordinal));
        Assert.DoesNotContain(Files(), static file => File.ReadAllText(file).Contains("\"Number\":0,", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_said_by_the_name_of_its_setting()
    {
        var file = Path.Combine(folder.FullName, "a-file");
        File.WriteAllText(file, string.Empty);
        var read = new MemorySettings(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("MEMORY_LOG_FOLDER", (string?)file)]).Build());
        GatewayOptions.Read(read);
        Assert.StartsWith("MEMORY_LOG_FOLDER: cannot be written to", Assert.Single(read.Errors), StringComparison.Ordinal);
    }

    private Task<RunningGateway> StartAsync(params string[] settings) =>
        RunningGateway.StartAsync([$"MEMORY_LOG_FOLDER={folder.FullName}", .. settings]);

    /// <summary>One file, or two where midnight passes meanwhile.</summary>
    private string ReadAll() => string.Concat(Files().Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private string[] Files() => Directory.GetFiles(folder.FullName, "memory-*.json");
}
