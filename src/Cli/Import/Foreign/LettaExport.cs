using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// An agent file of Letta, of the older form (one agent) or the newer ({"agents": […], "blocks": […]}), whose ids are numbers within the
/// file: records are known again by their agent, label, time and text.
/// </summary>
internal static class LettaExport
{
    public static IEnumerable<ForeignRecord> Read(JsonElement root, string? user, string? session)
    {
        var agents = root.Member("agents") is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().ToList() : [root];
        return Blocks(root, agents, user).Concat(agents.Index().SelectMany(each => Messages(each.Item, each.Index, user, session)));
    }

    private static IEnumerable<ForeignRecord> Blocks(JsonElement root, List<JsonElement> agents, string? user)
    {
        foreach (var (number, block) in root.Items("blocks", "core_memory").Index())
        {
            var place = ForeignExports.Place("block", number);
            var (id, label) = (block.Text("id"), block.Text("label"));
            var agent = agents.FirstOrDefault(each => each.Items("block_ids").Any(one => one.ToString() == id), agents.FirstOrDefault());
            var sourceId = id is not null && !IsOfFile(id) ? id : $"{agent.Text("name")}/{label ?? place}";
            yield return ForeignForms.Memory(
                place, "letta", sourceId, "core", block.Text("value"), user, null, block.Time("created_at"), null,
                block.Member("metadata", "metadata_"), ("label", label), ("description", block.Text("description")));
        }
    }

    private static IEnumerable<ForeignRecord> Messages(JsonElement agent, int agentNumber, string? user, string? session)
    {
        var name = agent.Text("name") ?? ForeignExports.Place("agent", agentNumber);
        var own = session ?? ForeignForms.IdOf($"letta-{(agent.Text("id") is { } id && !IsOfFile(id) ? id : name)}");
        foreach (var (number, message) in agent.Items("messages").Index())
        {
            var place = $"{name}, {ForeignExports.Place("message", number)}";
            var role = ForeignExports.RoleOf(message.Text("role") ?? "?");
            var said = role == "assistant"
                ? SaidByAgent(message, agent.Text("agent_type"))
                : Unpacked(ForeignJson.ContentText(message.Member("content", "text")));
            if (said.Why is not null)
            {
                yield return new Skipped(place, said.Why);
                continue;
            }

            yield return ForeignForms.Turn(
                place, own, user, name, role, said.Text, TurnIdOf(message, role, said.Text), message.Time("created_at"),
                role == "user" ? said.Name ?? message.Text("name") : null);
        }
    }

    // Agents of the MemGPT kind speak by calling send_message; their messages' own text beside a call is what they think.
    private static Said SaidByAgent(JsonElement message, string? agentType)
    {
        var calls = message.Items("tool_calls").ToList();
        var sent = calls.Select(static call => call.Member("function") ?? default)
            .Where(static function => function.Text("name") == "send_message")
            .Select(static function => Parsed(function.Text("arguments"))?.Text("message"))
            .Where(static text => !string.IsNullOrWhiteSpace(text)).ToList();
        if (sent.Count > 0)
            return new Said(string.Join('\n', sent));
        return calls.Count > 0 && agentType != "letta_v1_agent"
            ? new Said(null, Why: "what the agent thought before it called a tool")
            : new Said(ForeignJson.ContentText(message.Member("content", "text")));
    }

    // What users say may stand in {"type": "user_message", "message": …}; what else is packed that way, nobody said.
    private static Said Unpacked(string? text)
    {
        if (Parsed(text) is not { } packed || packed.Text("type") is not { } type)
            return new Said(text);
        return type switch
        {
            "user_message" => new Said(packed.Text("message"), packed.Text("name")),
            "login" or "heartbeat" or "system_alert" => new Said(null, Why: $"an event of the system: {type}"),
            _ => new Said(text),
        };
    }

    private static JsonElement? Parsed(string? text)
    {
        if (text is null || !text.AsSpan().TrimStart().StartsWith("{"))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TurnIdOf(JsonElement message, string role, string? text)
    {
        var id = message.Text("id");
        return (id is null || IsOfFile(id)) && message.Text("created_at") is { } at ? ForeignForms.Digest($"{at} {role} {text}") : id;
    }

    /// <summary>agent-0, message-12: numbered within the file, in any file anew.</summary>
    private static bool IsOfFile(string id) =>
        id.Split('-') is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private readonly record struct Said(string? Text, string? Name = null, string? Why = null);
}
