using System.Globalization;
using System.Text.Json.Nodes;

namespace MemoryOrleans.Console.Tests;

/// <summary>
/// One memory for all tests that only read: a sample conversation, distilled, a memory with a history, a small graph, and
/// texts that would be markup in a page that is not careful. Tests that change something make what they change.
/// </summary>
public sealed class SeededMemory : IAsyncLifetime
{
    public const string User = "bakery";
    public const string Session = "bakery-s1";
    public const string HostileSession = "hostile";

    /// <summary>Fewer than the session has, so that turns leave its window.</summary>
    public const int WindowTurns = 11;

    /// <summary>Text that runs in a page that takes it for markup.</summary>
    public const string Markup = "<script>window.broken=1</script><img src=x onerror=\"window.broken=1\"><b>bold</b>";

    private static readonly DateTimeOffset Begin = new(2026, 3, 3, 9, 15, 0, TimeSpan.Zero);

    public RunningMemory Memory { get; private set; } = null!;

    /// <summary>A memory of three versions.</summary>
    public string Edited { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        Memory = await RunningMemory.StartAsync($"MEMORY_WM_MAX_TURNS={WindowTurns}");
        await SayAsync();
        var written = await Memory.PostAsync("v1/memories", new JsonObject
        {
            ["kind"] = "preference", ["content"] = "Nora takes her coffee black.", ["user_id"] = User, ["importance"] = 0.8,
            ["valid_from"] = "2026-03-01T08:00:00Z",
        });
        Edited = (string)written["id"]!;
        await Memory.PatchAsync($"v1/memories/{Edited}", new JsonObject { ["content"] = "Nora takes her coffee with milk." });
        await Memory.PatchAsync($"v1/memories/{Edited}", new JsonObject { ["importance"] = 0.9, ["valid_to"] = "2026-09-01T08:00:00Z" });
        await DrawAsync();
        await WriteMarkupAsync();
    }

    public async ValueTask DisposeAsync() => await Memory.DisposeAsync();

    public Task<JsonNode> WriteAsync(string content) =>
        Memory.PostAsync("v1/memories", new JsonObject { ["kind"] = "note", ["content"] = content, ["user_id"] = "writer" });

    private async Task SayAsync()
    {
        var samples = JsonNode.Parse(await File.ReadAllTextAsync(Checkout.PathOf("samples/conversations.json")))!;
        var conversations = samples["conversations"]!.AsArray();
        var sessions = conversations.Single(static one => (string)one!["id"]! == User)!["sessions"]!.AsArray();
        foreach (var (session, day) in sessions.Select(static (session, index) => (session!, index * 9)))
        {
            var name = $"{User}-{session["id"]}";
            var turns = session["turns"]!.AsArray().Select((turn, index) => (JsonNode)new JsonObject
            {
                ["id"] = (string)turn!["id"]!, ["role"] = "user", ["name"] = (string)turn["speaker"]!, ["content"] = (string)turn["text"]!,
                ["occurred_at"] = Begin.AddDays(day).AddSeconds(40 * index).ToString("O", CultureInfo.InvariantCulture),
            });
            await Memory.PostAsync($"v1/sessions/{name}/turns/batch", new JsonObject
            {
                ["user_id"] = User, ["agent_id"] = "sample", ["turns"] = new JsonArray([.. turns]),
            });
            await Memory.PostAsync($"v1/sessions/{name}/distill", new JsonObject());
        }
    }

    private async Task DrawAsync()
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        (string Name, string Type)[] entities =
        [
            ("Nora", "person"), ("Ilias", "person"), ("Petra", "person"), ("Gerald", "animal"), ("Domino", "animal"),
            ("The Second Rise", "company"), ("Brandt & Oxley", "company"), ("Tanner Lane", "place"), ("Deck oven", "thing"),
            ("Harbour half marathon", "event"),
        ];
        foreach (var (name, type) in entities)
            ids[name] = (string)(await Memory.PostAsync("v1/entities", new JsonObject { ["name"] = name, ["type"] = type }))["id"]!;
        (string From, string Type, string To)[] relations =
        [
            ("Nora", "owns", "The Second Rise"), ("Nora", "friend_of", "Ilias"),
            ("Nora", "niece_of", "Petra"), ("Nora", "keeps", "Gerald"),
            ("Ilias", "keeps", "Domino"), ("Nora", "worked_at", "Brandt & Oxley"), ("The Second Rise", "at", "Tanner Lane"),
            ("The Second Rise", "has", "Deck oven"),
            ("Ilias", "eats_at", "The Second Rise"), ("Ilias", "runs", "Harbour half marathon"),
        ];
        foreach (var (from, type, to) in relations)
            await Memory.PostAsync("v1/relations", new JsonObject { ["from_id"] = ids[from], ["to_id"] = ids[to], ["type"] = type });
        await Memory.PostAsync("v1/observations", new JsonObject
        {
            ["entity_id"] = ids["Nora"], ["content"] = "Left the shipping office to open a bakery",
        });
        await Memory.PostAsync("v1/observations", new JsonObject { ["entity_id"] = ids["Nora"], ["content"] = "Must not eat hazelnuts" });
    }

    private async Task WriteMarkupAsync()
    {
        await Memory.PostAsync($"v1/sessions/{HostileSession}/turns", new JsonObject
        {
            ["role"] = "user", ["name"] = "<i>Eve</i>", ["content"] = Markup, ["user_id"] = "eve",
        });
        await Memory.PostAsync("v1/memories", new JsonObject
        {
            ["kind"] = "note", ["content"] = Markup, ["user_id"] = "eve", ["metadata"] = new JsonObject { ["<script>"] = Markup },
        });
        var entity = await Memory.PostAsync("v1/entities", new JsonObject
        {
            ["name"] = Markup[..32], ["type"] = "thing", ["user_id"] = "eve",
        });
        var other = await Memory.PostAsync("v1/entities", new JsonObject { ["name"] = "Eve", ["type"] = "person", ["user_id"] = "eve" });
        await Memory.PostAsync("v1/relations", new JsonObject
        {
            ["from_id"] = (string)other["id"]!, ["to_id"] = (string)entity["id"]!, ["type"] = "wrote",
        });
        await Memory.PostAsync("v1/observations", new JsonObject { ["entity_id"] = (string)entity["id"]!, ["content"] = Markup });
    }
}
