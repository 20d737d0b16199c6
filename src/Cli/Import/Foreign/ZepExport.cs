using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// What Zep's and Graphiti's APIs list: episodes and messages become turns (documents among them memories), facts (edges) memories with
/// their time of being true, nodes entities. By their names in an object, or as lists or pages told by their members.
/// </summary>
internal sealed class ZepExport
{
    private readonly List<(JsonElement Item, JsonElement Page)> episodes = [];
    private readonly List<(JsonElement Item, JsonElement Page)> facts = [];
    private readonly List<(JsonElement Item, JsonElement Page)> nodes = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    private ZepExport()
    {
    }

    public static IEnumerable<ForeignRecord> Read(JsonElement root, string? user, string? session)
    {
        var export = new ZepExport();
        export.Collect(root, root);
        return export.Records(user, session);
    }

    private void Collect(JsonElement element, JsonElement page)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var each in element.EnumerateArray())
                Collect(each, page);
        }
        else if (element.Text("fact") is not null)
        {
            facts.Add((element, page));
        }
        else if (element.Member("content") is not null)
        {
            episodes.Add((element, page));
        }
        else if (element.Array("episodes", "messages", "edges", "facts", "nodes", "entities", "items", "results") is not null)
        {
            Named(element, episodes, "episodes", "messages");
            Named(element, facts, "edges", "facts");
            Named(element, nodes, "nodes", "entities");
            foreach (var each in element.Items("items", "results"))
                Collect(each, element);
        }
        else if (element.Text("name") is not null && element.Member("summary", "labels") is not null)
        {
            nodes.Add((element, page));
        }
    }

    private static void Named(JsonElement page, List<(JsonElement Item, JsonElement Page)> into, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            into.AddRange(page.Items(name).Select(each => (each, page)));
    }

    private IEnumerable<ForeignRecord> Records(string? user, string? session)
    {
        var records = episodes.Where(each => IsNew("episode", each.Item)).Index().Select(each => Episode(
            ForeignExports.Place("episode", each.Index), each.Item.Item, UserOf(each.Item) ?? user,
            SessionOf(each.Item.Item) ?? SessionOf(each.Item.Page) ?? session ?? "zep"));
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, _) in nodes)
        {
            if (IdOf(node) is { } id && node.Text("name") is { } name)
                names[id] = name;
        }

        return records
            .Concat(facts.Where(each => IsNew("fact", each.Item)).Index().Select(each => Fact(
                ForeignExports.Place("fact", each.Index), each.Item.Item, UserOf(each.Item) ?? user, names)))
            .Concat(nodes.Where(each => IsNew("node", each.Item)).Index().Select(each => Node(
                ForeignExports.Place("node", each.Index), each.Item.Item, user)));
    }

    private static ForeignRecord Episode(string place, JsonElement episode, string? user, string session)
    {
        var content = episode.Text("content");
        var at = episode.Time("valid_at", "reference_time", "timestamp", "created_at");
        var metadata = episode.Member("metadata", "episode_metadata");
        var (role, name) = SpeakerOf(episode);
        if (role is null && episode.Text("source") is "text" or "json")
        {
            // A document, which nobody said.
            return ForeignForms.Memory(
                place, "zep", IdOf(episode) ?? ForeignForms.Digest(content ?? place), "note", content, user, null, at, null,
                metadata, ("title", episode.Text("name")), ("description", episode.Text("source_description")));
        }

        if (role is null && content is not null)
            (role, name, content) = Said(content);
        return ForeignForms.Turn(
            place, session, user, null, role ?? "user", content, IdOf(episode), at, name, metadata);
    }

    // Of Zep 3 and 4, role is user, assistant, …, and name whose; before, role_type is that and role the name, as with Graphiti's server.
    // An episode of Graphiti has neither: its name is the episode's.
    private static (string? Role, string? Name) SpeakerOf(JsonElement episode)
    {
        var role = episode.Text("role");
        if (episode.Text("role_type") is { } type)
            return (RoleOf(type), role is null || RoleOf(role) == RoleOf(type) ? null : role);
        if (role is null)
            return default;
        return RoleOf(role) is "user" or "assistant" or "system" or "tool" or "function"
            ? (RoleOf(role), episode.Text("name") is { } name && RoleOf(name) != RoleOf(role) ? name : null)
            : ("user", role);
    }

    private static string RoleOf(string word) => word is "norole" ? "user" : ForeignExports.RoleOf(word);

    /// <summary>Graphiti's server writes "Mira(user): …" at the beginning of a message's episode.</summary>
    private static (string? Role, string? Name, string Text) Said(string content)
    {
        var end = content.IndexOf("): ", StringComparison.Ordinal);
        var open = end < 0 ? -1 : content.LastIndexOf('(', end);
        if (open < 0 || content.AsSpan(0, open).ContainsAny('\n', ':'))
            return (null, null, content);
        var (role, name) = (content[(open + 1)..end], content[..open].Trim());
        if (role is not ("user" or "assistant" or "system"))
            return (null, null, content);
        return (role, name.Length == 0 || RoleOf(name) == role ? null : name, content[(end + 3)..]);
    }

    private static ForeignRecord Fact(string place, JsonElement fact, string? user, Dictionary<string, string> names) =>
        ForeignForms.Memory(
        place, "zep", IdOf(fact) ?? ForeignForms.Digest(fact.Text("fact") ?? place), "note", fact.Text("fact"), user, null,
        fact.Time("valid_at", "created_at"), fact.Time("invalid_at", "expired_at"), fact.Member("attributes"),
        ("relation", fact.Text("name")), ("from", fact.Text("source_node_name") ?? NameOf(fact.Text("source_node_uuid"), names)),
        ("to", fact.Text("target_node_name") ?? NameOf(fact.Text("target_node_uuid"), names)));

    private static ForeignRecord Node(string place, JsonElement node, string? user)
    {
        if (node.Text("name") is not { } name)
            return new Skipped(place, "has no name");
        if (name.Length > 256)
            return new Skipped(place, "its name is longer than 256 characters");
        var type = node.Items("labels").Select(static label => label.ToString()).LastOrDefault(static label =>
            label != "Entity" && label.Length is > 0 and <= 64
            && label.All(static each => char.IsAsciiLetterOrDigit(each) || each is '_' or '-'));
        var owner = user is null ? null : ForeignForms.IdOf(user);
        return new ForeignEntity(place, new() { Name = name, Type = type?.ToLowerInvariant(), UserId = owner }, node.Text("summary"));
    }

    // The members of a hyperedge have one fact.
    private static string? IdOf(JsonElement item) => item.Text("hyperedge_uuid", "uuid", "uuid_", "id");

    private static string? UserOf((JsonElement Item, JsonElement Page) each) => each.Item.Text("user_id") ?? each.Page.Text("user_id");

    private static string? SessionOf(JsonElement item) => item.Text("session_id", "thread_id", "thread_uuid", "group_id", "graph_uuid");

    private static string? NameOf(string? id, Dictionary<string, string> names) => id is null ? null : names.GetValueOrDefault(id);

    private bool IsNew(string kind, JsonElement item) => IdOf(item) is not { } id || seen.Add($"{kind} {id}");
}
