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
        var conversations = root.Member("mapping") is null ? root.Paged("conversations", "items") : [root];
        foreach (var (number, conversation) in conversations.Index())
        {
            var id = conversation.Text("conversation_id", "id") ?? $"chatgpt-{number + 1}";
            var place = $"conversation {conversation.Text("title") ?? id}";
            var at = conversation.Time("create_time");
            foreach (var message in Branch(conversation))
            {
                // What has no time of its own was said after what stands before it.
                at = message.Time("create_time") ?? at;
                yield return ToRecord(message, id, place, user, at);
            }
        }
    }

    private static ForeignRecord ToRecord(JsonElement message, string session, string place, string? user, DateTimeOffset? at)
    {
        var content = message.Member("content") ?? default;
        var metadata = message.Member("metadata") ?? default;
        if (IsTrue(metadata, "is_visually_hidden_from_conversation") || IsTrue(metadata, "is_user_system_message"))
            return new Skipped(place, "a message that was not shown");
        if (content.Text("content_type") is { } type and not ("text" or "multimodal_text"))
            return new Skipped(place, $"a message of {type}");
        if (message.Text("recipient") is { } recipient and not "all")
            return new Skipped(place, $"said to {recipient}, a tool");
        var role = (message.Member("author") ?? default).Text("role") ?? "?";
        var text = ChatGptMarks.Without(ForeignJson.ContentText(content.Member("parts")));
        return ForeignForms.Turn(place, session, user, null, role, text, message.Text("id"), at);
    }

    private static bool IsTrue(JsonElement metadata, string name) => metadata.Member(name) is { ValueKind: JsonValueKind.True };

    private static List<JsonElement> Branch(JsonElement conversation)
    {
        var messages = new List<JsonElement>();
        if (conversation.Member("mapping") is not { ValueKind: JsonValueKind.Object } mapping)
            return messages;

        // A node that is its own ancestor must not hold the import up.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var last = conversation.Text("current_node") is { } current && mapping.Member(current) is not null ? current : NewestLeaf(mapping);
        for (var at = last; at is not null && seen.Add(at);)
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

    // Where nothing says what was shown last, it is the branch that ends last.
    private static string? NewestLeaf(JsonElement mapping) => mapping.EnumerateObject()
        .Where(static node => !node.Value.Items("children").Any() && node.Value.Member("message") is not null)
        .OrderBy(static node => (node.Value.Member("message") ?? default).Time("create_time") ?? DateTimeOffset.MinValue)
        .Select(static node => node.Name).LastOrDefault();
}
