using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>
/// Values as a schema asks for them, and by their names, so that what belongs together meets: few sessions, users and names.
/// </summary>
internal sealed class MakeValue(ApiDocument document, KnownIds known, IReadOnlyList<TenantKey> tenants)
{
    private const int Sessions = 24;
    private const int Users = 5;
    private const int DepthMax = 6;

    private static readonly string[] Said =
    [
        "I live in Lyon, near the old bridge.", "I moved to Porto in May, I no longer live in Lyon.", "Where do I live?",
        "My dog Bruno is seven years old.",
        "What did Nora say about the boat yesterday?", "The band rehearses on Tuesday evening now, not on Friday.",
        "I work at Brandt Logistics as an accountant.",
        "Remember that I have to pay 240 euros by the 3rd of May.", "It rained all day. Nothing much happened.", "我住在北京，喜欢喝绿茶。",
        "Ich wohne seit 2019 in Bremen.",
        "健太の旅に同行する人は誰ですか？", "[image: a red boat on a lake]", "Who gave Nora her sourdough culture?", "I really like jazz and old films.",
    ];

    private static readonly string[] Names = ["Nora", "Rashid", "Bruno", "Lyon", "Brandt Logistics", "the boat", "健太", "Zoë", "O'Neill"];
    private static readonly string[] Kinds = ["preference", "procedure", "reflection", "fact", "episode", "turn", "note"];

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public JsonTree Of(JsonElement schema, string name, TenantKey tenant, Random random, int depth = 0)
    {
        var resolved = document.Resolve(schema);
        if (resolved.TryGetProperty("enum", out var words))
            return JsonTree.Raw(words[random.Next(words.GetArrayLength())].GetRawText());
        return TypeOf(resolved) switch
        {
            "object" => Members(resolved, name, tenant, random, depth),
            "array" => Items(resolved, name, tenant, random, depth),
            "integer" => JsonTree.Raw(random.NextInt64(Bound(resolved, "minimum", 0), Bound(resolved, "maximum", 1000) + 1)
            .ToString(CultureInfo.InvariantCulture)),
            "number" => JsonTree.Raw(random.NextDouble().ToString("0.###", CultureInfo.InvariantCulture)),
            "boolean" => JsonTree.Raw(random.Next(2) == 0 ? "true" : "false"),
            _ => JsonTree.Text(Word(resolved, name, tenant, random)),
        };
    }

    /// <summary>A value of a path, query or header, not escaped.</summary>
    public string Word(JsonElement schema, string name, TenantKey tenant, Random random)
    {
        var resolved = document.Resolve(schema);
        if (resolved.TryGetProperty("enum", out var words))
            return words[random.Next(words.GetArrayLength())].ToString();
        if (TypeOf(resolved) is "integer")
            return random.NextInt64(Bound(resolved, "minimum", 0), Math.Min(Bound(resolved, "maximum", 100), 100) + 1)
                .ToString(CultureInfo.InvariantCulture);
        if (resolved.TryGetProperty("format", out var format) && format.GetString() == "date-time")
            return Time(random);
        return name switch
        {
            "session_id" or "conversation_id" or "sessions" => Numbered("s", Sessions, random),
            "user_id" or "users" => Numbered("u", Users, random),
            "agent_id" or "agents" => Numbered("a", 3, random),
            "agent_class" => Numbered("c", 2, random),
            "turn_id" => random.Next(2) == 0 ? Numbered("t", 200, random) : $"{Numbered("s", Sessions, random)}:{random.Next(1, 30)}",
            "id" => Numbered("t", 5000, random),
            "tenant" or "tenant_id" => random.Next(4) > 0 ? tenant.Tenant : Numbered("nobody", 3, random),
            "role" => random.Next(2) == 0 ? "user" : "assistant",
            "kind" or "kinds" => Kinds[random.Next(Kinds.Length)],
            "tiers" or "tier" => Pick(random, "working", "episodic", "semantic"),
            "scopes" => Pick(random, "session", "user", "agent", "tenant", "read", "write"),
            "time_zone" => Pick(random, "Europe/Berlin", "Asia/Tokyo", "UTC", "America/St_Johns"),
            "memory_id" or "superseded_by" or "memories" => Known(tenant, "memories", random),
            "entity_id" or "from_id" or "to_id" or "from" or "to" or "entities" => Known(tenant, "entities", random),
            "supersedes" or "observations" => Known(tenant, random.Next(2) == 0 ? "observations" : "relations", random),
            "relations" or "keys" or "erasures" or "jobs" => Known(tenant, name, random),
            "cursor" => Known(tenant, "cursors", random),
            "name" or "aliases" => Names[random.Next(Names.Length)],
            "type" => Pick(random, "person", "place", "owns", "knows"),
            "If-Match" or "If-None-Match" => Pick(random, "\"1\"", "\"2\"", "*", "\"17\""),
            "Idempotency-Key" => Numbered("k", 400, random),
            "metadata" or "filter" => Pick(random, "{\"site\":\"north\"}", "{\"n\":{\"gte\":3}}", "{\"role\":\"user\"}", "{}"),
            "min_score" => "0.3",
            "as_of_valid" or "as_of_known" => Time(random),
            "content" or "query" => Content(tenant, name, random),
            _ => random.Next(3) == 0 ? Content(tenant, name, random) : Numbered("w", 20, random),
        };
    }

