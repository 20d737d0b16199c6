using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// The conversations.json of a ChatGPT export: each conversation is a tree of messages, of which the branch that was shown last, from
/// current_node up to the root, is what was said.
/// </summary>
internal static class ChatGptExport
{
    public static IEnumerable<ForeignRecord> Read(JsonElement root, string? user)
    {
        var conversations = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : root.Items("conversations");
        foreach (var (number, conversation) in conversations.Index())
        {
            var id = conversation.Text("conversation_id", "id") ?? $"chatgpt-{number + 1}";
            var place = $"conversation {conversation.Text("title") ?? id}";
            foreach (var message in Branch(conversation))
                yield return ToRecord(message, id, place, user);
        }
    }

    private static ForeignRecord ToRecord(JsonElement message, string session, string place, string? user)
    {
        var content = message.Member("content") ?? default;
        var role = (message.Member("author") ?? default).Text("role") ?? "?";
        var isShown = (message.Member("metadata") ?? default).Member("is_visually_hidden_from_conversation") is not { ValueKind: JsonValueKind.True };
        if (!isShown)
            return new Skipped(place, "a message that was not shown");
        if (content.Text("content_type") is { } type and not ("text" or "multimodal_text"))
            return new Skipped(place, $"a message of {type}");
        return ForeignForms.Turn(
            place, session, user, null, role, ForeignJson.ContentText(content.Member("parts")), message.Text("id"), message.Time("create_time"));
    }

    private static List<JsonElement> Branch(JsonElement conversation)
    {
        var messages = new List<JsonElement>();
        if (conversation.Member("mapping") is not { ValueKind: JsonValueKind.Object } mapping)
            return messages;

        // A node that is its own ancestor must not hold the import up.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = conversation.Text("current_node"); at is not null && seen.Add(at);)
        {
            if (mapping.Member(at) is not { } node)
                break;
            if (node.Member("message") is { } message)
                messages.Add(message);
            at = node.Text("parent");
        }

        messages.Reverse();
        return messages;
    }
}
