using System.Globalization;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Erasures;

/// <summary>How much an erasure would take, in words, counted by reading. What was derived is known only when it is done.</summary>
internal static class ErasureExtent
{
    /// <summary>Things of one sort that are counted; beyond it there are "more than" so many.</summary>
    private const int CountedMax = 2_000;

    private const int ShownMax = 80;

    private static readonly string[] Statuses = ["active", "candidate", "archived", "superseded"];

    /// <param name="id">Also a turn's as recall answers it: SESSION:SEQ.</param>
    public static async Task<string> OfMemoryAsync(MemoryClient memory, string id, CancellationToken cancel)
    {
        IReadOnlyList<MemoryResponse> versions;
        try
        {
            versions = (await memory.GetMemoryHistoryAsync(id, cancel)).Items;
        }
        catch (MemoryApiException refusal) when (refusal.IsNotFound && id.Contains(':', StringComparison.Ordinal))
        {
            return $"Turn {id}.\nWhat goes: 1 turn, whose place in its session stays empty, and what was derived from it.";
        }

        var content = versions[^1].Content.ReplaceLineEndings(" ");
        var shown = content.Length <= ShownMax
            ? content : content[..(char.IsHighSurrogate(content[ShownMax - 1]) ? ShownMax - 1 : ShownMax)] + "…";
        return $"Memory {id}, {versions[^1].Kind}: {shown}\nWhat goes: {Count(versions.Count, "version")} of it.";
    }

    public static async Task<string> OfSessionAsync(MemoryClient memory, string id, CancellationToken cancel)
    {
        var session = await memory.GetSessionAsync(id, cancel);
        var memories = await CountMemoriesAsync(memory, new MemoryListFilter(SessionId: id), cancel);
        return $"Session {id}{(session.UserId is null ? string.Empty : $" of user {session.UserId}")}.\n"
            + $"What goes: {Count(session.Turns, "turn")}, {Count(memories, "memory", "memories")} of the session, and what else was "
            + $"derived from them.";
    }

    public static async Task<string> OfUserAsync(MemoryClient memory, string id, CancellationToken cancel)
    {
        var (sessions, turns) = (0, 0L);
        await foreach (var session in memory.EnumerateSessionsAsync(userId: id, cancel: cancel))
        {
            (sessions, turns) = (sessions + 1, turns + session.Turns);
            if (sessions > CountedMax)
                break;
        }

        var memories = await CountMemoriesAsync(memory, new MemoryListFilter(UserId: id), cancel);
        var entities = await memory.EnumerateEntitiesAsync(userId: id, cancel: cancel).Take(CountedMax + 1).CountAsync(cancel);
        return $"User {id}.\nWhat goes: {Count(sessions, "session")} with "
            + $"{(sessions > CountedMax ? "more than " : string.Empty)}{Count(turns, "turn")}, "
            + $"{Count(memories, "memory", "memories")}, {Count(entities, "entity", "entities")}, and what else was derived from them.";
    }

    private static async Task<int> CountMemoriesAsync(MemoryClient memory, MemoryListFilter filter, CancellationToken cancel)
    {
        var count = 0;
        foreach (var status in Statuses)
            count += await memory.EnumerateMemoriesAsync(filter with { Status = status }, cancel).Take(CountedMax + 1).CountAsync(cancel);
        return count;
    }

    private static string Count(long count, string noun, string? plural = null) => count > CountedMax && noun is not ("turn" or "version")
        ? string.Create(CultureInfo.InvariantCulture, $"more than {CountedMax:N0} {plural ?? noun + "s"}")
        : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? noun : plural ?? noun + "s")}");
}
