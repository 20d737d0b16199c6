using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

/// <summary>The commands with which a person looks around in a memory and puts it right, over the quick start's two sessions.</summary>
public sealed class LookingAroundTests(QuickStart fixture) : IClassFixture<QuickStart>
{
    private readonly RunningServer server = fixture.Server;

    [Fact]
    public async Task Sessions_are_listed_shown_read_page_by_page_and_deleted()
    {
        await server.Client.AppendAsync("old", new AppendTurnRequest { Role = "user", Content = "Nothing of note.", UserId = "otto" });
        var listed = await OutputAsync("sessions", "list", "--user", "otto");
        Assert.Contains("│ old ", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", listed, StringComparison.Ordinal);
        Assert.Equal(7, (await JsonAsync("sessions", "show", "hello")).GetProperty("turns").GetInt64());

        var first = await server.RunAsync("sessions", "turns", "hello", "--limit", "2");
        Assert.Contains("tortoise", first.Output, StringComparison.Ordinal);
        var cursor = first.Error.Split("--cursor ")[1].Trim();
        Assert.Equal(3, (await JsonAsync("sessions", "turns", "hello", "--cursor", cursor, "--limit", "1")).GetProperty("items")[0]
            .GetProperty("seq").GetInt64());

        var unasked = await server.RunAsync("sessions", "delete", "old");
        Assert.Equal(2, unasked.ExitCode);
        Assert.Contains("1 turn, 0 memories", unasked.Error, StringComparison.Ordinal);
        await OutputAsync("sessions", "delete", "old", "--yes");
        var gone = await server.RunAsync("sessions", "show", "old");
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("404", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bench_tells_of_appends_and_recalls_and_leaves_nothing()
    {
        var before = (await server.Client.ListSessionsAsync()).Items.Count;
        var measured = await JsonAsync("bench", "--seconds", "1", "--workers", "2");
        var calls = measured.GetProperty("calls").EnumerateArray().ToArray();
        Assert.Equal(["append", "recall"], calls.Select(static each => each.GetProperty("call").GetString()));
        Assert.All(calls, static each =>
        {
            Assert.InRange(each.GetProperty("answered").GetInt64(), 1, long.MaxValue);
            Assert.InRange(each.GetProperty("p50").GetDouble(), 0.01, each.GetProperty("p99").GetDouble());
        });
        Assert.Equal(before, (await server.Client.ListSessionsAsync()).Items.Count);
        Assert.Contains("recall", await OutputAsync("bench", "--seconds", "1", "--workers", "1"), StringComparison.Ordinal);
        Assert.Equal(2, (await server.RunAsync("bench", "--workers", "65")).ExitCode);
    }

    [Fact]
    public async Task The_context_is_the_block_for_a_prompt()
    {
        Assert.Contains("Tuesdays", await OutputAsync("context", "awake"), StringComparison.Ordinal);
        var asked = await JsonAsync("context", "awake", "What", "does", "Pascal", "eat?", "--max-tokens", "200");
        Assert.InRange(asked.GetProperty("tokens").GetInt32(), 1, 200);
        Assert.Contains("dandelions", asked.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memories_are_listed_edited_undone_and_deleted()
    {
        var id = (await server.Client.WriteMemoryAsync(
            new WriteMemoryRequest { Kind = "note", Content = "Yusuf builds ramps.", UserId = "yusuf" })).Value.Id;
        Assert.Contains("Yusuf builds ramps.", await OutputAsync("memories", "list", "--user", "yusuf"), StringComparison.Ordinal);
        Assert.Equal(2, (await server.RunAsync("memories", "edit", id)).ExitCode);
        Assert.Equal(1, (await server.RunAsync("memories", "edit", id, "--content", "x", "--if-version", "7")).ExitCode);
        var edited = await JsonAsync("memories", "edit", id, "--content", "Yusuf builds boats.", "--pinned", "yes", "--if-version", "1");
        Assert.Equal((2, true), (edited.GetProperty("version").GetInt32(), edited.GetProperty("pinned").GetBoolean()));
        await OutputAsync("memories", "undo", id);
        Assert.Contains("Yusuf builds ramps.", await OutputAsync("memories", "show", id), StringComparison.Ordinal);
        Assert.Equal(3, (await JsonAsync("memories", "history", id)).GetProperty("items").GetArrayLength());

        var unasked = await server.RunAsync("memories", "delete", id);
        Assert.Equal(2, unasked.ExitCode);
        Assert.Contains("3 versions", unasked.Error, StringComparison.Ordinal);
        await OutputAsync("memories", "delete", id, "--yes");
        Assert.Empty((await server.Client.ListMemoriesAsync(new(UserId: "yusuf"))).Items);
    }

    [Fact]
    public async Task Entities_are_listed_and_shown_with_observations_and_relations()
    {
        var pascal = (await server.Client.UpsertEntityAsync(new EntityRequest { Name = "Pascal", Type = "tortoise" })).Value.Id;
        var mira = (await server.Client.UpsertEntityAsync(new EntityRequest { Name = "Mira", Type = "person" })).Value.Id;
        await server.Client.AddObservationsAsync(new ObservationsRequest { EntityId = pascal, Content = "Is sixty-one." });
        await server.Client.AddRelationAsync(new RelationRequest { FromId = mira, ToId = pascal, Type = "keeps" });
        var listed = await OutputAsync("entities", "list", "--type", "tortoise");
        Assert.Contains(pascal, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(mira, listed, StringComparison.Ordinal);
        Assert.Contains("Is sixty-one.", await OutputAsync("entities", "show", pascal), StringComparison.Ordinal);
        Assert.Matches(@"Mira\s+│ keeps\s+│ Pascal", await OutputAsync("entities", "relations", pascal));
        Assert.Equal("keeps", (await JsonAsync("entities", "relations", mira)).GetProperty("relations")[0].GetProperty("relation")
            .GetProperty("type").GetString());
    }

    [Fact]
    public async Task Tenants_are_shown_and_their_quota_is_set_and_taken_away()
    {
        await server.Client.SetTenantAsync("default", new TenantSettingsRequest { RecallsPerMinuteMax = 90_000 });
        Assert.Equal(60_000, (await JsonAsync("tenants", "set", "default", "--turns-per-minute", "60000"))
            .GetProperty("turns_per_minute_max").GetInt32());
        Assert.Contains("60,000", await OutputAsync("tenants", "show", "default"), StringComparison.Ordinal);
        await OutputAsync("tenants", "set", "default", "--turns-per-minute", "none");
        Assert.Contains("as many as can be", await OutputAsync("tenants", "list"), StringComparison.Ordinal);
        Assert.Equal(90_000, (await server.Client.GetTenantAsync("default")).RecallsPerMinuteMax);
        Assert.Equal("""["secrets","cards"]""",
            (await JsonAsync("tenants", "set", "default", "--redact", "cards,secrets")).GetProperty("redact").GetRawText());
        Assert.Contains("secrets, cards", await OutputAsync("tenants", "show", "default"), StringComparison.Ordinal);
        Assert.Equal("[]", (await JsonAsync("tenants", "set", "default", "--redact", "none")).GetProperty("redact").GetRawText());
        Assert.Contains("as the service says", await OutputAsync("tenants", "set", "default", "--redact", "default"),
            StringComparison.Ordinal);
        Assert.Contains("secrets, emails", (await server.RunAsync("tenants", "set", "default", "--redact", "card")).Error,
            StringComparison.Ordinal);
        Assert.Equal(2, (await server.RunAsync("tenants", "erase", "nobody")).ExitCode);
        Assert.Contains("of the tenant nobody: done.", await OutputAsync("tenants", "erase", "nobody", "--yes"), StringComparison.Ordinal);
        Assert.Equal("done", (await JsonAsync("tenants", "erase", "nobody", "--certificate")).GetProperty("state").GetString());
        Assert.Contains("Say what is to be set", (await server.RunAsync("tenants", "set", "default")).Error, StringComparison.Ordinal);
        await server.Client.SetTenantAsync("default", new TenantSettingsRequest());
        var wrong = await server.RunAsync("tenants", "set", "default", "--turns-per-minute", "0");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("1 to 10000000", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_names_what_fits_and_each_shell_has_its_script()
    {
        foreach (var shell in new[] { "bash", "zsh", "fish" })
            Assert.Contains("[suggest:", (await MemoryProcess.RunAsync([], "completion", shell)).Output, StringComparison.Ordinal);
        var found = await MemoryProcess.RunAsync([], "[suggest:17]", "memory sessions l");
        Assert.Contains("list", found.Output.Split('\n'));
        Assert.Equal(2, (await MemoryProcess.RunAsync([], "completion", "tcsh")).ExitCode);
    }

    [Fact]
    public async Task The_tour_runs_to_its_end_in_one_process_and_leaves_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("memory-tour-");
        var ended = await MemoryProcess.RunAsync([$"TMPDIR={folder.FullName}"], "try");
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
        foreach (var part in new[] { "12 turns stored", "Tuesdays", "7 of 7", "done, 12 turns", "Nothing found", "the database is gone" })
            Assert.Contains(part, ended.Output, StringComparison.Ordinal);
        Assert.Empty(folder.GetDirectories("memory-try-*"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_doctor_says_what_is_wrong_and_what_to_do()
    {
        var well = await MemoryProcess.RunAsync(
            [$"MEMORY_BASE_URL={server.Address}", $"MEMORY_URLS={server.Address}", $"MEMORY_DATABASE_URL={server.DatabaseUrl}"], "doctor",
            "--json");
        Assert.Equal(0, well.ExitCode);
        using var items = JsonDocument.Parse(well.Output);
        var checks = items.RootElement.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("check").GetString())
            .ToList();
        Assert.Equal(["settings", "store", "schema", "embedder", "memory", "clock", "disk", "ports"], checks);

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "This is a letter, and no database at all.");
        string[] settings = [$"MEMORY_BASE_URL={RunningServer.FreeAddress()}", $"MEMORY_URLS={server.Address}",
            $"MEMORY_DATABASE_URL=sqlite:{file}", "MEMORY_WM_MAX_TURNS=0"];
        var ill = await MemoryProcess.RunAsync(settings, "doctor");
        File.Delete(file);
        Assert.Equal(1, ill.ExitCode);
        foreach (var part in new[] { "MEMORY_WM_MAX_TURNS", "memory restore", "cannot be listened on", "nothing answers", "memory serve" })
            Assert.Contains(part, string.Join(' ', ill.Output.Split([' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries)),
                StringComparison.Ordinal);
    }

    private async Task<string> OutputAsync(params string[] command)
    {
        var ended = await server.RunAsync(command);
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
        return ended.Output;
    }

    private async Task<JsonElement> JsonAsync(params string[] command)
    {
        var ended = await server.RunAsync([.. command, "--json"]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return JsonSerializer.Deserialize<JsonElement>(ended.Output);
    }
}
