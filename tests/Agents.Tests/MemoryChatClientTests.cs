using MemoryOrleans.Contracts;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Agents.Tests;

public sealed class MemoryChatClientTests(RealMemory fixture) : IClassFixture<RealMemory>
{
    private readonly MemoryState state = MemoryState.ForUser("u" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_conversation_that_is_sent_whole_each_time_is_stored_once()
    {
        using var model = new ScriptedModel(static sent => $"Answer to {sent[^1].Text}");
        using var client = new ChatClientBuilder(model).UseMemory(fixture.Client, options => options.StateOf = _ => state).Build();
        var conversation = new List<ChatMessage>();
        foreach (var text in new[] { "one", "yes", "yes" })
        {
            conversation.Add(new ChatMessage(ChatRole.User, text));

            // A front end that keeps texts alone.
            var answer = await client.GetResponseAsync(conversation);
            conversation.Add(new ChatMessage(ChatRole.Assistant, answer.Text));
        }

        Assert.Equal(
            ["user: one", "assistant: Answer to one", "user: yes", "assistant: Answer to yes", "user: yes", "assistant: Answer to yes"],
            await fixture.SaidAsync(state.Storage.SessionId!));
    }

    [Fact]
    public async Task A_conversation_of_more_than_a_request_takes_is_stored_in_several()
    {
        const int turns = 90;
        var conversation = Enumerable.Range(0, turns - 1).Select(static i => new ChatMessage(
            i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i:d2}".PadRight(100_000, 'x'))).ToList();
        using var model = new ScriptedModel(static _ => "Well.");
        using var client = new ChatClientBuilder(model).UseMemory(fixture.Client, options => options.StateOf = _ => state).Build();
        for (var round = 0; round < 2; round++)
            await client.GetResponseAsync(conversation);
        var said = await fixture.SaidAsync(state.Storage.SessionId!);
        Assert.Equal([.. Enumerable.Range(0, turns - 1).Select(static i => $"{i:d2}"), "Well"],
            said.Select(static text => text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimEnd('x', '.')));
    }

    [Fact]
    public async Task Where_the_service_keeps_the_conversation_the_same_words_are_stored_again()
    {
        using var model = new ScriptedModel(static _ => "Fine.");
        using var client = new ChatClientBuilder(model).UseMemory(fixture.Client, options => options.StateOf = _ => state).Build();
        await client.GetResponseAsync("yes", new ChatOptions { ConversationId = "kept-by-the-service" });
        await client.GetResponseAsync("yes", new ChatOptions { ConversationId = "kept-by-the-service" });
        Assert.Equal(["user: yes", "assistant: Fine.", "user: yes", "assistant: Fine."], await fixture.SaidAsync(state.Storage.SessionId!));
    }

    [Fact]
    public async Task It_recalls_and_streams_and_stores_what_was_streamed_to_the_end()
    {
        await fixture.Client.WriteMemoryAsync(new WriteMemoryRequest { Kind = "note", Content = "The sauna is heated on Fridays.",
            UserId = state.Search.UserId });
        using var model = new ScriptedModel(static _ => "On Fridays.");
        using var client = new ChatClientBuilder(model).UseMemory(fixture.Client, options => options.StateOf = _ => state).Build();
        var heard = string.Empty;
        await foreach (var update in client.GetStreamingResponseAsync("When is the sauna heated?"))
            heard += update.Text;

        Assert.Equal("On Fridays.", heard);
        Assert.Equal([ChatRole.User, ChatRole.User], model.Seen[0].Select(static each => each.Role));
        Assert.Contains("heated on Fridays", model.Seen[0][0].Text, StringComparison.Ordinal);
        Assert.Equal(["user: When is the sauna heated?", "assistant: On Fridays."], await fixture.SaidAsync(state.Storage.SessionId!));
    }

    [Fact]
    public async Task A_call_may_carry_its_own_state_and_without_one_there_is_no_memory()
    {
        using var model = new ScriptedModel(static _ => "Fine.");
        using var client = new ChatClientBuilder(model).UseMemory(fixture.Client, static _ => { }).Build();
        await client.GetResponseAsync("Forget this.");
        await client.GetResponseAsync("Keep this.",
            new ChatOptions { AdditionalProperties = new AdditionalPropertiesDictionary { [MemoryChatOptions.StateProperty] = state } });
        Assert.Equal(["user: Keep this.", "assistant: Fine."], await fixture.SaidAsync(state.Storage.SessionId!));
    }

    [Fact]
    public async Task One_line_registers_it_all()
    {
        await using var services = new ServiceCollection()
            .AddAgentMemory(connect => connect.Address = fixture.Address, context => context.NewState = _ => state)
            .AddSingleton<IChatClient>(static each => new ChatClientBuilder(new ScriptedModel(static _ => "Fine."))
            .UseMemory(static _ => { }).Build(each))
            .BuildServiceProvider();
        var agent = new ChatClientAgent(services.GetRequiredService<IChatClient>(),
            new ChatClientAgentOptions { AIContextProviders = [services.GetRequiredService<MemoryContextProvider>()] });
        await agent.RunAsync("Hello", await agent.CreateSessionAsync());
        Assert.Equal(2, (await fixture.SaidAsync(state.Storage.SessionId!)).Count);
        Assert.NotNull(services.GetRequiredService<MemoryChatHistoryProvider>());
    }
}
