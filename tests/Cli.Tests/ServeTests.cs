namespace MemoryOrleans.Cli.Tests;

public sealed class ServeTests
{
    [Fact]
    public async Task All_settings_that_are_wrong_are_reported_at_once()
    {
        var ended = await MemoryProcess.RunAsync(
            ["MEMORY_URLS=http://0.0.0.0:8080", "MEMORY_DATABASE_URL=mysql:x", "MEMORY_WM_MAX_TURNS=0", "MEMORY_RECALL_CONCURRENCY=lots",
            "MEMORY_LOG_LEVEL=loud"], "serve");
        Assert.Equal((78, string.Empty), (ended.ExitCode, ended.Output));
        foreach (var name in new[] { "MEMORY_URLS", "MEMORY_DATABASE_URL", "MEMORY_WM_MAX_TURNS", "MEMORY_RECALL_CONCURRENCY",
            "MEMORY_LOG_LEVEL" })
            Assert.Contains($"\n  {name}: ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_the_same_database_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var second = await MemoryProcess.RunAsync(
            [$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={RunningServer.FreeAddress()}", "MEMORY_LOCK_SECONDS=0"], "serve");
        Assert.Equal((74, string.Empty), (second.ExitCode, second.Output));
        Assert.Contains("is in use by another process", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await server.RunAsync("health")).ExitCode);
    }

    [Fact]
    public async Task An_address_in_use_is_told_in_a_sentence()
    {
        await using var server = await RunningServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("memory-cli-");
        var second = await MemoryProcess.RunAsync([$"MEMORY_DATABASE_URL=sqlite:{folder}/memory.db", $"MEMORY_URLS={server.Address}"],
            "serve");
        folder.Delete(recursive: true);
        Assert.Equal(71, second.ExitCode);
        Assert.Equal($"Failed to bind to address {server.Address}: address already in use. MEMORY_URLS says where to listen.\n",
            second.Error);
        Assert.DoesNotContain("Exception", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task These_tests_take_no_other_server_at_the_address_for_one_that_has_ended()
    {
        await using var server = await RunningServer.StartAsync();
        using var ended = MemoryProcess.Start([$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={server.Address}",
            "MEMORY_LOCK_SECONDS=0"], "serve");
        await ended.EndAsync();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.WaitUntilReadyAsync(ended));
        Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningServer.StartAsync("MEMORY_WM_MAX_TURNS=0"));
        Assert.Contains("MEMORY_WM_MAX_TURNS", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(160)]
    [InlineData(300)]
    public async Task Too_few_file_handles_are_told_in_a_sentence(int handles)
    {
        var ended = await MemoryProcess.ServeWithHandlesAsync(handles, []);
        Assert.Equal((71, string.Empty), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"Only {handles} file handles may be open, and the memory needs ", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_in_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("memory-cli-");
        var ended = await MemoryProcess.RunAsync(
            [$"MEMORY_DATABASE_URL=sqlite:{folder}/memory.db", "MEMORY_API_KEYS=a-key-0123456789", "MEMORY_URLS=http://203.0.113.9:8080"],
            "serve");
        folder.Delete(recursive: true);
        Assert.Equal(71, ended.ExitCode);
        Assert.Contains("MEMORY_URLS says where to listen", Assert.Single(ended.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x1400000", 20)]
    [InlineData("0x3f00000", 63)]
    public async Task Too_little_memory_is_told_in_a_sentence(string limit, int mebibytes)
    {
        var folder = Directory.CreateTempSubdirectory("memory-cli-");
        var ended = await MemoryProcess.RunAsync(
            [$"MEMORY_DATABASE_URL=sqlite:{folder}/memory.db", $"MEMORY_URLS={RunningServer.FreeAddress()}",
            $"DOTNET_GCHeapHardLimit={limit}"], "serve");
        Assert.Equal(71, ended.ExitCode);
        Assert.StartsWith($"There is not enough memory to start: the heap may take {mebibytes} MiB", ended.Error, StringComparison.Ordinal);
        Assert.Empty(folder.EnumerateFiles());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_SIGTERM_ends_it_gracefully_and_what_was_stored_is_there_afterwards()
    {
        await using var server = await RunningServer.StartAsync();
        await server.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"));
        server.Process.Terminate();
        var ended = await server.Process.EndAsync();
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));

        using var again = MemoryProcess.Start([$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={server.Address}"], "serve");
        await server.WaitUntilReadyAsync(again);
        Assert.Equal(12, (await server.Client.GetSummaryAsync()).Turns);
    }

    [Fact]
    public async Task The_settings_of_other_commands_are_no_misspellings()
    {
        await using var server =
            await RunningServer.StartAsync("MEMORY_BASE_URL=http://127.0.0.1:1", "MEMORY_API_KEY=k", "MEMORY_WM_MAX_TURN=5");
        await server.RunAsync("health");
        Assert.Contains("did you mean MEMORY_WM_MAX_TURNS?", server.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("MEMORY_BASE_URL", server.Process.Output, StringComparison.Ordinal);
    }
}
