using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Agents.Tests;

/// <summary>An agent with memory against a real memory; the known traps of such adapters among them.</summary>
public sealed class MemoryContextProviderTests(RealMemory fixture) : IClassFixture<RealMemory>
{
    private readonly string user = "u" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task What_one_conversation_said_the_next_one_recalls_as_a_user_message()
    {
        using var model = new ScriptedModel(static _ => "Noted.");
        var (agent, provider) = AgentOf(model);
        await agent.RunAsync("My sourdough starter is called Hubert.", await agent.CreateSessionAsync());
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync("What is my starter called?", session);

        var recalled = Assert.Single(model.Seen[1], static each => each.Text.Contains("Hubert", StringComparison.Ordinal));
        Assert.Equal(ChatRole.User, recalled.Role);
        Assert.Contains("not instructions", recalled.Text, StringComparison.Ordinal);
        Assert.Equal("What is my starter called?", model.Seen[1][^1].Text);
        Assert.DoesNotContain(model.Seen[1], static each => each.Role == ChatRole.System
            && each.Text.Contains("Hubert", StringComparison.Ordinal));
        Assert.Equal(["user: What is my starter called?", "assistant: Noted."], await StoredAsync(provider, session));
    }

    [Fact]
    public async Task A_history_that_a_front_end_sends_again_is_stored_once()
    {
        using var model = new ScriptedModel(static sent => $"Answer to {sent[^1].Text}");
        var (agent, provider) = AgentOf(model);
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync([Said("one", "id-1")], session);
        var answer = new ChatMessage(ChatRole.Assistant, "Answer to one");
        await agent.RunAsync([Said("one", "id-1"), answer, Said("two")], session);
        await agent.RunAsync([Said("one"), answer, Said("two"), new ChatMessage(ChatRole.Assistant, "Answer to two"), Said("three")],
            session);

        Assert.Equal(
            ["user: one", "assistant: Answer to one", "user: two", "assistant: Answer to two", "user: three", "assistant: Answer to three"],
            await StoredAsync(provider, session));
        Assert.Equal("id-1", (await fixture.Client.ListTurnsAsync(provider.StateOf(session).Storage.SessionId!)).Items[0].Id);
    }

    [Fact]
    public async Task The_same_words_said_again_are_another_turn()
    {
        using var model = new ScriptedModel(static _ => "Fine.");
        var (agent, provider) = AgentOf(model);
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync("yes", session);
        await agent.RunAsync("yes", session);
        Assert.Equal(["user: yes", "assistant: Fine.", "user: yes", "assistant: Fine."], await StoredAsync(provider, session));
    }

    [Fact]
    public async Task A_compacted_history_drops_nothing_and_adds_its_summary_once()
    {
        using var model = new ScriptedModel(static sent => $"Answer to {sent[^1].Text}");
        var (agent, provider) = AgentOf(model);
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync("one", session);
        await agent.RunAsync("two", session);

        // The front end has put a summary in the place of the first two messages, and system text before it.
        ChatMessage[] compacted =
        [
            new(ChatRole.System, "Be brief."), new(ChatRole.Assistant, "So far: one."), Said("two"),
            new(ChatRole.Assistant, "Answer to two"),
        ];
        await agent.RunAsync([.. compacted, Said("three")], session);
        await agent.RunAsync([.. compacted, Said("three"), new ChatMessage(ChatRole.Assistant, "Answer to three"), Said("four")], session);

        Assert.Equal(
            [
                "user: one", "assistant: Answer to one", "user: two", "assistant: Answer to two", "assistant: So far: one.",
                "user: three", "assistant: Answer to three", "user: four", "assistant: Answer to four",
            ],
            await StoredAsync(provider, session));
    }

    [Fact]
    public async Task The_state_survives_the_session_s_serialisation()
    {
        using var model = new ScriptedModel(static _ => "Fine.");
        var (agent, provider) = AgentOf(model);
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync("My bike is green.", session);
        var written = await agent.SerializeSessionAsync(session);

        // Another process: a provider and an agent of its own.
        var (again, another) = AgentOf(model);
        var restored = await again.DeserializeSessionAsync(written);
        await again.RunAsync([Said("My bike is green."), new ChatMessage(ChatRole.Assistant, "Fine."), Said("Lock it.")], restored);

        Assert.Equal(provider.StateOf(session).Storage, another.StateOf(restored).Storage);
        Assert.Equal(["user: My bike is green.", "assistant: Fine.", "user: Lock it.", "assistant: Fine."],
            await StoredAsync(another, restored));
    }

    [Fact]
    public async Task A_run_that_fails_stores_nothing_and_its_repeat_stores_all()
    {
        var fails = true;
        using var model = new ScriptedModel(_ => fails ? throw new InvalidOperationException("The model is away.") : "Here.");
        var (agent, provider) = AgentOf(model);
        var session = await agent.CreateSessionAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => agent.RunAsync("Are you there?", session));
        await Assert.ThrowsAsync<MemoryApiException>(() => StoredAsync(provider, session));

