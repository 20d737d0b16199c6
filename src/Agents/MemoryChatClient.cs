using System.Runtime.CompilerServices;
using MemoryOrleans.Client;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Agents;

/// <summary>What a chat client with memory does.</summary>
public sealed class MemoryChatOptions : MemoryRecallOptions
{
    /// <summary>
    /// The key of <see cref="ChatOptions.AdditionalProperties"/> under which a call may carry its own <see cref="MemoryState"/>.
    /// </summary>
    public const string StateProperty = "memory";

    /// <summary>Whose memory a call is, unless it carries a state of its own; null: a call without one has no memory.</summary>
    public Func<ChatOptions?, MemoryState?> StateOf { get; set; } = static _ => null;
}

/// <summary>
/// A chat client that recalls before it asks and stores after the answer. Callers send the whole conversation each time, as chat clients
/// want it; turns are named by what they say, so each is stored once. Put it outside of function invocation: one recall for an answer.
/// </summary>
public sealed class MemoryChatClient(
    IChatClient inner, MemoryClient client, MemoryChatOptions options, ILogger<MemoryChatClient>? logger = null)
    : DelegatingChatClient(inner)
{
    private readonly ConversationMemory memory = new(client, options, logger);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, CancellationToken cancellationToken = default)
    {
        var sent = messages.ToArray();
        var state = StateOf(chatOptions);
        var response = await base.GetResponseAsync(await PrepareAsync(state, sent, cancellationToken), chatOptions, cancellationToken);
        await KeepAsync(state, chatOptions, sent, response, cancellationToken);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = messages.ToArray();
        var state = StateOf(chatOptions);
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in base.GetStreamingResponseAsync(await PrepareAsync(state, sent, cancellationToken), chatOptions,
            cancellationToken))
        {
            updates.Add(update);
            yield return update;
        }

        // Reached by a stream that was read to its end; one that broke off stores nothing.
        await KeepAsync(state, chatOptions, sent, updates.ToChatResponse(), cancellationToken);
    }

    private MemoryState? StateOf(ChatOptions? chatOptions) =>
        chatOptions?.AdditionalProperties is { } properties && properties.TryGetValue(MemoryChatOptions.StateProperty, out var own)
        && own is MemoryState state
            ? state
            : options.StateOf(chatOptions);

    private async Task<IEnumerable<ChatMessage>> PrepareAsync(MemoryState? state, ChatMessage[] sent, CancellationToken cancel)
    {
        if (state is null || await memory.RecallAsync(state.Search, sent, sent, cancel) is not { } recalled)
            return sent;
        var at = Array.FindLastIndex(sent, static each => each.Role == ChatRole.User);
        return [.. sent[..at], recalled, .. sent[at..]];
    }

    private async Task KeepAsync(
        MemoryState? state, ChatOptions? chatOptions, ChatMessage[] sent, ChatResponse response, CancellationToken cancel)
    {
        // Where the model's service keeps the conversation, only what is new is sent.
        if (state is not null && chatOptions?.ConversationId is not null)
            await memory.StoreNewAsync(state, sent, response.Messages, cancel);
        else if (state is not null)
            await memory.StoreAsync(state.Storage, ConversationTurns.OfWhole(sent.Concat(response.Messages)), cancel);
    }
}

/// <summary>Puts memory into a chat client's pipeline.</summary>
public static class MemoryChatClientBuilderExtensions
{
    /// <summary>Recalls before each call and stores after it. Call it before <c>UseFunctionInvocation</c>.</summary>
    public static ChatClientBuilder UseMemory(this ChatClientBuilder builder, MemoryClient client, Action<MemoryChatOptions> configure)
    {
        var options = new MemoryChatOptions();
        configure(options);
        return builder.Use((inner, services) =>
            new MemoryChatClient(inner, client, options, services.GetService<ILogger<MemoryChatClient>>()));
    }

    /// <summary>The same, with the container's client.</summary>
    public static ChatClientBuilder UseMemory(this ChatClientBuilder builder, Action<MemoryChatOptions> configure)
    {
        var options = new MemoryChatOptions();
        configure(options);
        return builder.Use((inner, services) => new MemoryChatClient(
            inner, services.GetRequiredService<MemoryClient>(), options, services.GetService<ILogger<MemoryChatClient>>()));
    }
}