    /// <summary>What is asked for in a place of a path: by the plural before it.</summary>
    public string PathWord(string plural, ApiParameter parameter, TenantKey tenant, Random random) => (plural, parameter.Name) switch
    {
        ("turns", _) => Word(parameter.Schema, "turn_id", tenant, random),
        (_, "id") when TypeOf(document.Resolve(parameter.Schema)) is not "integer" => Word(parameter.Schema, plural, tenant, random),
        ("jobs", _) => Known(tenant, "jobs", random),
        _ => Word(parameter.Schema, parameter.Name, tenant, random),
    };

    private string Content(TenantKey tenant, string name, Random random)
    {
        var hostile = random.Next(25) == 0;
        var text = hostile ? HostileTexts.Text(random) : Said[random.Next(Said.Length)];
        if (name == "query")
            return text.Length > 4000 ? text[..4000] : text;
        return random.Next(4) == 0 && text.Length < 99_000 ? $"{text} {tenant.Mark}" : text;
    }

    // An id of another tenant now and then: it must look like one that there is not.
    private string Known(TenantKey tenant, string kind, Random random)
    {
        var whose = random.Next(8) == 0 ? tenants[random.Next(tenants.Count)] : tenant;
        return known.Pick(whose.Tenant, kind, random) ?? "1";
    }

    private JsonTree Members(JsonElement schema, string name, TenantKey tenant, Random random, int depth)
    {
        if (!schema.TryGetProperty("properties", out var properties) || depth > DepthMax)
            return JsonTree.Raw(name == "metadata"
                ? Pick(random, "{}", "{\"site\":\"north\",\"n\":4}", "{\"tags\":[\"a\",\"b\"],\"deep\":{\"x\":null}}") : "{}");
        var required = schema.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(static each => each.GetString()).ToHashSet() : [];
        var members = new List<(string, JsonTree)>();
        foreach (var property in properties.EnumerateObject())
        {
            if (required.Contains(property.Name) || random.Next(4) == 0)
                members.Add((property.Name, Of(property.Value, property.Name, tenant, random, depth + 1)));
        }

        return new JsonTree.JsonMembers(members);
    }

    private JsonTree.JsonItems Items(JsonElement schema, string name, TenantKey tenant, Random random, int depth)
    {
        var count = name switch
        {
            "sources" => random.Next(2),
            "turns" => random.Next(30) == 0 ? random.Next(1, 200) : random.Next(1, 8),
            _ => random.Next(1, 3),
        };
        var items = schema.TryGetProperty("items", out var item) ? item : default;
        return new JsonTree.JsonItems(
            [.. Enumerable.Range(0, count)
            .Select(_ => item.ValueKind == JsonValueKind.Undefined ? JsonTree.Raw("1") : Of(items, name, tenant, random, depth + 1))]);
    }

    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) ? "object" : "string";
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(static each => each.GetString()!).First(static each => each != "null")
            : type.GetString()!;
    }

    private static long Bound(JsonElement schema, string name, long otherwise) =>
        schema.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number && bound.TryGetInt64(out var value)
            ? Math.Clamp(value, -1_000_000, 1_000_000)
            : otherwise;

    private static string Time(Random random) => random.Next(12) switch
    {
        0 => "0001-01-01T00:00:00Z",
        1 => "9999-12-31T23:59:59Z",
        _ => Epoch.AddMinutes(random.Next(0, 500_000)).ToOffset(TimeSpan.FromMinutes(random.Next(-3, 4) * 90))
            .ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
    };

    private static string Numbered(string prefix, int count, Random random) =>
        prefix + random.Next(count).ToString(CultureInfo.InvariantCulture);

    private static string Pick(Random random, params string[] words) => words[random.Next(words.Length)];
}
