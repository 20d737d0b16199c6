using Microsoft.Extensions.AI;

namespace MemoryOrleans.Agents.Tests;

/// <summary>A model that answers as its script says, and notes what it was sent.</summary>
internal sealed class ScriptedModel(Func<IReadOnlyList<ChatMessage>, string> script) : IChatClient
{
    private int answers;

    /// <summary>What it was sent, call by call.</summary>
    public List<IReadOnlyList<ChatMessage>> Seen { get; } = [];

    public List<ChatOptions?> Options { get; } = [];

    /// <summary>Awaited before it answers.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sent = messages.ToArray();
        lock (Seen)
        {
            Seen.Add(sent);
            Options.Add(options);
        }

        await Held;
        var id = $"answer-{Interlocked.Increment(ref answers)}-{Guid.NewGuid():N}";
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, script(sent)) { MessageId = id });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
