using MemoryOrleans.Samples.Agent;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Agents.Tests;

public sealed class SampleAgentTests(RealMemory fixture) : IClassFixture<RealMemory>
{
    [Fact]
    public async Task The_sample_agent_remembers_from_one_run_to_the_next()
    {
        // Over the wire: it answers with what it was told of bees, if it was told.
        await using var model = await ScriptedChat.StartAsync(static seen => new ChatReply(
            seen.Body["messages"]!.ToJsonString().Contains("bees", StringComparison.Ordinal) ? "You keep bees." : "I do not know."));
        var user = "u" + Guid.NewGuid().ToString("N");
        Assert.Equal("I do not know.", await AnswerAsync(model, user, "What do I keep?"));
        Assert.Equal("You keep bees.", await AnswerAsync(model, user, "I keep bees in the orchard."));
        Assert.Equal("You keep bees.", await AnswerAsync(model, user, "Which animals do I keep?"));
        Assert.Equal("I do not know.", await AnswerAsync(model, user + "-other", "Which animals do I keep?"));
    }

    private async Task<string> AnswerAsync(ScriptedChat model, string user, string message)
    {
        using var agent = RememberingAgent.Create(fixture.Address, null, model.Url, "a-key", "scripted");
        return await agent.AnswerAsync(user, message);
    }
}
