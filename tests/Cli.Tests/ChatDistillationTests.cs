using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory serve</c> with MEMORY_CHAT_* set, over the wire to a scripted model.</summary>
public sealed class ChatDistillationTests
{
    private const string Key = "sk-secret-key-0123456789";

    private const string Answer =
        """
        {"episodes": [{"episode": 1, "summary": "Mia is allergic to peanuts and moved to Lisbon.", "topics": ["allergies"], "entities": ["Mia", "Lisbon"], "importance": 0.8}],
         "facts": [{"content": "Mia is allergic to peanuts.", "turns": [1], "importance": 0.9},
                   {"content": "Mia is the president of France.", "turns": [1], "importance": 1},
                   {"content": "Mia moved to Lisbon.", "turns": [2, 77], "importance": 1}]}
        """;

    [Fact]
    public async Task A_session_is_distilled_by_the_model_and_its_facts_cite_turns()
    {
        await using var model = await ScriptedChat.StartAsync(static _ => new ChatReply(Answer));
        await using var server = await StartAsync(model);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        await TellAsync(http);
        using var distilled = await http.PostAsync("/v1/sessions/s/distill", null);
        Assert.Equal(HttpStatusCode.OK, distilled.StatusCode);

        var memories = await ListAsync(http);
        var episode = memories.Single(static each => each.GetProperty("kind").GetString() == "episode");
        Assert.Equal("Mia is allergic to peanuts and moved to Lisbon.", episode.GetProperty("content").GetString());
        Assert.Equal("chat-1 distil.v1 scripted-1", episode.GetProperty("origin").GetString());
        var fact = memories.Single(static each => each.GetProperty("content").GetString() == "Mia is allergic to peanuts.");
        Assert.Equal(("chat-1 distil.v1 scripted-1", "t1"),
            (fact.GetProperty("origin").GetString(), fact.GetProperty("sources")[0].GetProperty("turn_id").GetString()));
        Assert.All(memories, static each =>
            Assert.All(each.GetProperty("sources").EnumerateArray(),
            static source => Assert.InRange(source.GetProperty("seq").GetInt64(), 1, 3)));
        Assert.DoesNotContain(memories,
            static each => each.GetProperty("content").GetString()!.Contains("president", StringComparison.Ordinal));
        Assert.Equal($"Bearer {Key}", Assert.Single(model.Seen).Authorization);
        Assert.DoesNotContain(Key, server.Process.Output + server.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Appends_and_recalls_do_not_wait_for_a_model_that_hangs()
    {
        await using var model = await ScriptedChat.StartAsync(static _ => new ChatReply(null) { Hangs = true });
        await using var server = await StartAsync(model);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        await TellAsync(http);
        using var closed = await http.PostAsync("/v1/sessions/s/close", null);
        await model.WhenAsked;

        await TellAsync(http, "other");
        using var recalled = await http.PostAsJsonAsync("/v1/recall", new { query = "What is Mia allergic to?", user_id = "mia" });
        var answer = await recalled.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("peanuts", answer.GetProperty("items")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_model_that_contradict_are_reported_by_name_without_the_key()
    {
        var ended = await MemoryProcess.RunAsync(
            ["MEMORY_CHAT_MODEL_NAME=m", "MEMORY_CHAT_BASE_URL=ftp://x", "MEMORY_CHAT_API_KEY=sk bad", "MEMORY_CHAT_TIMEOUT_SECONDS=49",
            "MEMORY_CHAT_MAX_INPUT_TOKENS=1"], "serve");
        Assert.Equal(78, ended.ExitCode);
        foreach (var name in new[] { "MEMORY_CHAT_BASE_URL", "MEMORY_CHAT_API_KEY", "MEMORY_CHAT_TIMEOUT_SECONDS",
            "MEMORY_CHAT_MAX_INPUT_TOKENS" })
            Assert.Contains($"\n  {name}: ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk bad", ended.Error, StringComparison.Ordinal);

        var leftover = await MemoryProcess.RunAsync([$"MEMORY_CHAT_API_KEY={Key}"], "serve");
        Assert.Contains("MEMORY_CHAT_API_KEY: has no use without MEMORY_CHAT_MODEL_NAME", leftover.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, leftover.Error, StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartAsync(ScriptedChat model) =>
        RunningServer.StartAsync($"MEMORY_CHAT_BASE_URL={model.Url}", "MEMORY_CHAT_MODEL_NAME=scripted-1", $"MEMORY_CHAT_API_KEY={Key}");

    private static async Task TellAsync(HttpClient http, string session = "s")
    {
        var turns = new[]
        {
            new { id = "t1", role = "user", name = (string?)"Mia", content = "I am allergic to peanuts." },
            new { id = "t2", role = "user", name = (string?)"Mia", content = "I moved to Lisbon last week." },
            new { id = "t3", role = "assistant", name = (string?)null, content = "How lovely!" },
        };
        using var told = await http.PostAsJsonAsync($"/v1/sessions/{session}/turns/batch", new { user_id = "mia", turns });
        Assert.Equal(HttpStatusCode.Created, told.StatusCode);
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient http)
    {
        var memories = new List<JsonElement>();
        foreach (var status in new[] { "active", "candidate" })
            memories.AddRange((await http.GetFromJsonAsync<JsonElement>($"/v1/memories?user_id=mia&status={status}")).GetProperty("items")
                .EnumerateArray());
        return memories;
    }
}
