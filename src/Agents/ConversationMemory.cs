using System.Text;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemoryOrleans.Agents;

/// <summary>
/// What the adapters share: recall before, store after. A memory that does not answer is logged, and the run goes on without it.
/// </summary>
internal sealed partial class ConversationMemory(MemoryClient client, MemoryRecallOptions options, ILogger? logger)
{
    private const int QueryLengthMax = 4_000;

    private readonly ILogger log = logger ?? NullLogger.Instance;

    /// <summary>What the memory knows about the newest that was said, as one user message; null when there is nothing.</summary>
    /// <param name="present">Messages that the model gets anyway: what they say is not recalled.</param>
    public async Task<ChatMessage?> RecallAsync(
        MemoryScope search, IEnumerable<ChatMessage> asked, IEnumerable<ChatMessage> present, CancellationToken cancel)
    {
        if (asked.LastOrDefault(static each => each.Role == ChatRole.User && !string.IsNullOrWhiteSpace(each.Text))?.Text is not { } query)
            return null;
        try
        {
            var recalled = await client.RecallAsync(
                new RecallRequest
                {
                    Query = query.Length <= QueryLengthMax ? query : query[^QueryLengthMax..],
                    UserId = search.UserId, AgentId = search.AgentId, SessionId = search.SessionId,
                    Limit = options.Limit, MaxTokens = options.TokensMax, MinScore = options.RelevanceMin,
                },
                cancel);
            var said = present.Select(static each => each.Text).ToHashSet(StringComparer.Ordinal);
            return Write(recalled.Items.Where(item => !said.Contains(item.Content)));
        }
        catch (Exception failure) when (IsForgiven(failure, cancel))
        {
            LogNotRecalled(log, failure);
            return null;
        }
    }

    /// <summary>
    /// Appends turns in order, as many at a time as a request takes; those that are there already are left as they are. False when the
    /// memory did not answer: perhaps the first are stored then, and those that are sent again are stored once.
    /// </summary>
    public async Task<bool> StoreAsync(MemoryScope storage, IReadOnlyList<TurnInput> turns, CancellationToken cancel)
    {
        if (turns.Count == 0)
            return true;
        try
        {
            foreach (var part in AppendSizes.Split(turns))
                await AppendAsync(storage, part, cancel);
            return true;
        }
        catch (Exception failure) when (IsForgiven(failure, cancel))
        {
            LogNotStored(log, failure, turns.Count);
            return false;
        }
    }

    /// <summary>Stores what of a run is new to the conversation; what could not be stored stays new.</summary>
    public async Task StoreNewAsync(
        MemoryState state, IEnumerable<ChatMessage> request, IEnumerable<ChatMessage> response, CancellationToken cancel)
    {
        var turns = state.Reserve(request, response);
        var stored = false;
        try
        {
            stored = await StoreAsync(state.Storage, [.. turns.Select(static each => each.Turn)], cancel);
        }
        finally
        {
            if (!stored)
                state.Release(turns);
        }
    }

    private async Task AppendAsync(MemoryScope storage, IReadOnlyList<TurnInput> turns, CancellationToken cancel)
    {
        var session = storage.SessionId ?? throw new InvalidOperationException("The storage scope needs a session id.");
        try
        {
            await client.AppendAsync(session, BatchOf(storage, turns), cancel: cancel);
        }
        catch (MemoryApiException conflict) when (conflict.Code == ProblemCodes.TurnIdConflict && turns.Count > 1)
        {
            // A front end that edits a message under its old id: what was said first stays, the others are still to be stored.
            foreach (var turn in turns)
                await AppendOneAsync(session, storage, turn, cancel);
        }
        catch (MemoryApiException conflict) when (conflict.Code == ProblemCodes.TurnIdConflict)
        {
            LogConflict(log, turns[0].Id);
        }
    }

    private async Task AppendOneAsync(string session, MemoryScope storage, TurnInput turn, CancellationToken cancel)
    {
        try
        {
            await client.AppendAsync(session, BatchOf(storage, [turn]), cancel: cancel);
        }
        catch (MemoryApiException conflict) when (conflict.Code == ProblemCodes.TurnIdConflict)
        {
            LogConflict(log, turn.Id);
        }
    }

    private static AppendTurnsRequest BatchOf(MemoryScope storage, IReadOnlyList<TurnInput> turns) =>
        new() { UserId = storage.UserId, AgentId = storage.AgentId, Turns = turns };

    private ChatMessage? Write(IEnumerable<RecalledItemResponse> items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            // Further lines are indented, so that no content can pass for another entry.
            var content = item.Content.ReplaceLineEndings("\n    ");
            text.Append($"\n- {item.OccurredAt:yyyy-MM-dd} {item.Name ?? item.Role ?? item.Kind}: {content}");
        }

        return text.Length == 0 ? null : new ChatMessage(ChatRole.User, options.Heading + text);
    }

    private bool IsForgiven(Exception failure, CancellationToken cancel) =>
        !options.FailsWithMemory && !cancel.IsCancellationRequested
        && failure is MemoryApiException or HttpRequestException or HttpIOException
        or TaskCanceledException { InnerException: TimeoutException };

    [LoggerMessage(1, LogLevel.Warning, "The memory did not answer a recall; the run goes on without it")]
    private static partial void LogNotRecalled(ILogger log, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "The memory did not store {Count} turns; they are stored when they are sent again")]
    private static partial void LogNotStored(ILogger log, Exception failure, int count);

    [LoggerMessage(3, LogLevel.Information, "Turn {Id} is stored with other content, which stays")]
    private static partial void LogConflict(ILogger log, string? id);
}
