using MemoryOrleans.Client;
using MemoryOrleans.Tools;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Agents;

/// <summary>What a <see cref="MemoryContextProvider"/> does.</summary>
public sealed class MemoryContextOptions : MemoryRecallOptions
{
    /// <summary>Whose memory a new conversation is, asked once for each agent session. Default: of that session alone.</summary>
    public Func<AgentSession?, MemoryState> NewState { get; set; } = static _ => MemoryState.ForSession();

    /// <summary>False: only recalls. For agents whose history is kept by a <see cref="MemoryChatHistoryProvider"/>.</summary>
    public bool Stores { get; set; } = true;

    /// <summary>True: the agent also gets the memory's tools, of the search scope's user and agent.</summary>
    public bool OffersTools { get; set; }

    /// <summary>The key of the state in the session's bag; another one for each of several providers.</summary>
    public string StateKey { get; set; } = nameof(MemoryContextProvider);
}

/// <summary>
/// Memory of an agent: before a run it recalls what is known about what was asked, as a user message; after a run that succeeded it
/// stores what the user and the agent said, both or neither. A run that failed stores nothing.
/// </summary>
public sealed class MemoryContextProvider : AIContextProvider
{
    private readonly MemoryClient client;
    private readonly MemoryContextOptions options;
    private readonly ConversationMemory memory;
    private readonly ProviderSessionState<MemoryState> states;

    public MemoryContextProvider(MemoryClient client, MemoryContextOptions? options = null, ILogger<MemoryContextProvider>? logger = null)
    {
        this.client = client;
        this.options = options ?? new MemoryContextOptions();
        memory = new ConversationMemory(client, this.options, logger);
        states = new ProviderSessionState<MemoryState>(this.options.NewState, this.options.StateKey);
        StateKeys = [this.options.StateKey];
    }

    public override IReadOnlyList<string> StateKeys { get; }

    /// <summary>What is known of a session's conversation, for instance the session id that its turns are stored under.</summary>
    public MemoryState StateOf(AgentSession session) => states.GetOrInitializeState(session);

    protected override async ValueTask<AIContext> InvokingCoreAsync(InvokingContext context, CancellationToken cancellationToken = default)
    {
        var given = context.AIContext;
        var messages = given.Messages?.ToArray() ?? [];
        var search = states.GetOrInitializeState(context.Session).Search;
        var asked = messages.Where(static each => each.GetAgentRequestMessageSourceType() == AgentRequestMessageSourceType.External);
        var recalled = await memory.RecallAsync(search, asked, messages, cancellationToken);
        return new AIContext
        {
            Instructions = given.Instructions,
            Messages = recalled is null ? messages : [.. Before(messages, recalled)],
            Tools = options.OffersTools ? [.. given.Tools ?? [], .. ToolsOf(search)] : given.Tools,
        };
    }

    protected override async ValueTask StoreAIContextAsync(InvokedContext context, CancellationToken cancellationToken = default)
    {
        if (!options.Stores)
            return;
        var state = states.GetOrInitializeState(context.Session);
        await memory.StoreNewAsync(state, context.RequestMessages, context.ResponseMessages ?? [], cancellationToken);
        states.SaveState(context.Session, state);
    }

    // Before what was asked: a model answers the last message.
    private IEnumerable<ChatMessage> Before(ChatMessage[] messages, ChatMessage recalled)
    {
        var stamped = recalled.WithAgentRequestMessageSource(AgentRequestMessageSourceType.AIContextProvider, GetType().FullName!);
        var at = Array.FindLastIndex(messages, static each => each.Role == ChatRole.User);
        return [.. messages[..at], stamped, .. messages[at..]];
    }

    private IEnumerable<AITool> ToolsOf(MemoryScope search) =>
        MemoryFunction.CreateAll(client, new ToolScope(search.UserId, search.AgentId, search.SessionId));
}
