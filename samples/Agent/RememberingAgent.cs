using System.ClientModel;
using MemoryOrleans.Agents;
using MemoryOrleans.Client;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OpenAI;

namespace MemoryOrleans.Samples.Agent;

/// <summary>A chat agent with the memory as its context provider: everything it knows of a user comes from there.</summary>
public sealed class RememberingAgent : IDisposable
{
    private readonly HttpClient http;
    private readonly IChatClient model;
    private readonly MemoryClient memory;

    private RememberingAgent(HttpClient http, string? memoryKey, IChatClient model) =>
        (this.http, this.model, memory) = (http, model, new MemoryClient(http, memoryKey));

    public static RememberingAgent Create(Uri memory, string? memoryKey, Uri model, string modelKey, string modelName)
    {
        var client = new OpenAIClient(new ApiKeyCredential(modelKey), new OpenAIClientOptions { Endpoint = model });
        return new RememberingAgent(
            new MemoryClientOptions { Address = memory }.CreateHttp(), memoryKey, client.GetChatClient(modelName).AsIChatClient());
    }

    /// <summary>One run: a conversation of its own, with all that earlier ones left.</summary>
    public async Task<string> AnswerAsync(string user, string message, CancellationToken cancel = default)
    {
        var remembers = new MemoryContextProvider(memory, new MemoryContextOptions { NewState = _ => MemoryState.ForUser(user) });
        var agent = new ChatClientAgent(model, new ChatClientAgentOptions
        {
            Name = "guide",
            ChatOptions = new ChatOptions { Instructions = "You are a friendly guide. Answer in one sentence." },
            AIContextProviders = [remembers],
        });
        var session = await agent.CreateSessionAsync(cancel);
        return (await agent.RunAsync(message, session, cancellationToken: cancel)).Text;
    }

    public void Dispose()
    {
        model.Dispose();
        http.Dispose();
    }
}
