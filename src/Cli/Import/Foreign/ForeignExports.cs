using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>What other systems export, record by record.</summary>
internal static class ForeignExports
{
    /// <summary>The formats by the words for <c>--format</c>.</summary>
    public static readonly IReadOnlyList<string> Names = ["mem0", "zep", "chatgpt", "langchain", "letta"];

    /// <param name="user">Whose it is, where the export does not say.</param>
    /// <param name="session">The session of messages that name none.</param>
    public static IEnumerable<ForeignRecord> Read(string format, JsonElement root, string? user, string? session) => format switch
    {
        "mem0" => Mem0(root, user),
        "zep" => Zep(root, user, session),
        "chatgpt" => ChatGptExport.Read(root, user),
        "langchain" => LangChain(root, user, session),
        "letta" => Letta(root, user, session),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>The answer of get_all, or its list of memories.</summary>
    private static IEnumerable<ForeignRecord> Mem0(JsonElement root, string? user)
    {
        foreach (var (number, item) in ItemsOf(root, "results", "memories").Index())
        {
            var place = Place("memory", number);
            var text = item.Text("memory", "data", "text");
            var categories = string.Join(", ", item.Items("categories").Select(static each => each.ToString()));
            yield return ForeignForms.Memory(
                place, "mem0", item.Text("id") ?? ForeignForms.Digest(text ?? place), "note", text, item.Text("user_id") ?? user, item.Text("agent_id"),
                item.Time("created_at"), null, ("run_id", item.Text("run_id")), ("categories", categories.Length > 0 ? categories : null));
        }
    }

    /// <summary>Episodes become turns, facts (edges) memories with their time of being true, nodes entities.</summary>
    private static IEnumerable<ForeignRecord> Zep(JsonElement root, string? user, string? session)
    {
        foreach (var (number, episode) in root.Items("episodes", "messages").Index())
        {
            var place = Place("episode", number);
            var said = episode.Text("session_id", "thread_id", "group_id") ?? session ?? "zep";
            var role = episode.Text("role_type", "role") is "assistant" or "ai" ? "assistant" : "user";
            yield return ForeignForms.Turn(
                place, said, episode.Text("user_id") ?? user, null, role, episode.Text("content"), episode.Text("uuid", "uuid_", "id"),
                episode.Time("valid_at", "created_at"), role == "user" ? episode.Text("name", "role") is { } name && name != "user" ? name : null : null);
        }

        foreach (var (number, fact) in root.Items("facts", "edges").Index())
        {
            var place = Place("fact", number);
            yield return ForeignForms.Memory(
                place, "zep", fact.Text("uuid", "uuid_", "id") ?? ForeignForms.Digest(fact.Text("fact") ?? place), "note", fact.Text("fact"),
                fact.Text("user_id") ?? user, null, fact.Time("valid_at", "created_at"), fact.Time("invalid_at", "expired_at"), ("relation", fact.Text("name")));
        }

        foreach (var (number, node) in root.Items("nodes", "entities").Index())
        {
            var place = Place("node", number);
            if (node.Text("name") is not { } name)
                yield return new Skipped(place, "has no name");
            else
                yield return new ForeignEntity(place, new() { Name = name, UserId = user is null ? null : ForeignForms.IdOf(user) }, node.Text("summary"));
        }
    }

    /// <summary>Messages as messages_to_dict or dumps write them: a list, {"messages": […]}, or an object of lists by session.</summary>
    private static IEnumerable<ForeignRecord> LangChain(JsonElement root, string? user, string? session)
    {
        var own = root.Text("session_id", "thread_id") ?? session ?? "langchain";
        var lists = root.ValueKind == JsonValueKind.Object && root.Member("messages") is null
            ? root.EnumerateObject().Where(static each => each.Value.ValueKind == JsonValueKind.Array).Select(static each => (each.Name, each.Value))
            : [(own, root.Member("messages") ?? root)];
        foreach (var (name, list) in lists)
        {
            foreach (var (number, message) in ItemsOf(list).Index())
            {
                // dumps: {"lc": 1, "id": [..., "HumanMessage"], "kwargs": {...}}; messages_to_dict: {"type": "human", "data": {...}}.
                var data = message.Member("data", "kwargs") ?? message;
                var type = message.Items("id").LastOrDefault() is { ValueKind: JsonValueKind.String } className
                    ? className.GetString()!
                    : message.Text("type", "role") ?? data.Text("type") ?? "?";
                var at = data.Member("additional_kwargs") is { } more ? more.Time("created_at", "timestamp") : null;
                var text = ForeignJson.ContentText(data.Member("content"));
                yield return ForeignForms.Turn($"{name}, {Place("message", number)}", name, user, null, RoleOf(type), text, data.Text("id"), at);
            }
        }
    }

    /// <summary>An agent file, of the older form (one agent) or the newer ({"agents": […], "blocks": […]}).</summary>
    private static IEnumerable<ForeignRecord> Letta(JsonElement root, string? user, string? session)
    {
        foreach (var (number, block) in root.Items("blocks", "core_memory").Index())
        {
            var place = Place("block", number);
            yield return ForeignForms.Memory(
                place, "letta", block.Text("id") ?? block.Text("label") ?? ForeignForms.Digest(place), "core", block.Text("value"), user, null,
                block.Time("created_at"), null, ("label", block.Text("label")));
        }

        foreach (var (agentNumber, agent) in (root.Member("agents") is { } agents ? ItemsOf(agents) : [root]).Index())
        {
            var name = agent.Text("name") ?? Place("agent", agentNumber);
            foreach (var (number, message) in agent.Items("messages").Index())
            {
                var text = ForeignJson.ContentText(message.Member("content", "text"));
                yield return ForeignForms.Turn(
                    $"{name}, {Place("message", number)}", session ?? ForeignForms.IdOf($"letta-{agent.Text("id") ?? name}"), user, name,
                    RoleOf(message.Text("role") ?? "?"), text, message.Text("id"), message.Time("created_at"));
            }
        }
    }

    private static string RoleOf(string type) => type switch
    {
        "human" or "user" or "HumanMessage" or "HumanMessageChunk" => "user",
        "ai" or "assistant" or "AIMessage" or "AIMessageChunk" => "assistant",
        _ => type,
    };

    private static IEnumerable<JsonElement> ItemsOf(JsonElement root, params ReadOnlySpan<string> names) =>
        root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : root.Items(names);

    private static string Place(string noun, int index) => string.Create(CultureInfo.InvariantCulture, $"{noun} {index + 1}");
}
