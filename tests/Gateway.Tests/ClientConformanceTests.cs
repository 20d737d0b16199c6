using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The .NET client by clients/conformance.json, which every client runs.</summary>
public sealed partial class ClientConformanceTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private static readonly JsonSerializerOptions Json = MemoryJsonContext.Default.Options;

    private readonly MemoryClient client = fixture.Gateway.Client;
    private readonly Dictionary<string, string> saved = new(StringComparer.Ordinal) { ["run"] = "net-" + Guid.NewGuid() };

    [Fact]
    public async Task The_client_does_what_every_client_must_do()
    {
        var script = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "clients/conformance.json")))!;
        foreach (var (number, step) in script["steps"]!.AsArray().Index())
            await CheckAsync($"step {number + 1}, {step!["call"]}", step.AsObject());
    }

    private async Task CheckAsync(string name, JsonObject step)
    {
        var arguments = Fill(step["args"])!.AsArray();
        if (step["problem"]?.GetValue<string>() is { } code)
        {
            var problem = await Record.ExceptionAsync(() => CallAsync(step["call"]!.GetValue<string>(), arguments));
            var refused = Assert.IsType<MemoryApiException>(problem);
            Assert.True(code == refused.Code, $"{name}: {refused.Code}");
            foreach (var field in step["fields"]?.AsArray() ?? [])
                Assert.Contains(refused.Errors, each => each.Field == field!.GetValue<string>());
            return;
        }

        var (answer, version, replayed) = await CallAsync(step["call"]!.GetValue<string>(), arguments);
        foreach (var (path, value) in Fill(step["expect"])?.AsObject() ?? [])
            Assert.True(JsonNode.DeepEquals(value, At(answer, path)),
                $"{name}: {path} is {At(answer, path)?.ToJsonString()}, not {value?.ToJsonString()}");
        foreach (var (path, length) in step["count"]?.AsObject() ?? [])
            Assert.True(length!.GetValue<int>() == At(answer, path)!.AsArray().Count,
                $"{name}: {path} has {At(answer, path)!.AsArray().Count}");
        if (step["replayed"]?.GetValue<bool>() is { } wanted)
            Assert.True(wanted == replayed, $"{name}: replayed is {replayed}");
        foreach (var (key, path) in step["save"]?.AsObject() ?? [])
            saved[key] = path!.GetValue<string>() == "@version"
                ? version.ToString(CultureInfo.InvariantCulture) : At(answer, path.GetValue<string>())!.ToString();
    }

    private Task<(JsonNode? Answer, long Version, bool Replayed)> CallAsync(string call, JsonArray args) => call switch
    {
        "append_turn" => Versioned(client.AppendAsync(Id(args), As<AppendTurnRequest>(args, 1), Conditions(args, 2))),
        "append_turns" => Versioned(client.AppendAsync(Id(args), As<AppendTurnsRequest>(args, 1), Conditions(args, 2))),
        "get_session" => Plain(client.GetSessionAsync(Id(args))),
        "list_sessions" => Plain(client.ListSessionsAsync(Text(args, 0, "user_id"))),
        "list_turns" => Plain(client.ListTurnsAsync(Id(args), Number(args, 1, "limit"), Text(args, 1, "cursor"))),
        "turns" => All(client.EnumerateTurnsAsync(Id(args))),
        "sessions" => All(client.EnumerateSessionsAsync(Text(args, 0, "user_id"))),
        "get_working_memory" => Plain(client.GetWorkingMemoryAsync(Id(args))),
        "get_context" => Plain(client.GetContextAsync(Id(args), Text(args, 1, "query"), Number(args, 1, "max_tokens"))),
        "recall" => Plain(client.RecallAsync(As<RecallRequest>(args, 0))),
        "distil" => Plain(client.DistilAsync(Id(args))),
        "get_distillation" => Plain(client.GetDistillationAsync(Id(args))),
        "close_session" => Plain(client.CloseSessionAsync(Id(args))),
        "delete_turn" => Nothing(client.DeleteTurnAsync(Id(args), args[1]!.GetValue<string>())),
        "delete_session" => Nothing(client.DeleteSessionAsync(Id(args))),
        "erase" => Plain(client.EraseUserAsync(Text(args, 0, "user_id")!)),
        "get_erasure" => Plain(client.GetErasureAsync(Id(args))),
        _ when call.Contains("key", StringComparison.Ordinal) => CallKeysAsync(call, args),
        _ when call.Contains("webhook", StringComparison.Ordinal) || call == "list_deliveries" => CallWebhooksAsync(call, args),
        _ when call.Contains("memor", StringComparison.Ordinal) => CallMemoriesAsync(call, args),
        _ => CallGraphAsync(call, args),
    };

    private Task<(JsonNode? Answer, long Version, bool Replayed)> CallKeysAsync(string call, JsonArray args) => call switch
    {
        "make_key" => Plain(client.MakeKeyAsync(As<MakeKeyRequest>(args, 0))),
        "get_key" => Plain(client.GetKeyAsync(Id(args))),
        "list_keys" => Plain(client.ListKeysAsync()),
        "rotate_key" => Plain(client.RotateKeyAsync(Id(args), As<RotateKeyRequest>(args, 1))),
        "revoke_key" => Plain(client.RevokeKeyAsync(Id(args))),
        _ => throw new InvalidOperationException(call),
    };

    private Task<(JsonNode? Answer, long Version, bool Replayed)> CallWebhooksAsync(string call, JsonArray args) => call switch
    {
        "make_webhook" => Plain(client.MakeWebhookAsync(As<WebhookRequest>(args, 0))),
        "get_webhook" => Plain(client.GetWebhookAsync(Id(args))),
        "list_webhooks" => Plain(client.ListWebhooksAsync()),
        "change_webhook" => Plain(client.ChangeWebhookAsync(Id(args), As<WebhookPatch>(args, 1))),
        "rotate_webhook" => Plain(client.RotateWebhookAsync(Id(args), As<RotateWebhookRequest>(args, 1))),
        "test_webhook" => Plain(client.TestWebhookAsync(Id(args))),
        "list_deliveries" => Plain(client.ListDeliveriesAsync(Id(args), Number(args, 1, "limit"))),
        "remove_webhook" => Nothing(client.RemoveWebhookAsync(Id(args))),
        _ => throw new InvalidOperationException(call),
    };

    private Task<(JsonNode? Answer, long Version, bool Replayed)> CallMemoriesAsync(string call, JsonArray args) => call switch
    {
        "write_memory" => Versioned(client.WriteMemoryAsync(As<WriteMemoryRequest>(args, 0))),
        "get_memory" => Plain(client.GetMemoryAsync(Id(args))),
        "list_memories" => Plain(client.ListMemoriesAsync(Filter(args))),
        "memories" => All(client.EnumerateMemoriesAsync(Filter(args))),
        "edit_memory" => Versioned(client.EditMemoryAsync(Id(args), As<EditMemoryRequest>(args, 1), Conditions(args, 2)?.IfMatch)),
        "undo_memory" => Plain(client.UndoMemoryAsync(Id(args))),
        "get_memory_history" => Plain(client.GetMemoryHistoryAsync(Id(args))),
        "cite_memory" => Plain(client.CiteMemoryAsync(Id(args))),
        "delete_memory" => Nothing(client.DeleteMemoryAsync(Id(args))),
        _ => throw new InvalidOperationException(call),
    };

    private Task<(JsonNode? Answer, long Version, bool Replayed)> CallGraphAsync(string call, JsonArray args) => call switch
    {
        "upsert_entity" => Versioned(client.UpsertEntityAsync(As<EntityRequest>(args, 0))),
        "edit_entity" => Versioned(client.EditEntityAsync(Id(args), As<EntityPatch>(args, 1))),
        "get_entity" => Plain(client.GetEntityAsync(Id(args), Time(args, 1, "as_of_valid"))),
        "list_entities" => Plain(client.ListEntitiesAsync(userId: Text(args, 0, "user_id"))),
        "entities" => All(client.EnumerateEntitiesAsync(userId: Text(args, 0, "user_id"))),
        "delete_entity" => Plain(client.DeleteEntityAsync(Id(args))),
        "search_entities" => Plain(client.SearchEntitiesAsync(As<EntitySearchRequest>(args, 0))),
        "add_observations" => Plain(client.AddObservationsAsync(As<ObservationsRequest>(args, 0))),
        "delete_observation" => Nothing(client.DeleteObservationAsync(Id(args))),
        "add_relation" => Versioned(client.AddRelationAsync(As<RelationRequest>(args, 0))),
        "edit_relation" => Versioned(client.EditRelationAsync(Id(args), As<RelationPatch>(args, 1))),
        "delete_relation" => Nothing(client.DeleteRelationAsync(Id(args))),
        "find_path" => Plain(client.FindPathAsync(Id(args), args[1]!.GetValue<string>(), Number(args, 2, "max_hops"))),
        "get_graph_overview" => Plain(client.GetGraphOverviewAsync()),
        _ => throw new InvalidOperationException(call),
    };

    private static async Task<(JsonNode? Answer, long Version, bool Replayed)> Versioned<T>(Task<Versioned<T>> call)
    {
        var answer = await call;
        return (JsonSerializer.SerializeToNode(answer.Value, Json), answer.Version, answer.Replayed);
    }

    private static async Task<(JsonNode? Answer, long Version, bool Replayed)> Plain<T>(Task<T> call) =>
        (JsonSerializer.SerializeToNode(await call, Json), 0, false);

    private static async Task<(JsonNode? Answer, long Version, bool Replayed)> All<T>(IAsyncEnumerable<T> call) =>
        (new JsonArray([.. (await call.ToArrayAsync()).Select(static each => JsonSerializer.SerializeToNode(each, Json))]), 0, false);

    private static async Task<(JsonNode? Answer, long Version, bool Replayed)> Nothing(Task call)
    {
        await call;
        return (null, 0, false);
    }

    private static string Id(JsonArray args) => args[0]!.GetValue<string>();

    private static T As<T>(JsonArray args, int at) => args[at].Deserialize<T>(Json)!;

    private static JsonNode? Member(JsonArray args, int at, string name) => args.Count > at ? args[at]![name] : null;

    private static string? Text(JsonArray args, int at, string name) => Member(args, at, name)?.GetValue<string>();

    private static int? Number(JsonArray args, int at, string name) => Member(args, at, name)?.GetValue<int>();

    private static DateTimeOffset? Time(JsonArray args, int at, string name) =>
        Text(args, at, name) is { } text && Rfc3339.TryParse(text, out var time) ? time : null;

    private static WriteConditions? Conditions(JsonArray args, int at) =>
        args.Count > at ? new WriteConditions(Text(args, at, "idempotency_key"), Member(args, at, "if_match")?.GetValue<long>()) : null;

    private static MemoryListFilter Filter(JsonArray args) => new(Kind: Text(args, 0, "kind"), UserId: Text(args, 0, "user_id"));

    private static JsonNode? At(JsonNode? answer, string path)
    {
        foreach (var part in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            answer = answer is JsonArray items ? items[int.Parse(part, CultureInfo.InvariantCulture)] : answer?[part];
        return answer;
    }

    private JsonNode? Fill(JsonNode? value) =>
        value is null ? null : JsonNode.Parse(Names()
        .Replace(value.ToJsonString(), name => saved.GetValueOrDefault(name.Groups["name"].Value, name.Value)));

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Names();

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return folder.FullName;
    }
}