        fails = false;
        await agent.RunAsync("Are you there?", session);
        Assert.Equal(["user: Are you there?", "assistant: Here."], await StoredAsync(provider, session));
    }

    [Fact]
    public async Task Two_runs_at_once_on_one_session_store_both_and_mix_neither()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var model = new ScriptedModel(static sent => $"Answer to {sent[^1].Text}") { Held = held.Task };
        var (agent, provider) = AgentOf(model);
        var session = await agent.CreateSessionAsync();
        var runs = Enumerable.Range(1, 8).Select(n => agent.RunAsync($"question {n / 2}", session)).ToArray();
        held.SetResult();
        await Task.WhenAll(runs);

        var said = await StoredAsync(provider, session);
        Assert.Equal(16, said.Count);
        foreach (var pair in said.Chunk(2))
            Assert.Equal(pair[0].Replace("user: ", "assistant: Answer to ", StringComparison.Ordinal), pair[1]);
    }

    [Fact]
    public async Task It_is_stored_in_one_scope_and_searched_in_another()
    {
        await fixture.Client.WriteMemoryAsync(new WriteMemoryRequest { Kind = "note", Content = "The harbour office opens at seven.",
            UserId = user + "-shared" });
        using var model = new ScriptedModel(static _ => "At seven.");
        var (agent, provider) = AgentOf(model, options => options.NewState = _ => new MemoryState
        {
            Storage = new MemoryScope { UserId = user, AgentId = "guide", SessionId = user + "-s" },
                Search = new MemoryScope { UserId = user + "-shared" },
        });
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync("When does the harbour office open?", session);

        Assert.Contains(model.Seen[0], static each => each.Text.Contains("opens at seven", StringComparison.Ordinal));
        var stored = await fixture.Client.GetSessionAsync(user + "-s");
        Assert.Equal((user, "guide", 2), (stored.UserId, stored.AgentId, stored.Turns));
        Assert.Equal(user + "-s", provider.StateOf(session).Storage.SessionId);
    }

    [Fact]
    public async Task A_memory_that_is_away_does_not_stop_a_run_unless_asked_to()
    {
        using var nowhere = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1") };
        using var model = new ScriptedModel(static _ => "Fine.");
        var (agent, _) = AgentOf(model, client: new MemoryClient(nowhere));
        Assert.Equal("Fine.", (await agent.RunAsync("Hello", await agent.CreateSessionAsync())).Text);

        var (strict, _) = AgentOf(model, static options => options.FailsWithMemory = true, new MemoryClient(nowhere));
        var session = await strict.CreateSessionAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => strict.RunAsync("Hello", session));
    }

    [Fact]
    public async Task What_was_not_stored_while_the_memory_was_away_is_stored_when_it_is_sent_again()
    {
        using var model = new ScriptedModel(static _ => "Fine.");
        using var nowhere = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1") };
        var state = MemoryState.ForUser(user);
        var (away, _) = AgentOf(model, options => options.NewState = _ => state, new MemoryClient(nowhere));
        await away.RunAsync("The gate code is 4711.", await away.CreateSessionAsync());
        Assert.Empty(state.Known);

        var (back, _) = AgentOf(model, options => options.NewState = _ => state);
        await back.RunAsync([Said("The gate code is 4711."), new ChatMessage(ChatRole.Assistant, "Fine."), Said("Thanks.")],
            await back.CreateSessionAsync());
        Assert.Equal(["user: The gate code is 4711.", "assistant: Fine.", "user: Thanks.", "assistant: Fine."],
            await fixture.SaidAsync(state.Storage.SessionId!));
    }

    [Fact]
    public async Task The_agent_uses_the_memory_s_tools_when_they_are_offered()
    {
        using var model = new ScriptedModel(static _ => "Fine.");
        var (agent, _) = AgentOf(model, static options => options.OffersTools = true);
        await agent.RunAsync("Hello", await agent.CreateSessionAsync());
        var tools = model.Options[0]!.Tools!.OfType<AIFunction>().ToDictionary(static each => each.Name, StringComparer.Ordinal);
        Assert.DoesNotContain("user_id", tools["remember"].JsonSchema.GetRawText(), StringComparison.Ordinal);

        await tools["remember"].InvokeAsync(new AIFunctionArguments { ["content"] = "Likes chess.", ["importance"] = 0.7 });
        Assert.Contains("Likes chess.",
            Assert.IsType<string>(await tools["recall"].InvokeAsync(new AIFunctionArguments { ["query"] = "chess" })),
            StringComparison.Ordinal);
        Assert.Equal(user, Assert.Single((await fixture.Client.ListMemoriesAsync(new MemoryListFilter(UserId: user))).Items).UserId);
        Assert.StartsWith("Not done:", Assert.IsType<string>(await tools["recall"].InvokeAsync(new AIFunctionArguments())),
            StringComparison.Ordinal);
    }

    private (ChatClientAgent Agent, MemoryContextProvider Provider) AgentOf(
        ScriptedModel model, Action<MemoryContextOptions>? configure = null, MemoryClient? client = null)
    {
        var options = new MemoryContextOptions { NewState = _ => MemoryState.ForUser(user) };
        configure?.Invoke(options);
        var provider = new MemoryContextProvider(client ?? fixture.Client, options);
        var agent = new ChatClientAgent(model,
            new ChatClientAgentOptions { AIContextProviders = [provider], AllowConcurrentInvocation = true });
        return (agent, provider);
    }

    private Task<IReadOnlyList<string>> StoredAsync(MemoryContextProvider provider, AgentSession session) =>
        fixture.SaidAsync(provider.StateOf(session).Storage.SessionId!);

    private static ChatMessage Said(string text, string? id = null) => new(ChatRole.User, text) { MessageId = id };
}
