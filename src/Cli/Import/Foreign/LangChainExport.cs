using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// Messages as messages_to_dict, dumps, model_dump and their counterparts in JavaScript write them: a list, {"messages": […]}, an object
/// of such by session, or the threads, states and checkpoints of LangGraph, one or a list. Of a thread's states the newest counts.
/// </summary>
internal static class LangChainExport
{
    private sealed record History(string Session, JsonElement Messages, DateTimeOffset? At);

    public static IEnumerable<ForeignRecord> Read(JsonElement root, string? user, string? session) =>
        from history in Histories(root, session ?? "langchain")
        from message in history.Messages.EnumerateArray().Index()
        select ToRecord(message.Item, $"{history.Session}, {ForeignExports.Place("message", message.Index)}", history, user);

    private static IEnumerable<History> Histories(JsonElement root, string session)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            return HistoryOf(root, session) is { } one ? [one]
                : root.EnumerateObject().Select(static each => HistoryOf(each.Value, each.Name)).OfType<History>();
        }

        if (root.ValueKind != JsonValueKind.Array)
            return [];
        var states = root.EnumerateArray().Where(static each => each.ValueKind == JsonValueKind.Object)
            .Select(each => HistoryOf(each, session)).OfType<History>().ToList();
        return states.Count == 0 ? [new History(session, root, null)] : states.GroupBy(static each => each.Session)
            .Select(static thread => thread.MaxBy(static each => each.At ?? DateTimeOffset.MinValue)!);
    }

    private static History? HistoryOf(JsonElement element, string session) =>
        ListOf(element) is { } list ? new History(SessionOf(element) ?? session, list, TimeOf(element)) : null;

    private static JsonElement? ListOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element,
        JsonValueKind.Object when element.Array("messages") is { } messages => messages,
        JsonValueKind.Object when element.Member("values", "channel_values", "checkpoint") is { } inner => ListOf(inner),
        _ => null,
    };

    private static string? SessionOf(JsonElement element) =>
        element.Text("session_id", "thread_id") ?? (element.Member("checkpoint") ?? default).Text("thread_id")
        ?? ((element.Member("config") ?? default).Member("configurable") ?? default).Text("thread_id");

    private static DateTimeOffset? TimeOf(JsonElement element) =>
        element.Time("created_at", "ts") ?? (element.Member("checkpoint") ?? default).Time("ts");

    private static ForeignRecord ToRecord(JsonElement message, string place, History history, string? user)
    {
        // dumps: {"lc": 1, "id": [..., "HumanMessage"], "kwargs": {...}}; messages_to_dict: {"type": "human", "data": {...}}.
        var data = message.Member("data", "kwargs") ?? message;
        var type = message.Items("id").LastOrDefault() is { ValueKind: JsonValueKind.String } className
            ? className.GetString()!
            : message.Text("type", "role") ?? data.Text("type") ?? "?";
        if (type is "chat" or "ChatMessage" or "ChatMessageChunk")
            type = data.Text("role") ?? type;
        var at = data.Time("created_at", "timestamp")
            ?? (data.Member("additional_kwargs") ?? default).Time("created_at", "timestamp")
            ?? (data.Member("response_metadata") ?? default).Time("created_at", "created", "timestamp")
            ?? history.At;
        var text = ForeignJson.ContentText(data.Member("content"));
        return ForeignForms.Turn(
            place, history.Session, user, null, ForeignExports.RoleOf(type), text, data.Text("id"), at, data.Text("name"));
    }
}
