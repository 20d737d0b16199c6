using System.Text;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Agents;

/// <summary>What a <see cref="MemoryChatHistoryProvider"/> does.</summary>
public sealed class MemoryChatHistoryOptions
{
    /// <summary>Where a new conversation is kept, asked once for each agent session.</summary>
    public Func<AgentSession?, MemoryState> NewState { get; set; } = static _ => MemoryState.ForSession();

    /// <summary>Reduces the history further than the memory's own window does; null: not.</summary>
    public IChatReducer? Reducer { get; set; }

    /// <summary>The key of the state in the session's bag.</summary>
    public string StateKey { get; set; } = nameof(MemoryChatHistoryProvider);
}

/// <summary>
/// An agent's history, kept in a session of the memory: the newest turns within the memory's window, and before them, as a user
/// message, the summary of what left it. A memory that does not answer fails the run: an agent without its history would answer
/// another conversation. Texts of user and agent are kept; calls of tools and their answers are not.
/// </summary>
public sealed class MemoryChatHistoryProvider : ChatHistoryProvider
{
    private const string SummaryHeading = "Earlier in this conversation, in short:";

    private readonly MemoryClient client;
    private readonly MemoryChatHistoryOptions options;
    private readonly ConversationMemory memory;
    private readonly ProviderSessionState<MemoryState> states;

    public MemoryChatHistoryProvider(
        MemoryClient client, MemoryChatHistoryOptions? options = null, ILogger<MemoryChatHistoryProvider>? logger = null)
        : base(storeInputRequestMessageFilter: static messages =>
            messages.Where(static each => each.GetAgentRequestMessageSourceType() == AgentRequestMessageSourceType.External))
    {
        this.client = client;
        this.options = options ?? new MemoryChatHistoryOptions();
        memory = new ConversationMemory(client, new MemoryRecallOptions { FailsWithMemory = true }, logger);
        states = new ProviderSessionState<MemoryState>(this.options.NewState, this.options.StateKey);
        StateKeys = [this.options.StateKey];
    }

    public override IReadOnlyList<string> StateKeys { get; }

    /// <summary>What is known of a session's conversation, for instance the session id that its turns are stored under.</summary>
    public MemoryState StateOf(AgentSession session) => states.GetOrInitializeState(session);

    protected override async ValueTask<IEnumerable<ChatMessage>> ProvideChatHistoryAsync(
        InvokingContext context, CancellationToken cancellationToken = default)
    {
        var session = states.GetOrInitializeState(context.Session).Storage.SessionId!;
        IEnumerable<ChatMessage> history;
        try
        {
            history = Read(await client.GetWorkingMemoryAsync(session, cancellationToken));
        }
        catch (MemoryApiException missing) when (missing.IsNotFound)
        {
            return [];
        }

        return options.Reducer is { } reducer ? await reducer.ReduceAsync(history, cancellationToken) : history;
    }

    protected override async ValueTask StoreChatHistoryAsync(InvokedContext context, CancellationToken cancellationToken = default)
    {
        var state = states.GetOrInitializeState(context.Session);
        await memory.StoreNewAsync(state, context.RequestMessages, context.ResponseMessages ?? [], cancellationToken);
        states.SaveState(context.Session, state);
    }

    private static List<ChatMessage> Read(WorkingMemoryResponse window)
    {
        var history = new List<ChatMessage>();
        if (window.Summary.Count > 0)
        {
            var text = new StringBuilder(SummaryHeading);
            foreach (var part in window.Summary)
                text.Append("\n- ").Append(part.Text.ReplaceLineEndings("\n    "));
            history.Add(new ChatMessage(ChatRole.User, text.ToString()));
        }

        history.AddRange(window.Turns.Select(ToMessage));
        return history;
    }

    // What is stored as said by a system, or by anybody else, must not speak with the system's voice.
    private static ChatMessage ToMessage(TurnResponse turn) =>
        new(turn.Role == "assistant" ? ChatRole.Assistant : ChatRole.User, turn.Content)
        {
            MessageId = turn.Id, AuthorName = turn.Name, CreatedAt = turn.OccurredAt,
        };
}
