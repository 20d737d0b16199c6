using System.Text;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>One request of a seed: an operation of the document, mostly right, broken somewhere in two of five.</summary>
internal sealed class MakeRequest(ApiDocument document, KnownIds known, FuzzPlan plan)
{
    private static readonly string[] BodyTypes =
        ["text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=bogus", "multipart/form-data",
            "application/x-ndjson", "*/*", ";", "application/problem+json"];

    private static readonly (string Name, string Value)[] OddHeaders =
    [
        ("Accept", "text/html;q=x"), ("Accept-Encoding", "gzip, br;q=0, *"), ("traceparent", "00-zz-1-01"),
        ("X-Request-Id", "\u00e9\u00ff"), ("X-Request-Id", "ok-1"),
        ("Range", "bytes=0-1"), ("Content-Encoding", "gzip"), ("Expect", "200-maybe"), ("X-Forwarded-For", "1.2.3.4, evil"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Cookie", "a=b"), ("If-Match", "W/\"1\", \"2\""), ("If-Match", "1"), ("If-None-Match", "\"\""), ("Idempotency-Key", "\u00ff"),
        ("Origin", "null"),
        ("If-Match", "\"99999999999999999999\""), ("baggage", "a=b,,=;"), ("X-Api-Key", ""), ("Accept-Language", "xx-INVALID"),
        ("Prefer", "respond-async"),
    ];

    // Whole tenants go through these, and what ends a tenant's data; often enough at a hundredth of the others' share.
    private static readonly HashSet<string> Rare =
        ["export", "exportAudit", "verifyAudit", "metrics", "prometheusMetrics", "openapi", "erase", "applyRetention", "setTenant",
        "health"];

    // It would take what the other requests go on with.
    private const string Never = "eraseTenant";

    private readonly MakeValue values = new(document, known, plan.Tenants);
    private readonly ApiOperation[] often = [.. document.Operations.Where(static each => !Rare.Contains(each.Id) && each.Id != Never)];
    private readonly ApiOperation[] rare = [.. document.Operations.Where(static each => Rare.Contains(each.Id))];
    private readonly ApiOperation[] writes =
        [.. document.Operations.Where(static each => each.Id is "appendTurn" or "appendTurns" or "writeMemory" or "recall"
        or "getContext")];

    public FuzzRequest Make(int number)
    {
        var random = plan.RandomOf(number);
        var tenant = plan.Tenants[random.Next(plan.Tenants.Count)];
        if (random.Next(40) == 0)
            return ModelContext(number, tenant, random);
        var from = random.Next(10) switch { < 4 => writes, 9 when random.Next(4) == 0 && rare.Length > 0 => rare, _ => often };
        var operation = from[random.Next(from.Length)];
        var headers = new List<(string, string)>();
        AddKey(headers, tenant, random);
        var target = Target(operation, tenant, random);
        AddHeaders(headers, operation, tenant, random);
        var (type, body) = operation.Id == "import" ? (operation.BodyType, MakeExport.Of(tenant, random)) : Body(operation, tenant, random);
        var method = random.Next(200) == 0 ? "PROPFIND" : operation.Method;
        return new FuzzRequest(number, operation.Id, tenant.Tenant, method, target, headers, type, body);
    }

    private static void AddKey(List<(string, string)> headers, TenantKey tenant, Random random) =>
        headers.Add(random.Next(60) switch
        {
            0 => ("X-Api-Key", "wrong-" + random.Next(1000)),
            1 => ("Authorization", "Bearer"),
            2 => ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
            3 => ("Authorization", "Basic " + HostileTexts.Word(random)),
            < 30 => ("Authorization", "Bearer " + tenant.Key),
            _ => ("X-Api-Key", tenant.Key),
        });

    private string Target(ApiOperation operation, TenantKey tenant, Random random)
    {
        var path = new StringBuilder();
        var before = "";
        foreach (var part in operation.Path.Split('/').Skip(1))
        {
            path.Append('/');
            if (!part.StartsWith('{'))
            {
                path.Append(part);
            }
            else if (random.Next(30) == 0)
            {
                path.Append(HostileTexts.Word(random));
            }
            else
            {
                var parameter = operation.Parameters.First(each => each.In == "path" && each.Name == part.Trim('{', '}'));
                path.Append(Uri.EscapeDataString(values.PathWord(before, parameter, tenant, random)));
            }

            before = part;
        }

        var separator = '?';
        foreach (var parameter in operation.Parameters.Where(static each => each.In == "query"))
        {
            if (!parameter.IsRequired && random.Next(3) > 0)
                continue;
            var value = random.Next(15) == 0 ? HostileTexts.Word(random)
                : Uri.EscapeDataString(values.Word(parameter.Schema, parameter.Name, tenant, random));
            path.Append(separator).Append(parameter.Name).Append('=').Append(value);
            separator = '&';
            if (random.Next(60) == 0)
                path.Append(separator).Append(parameter.Name).Append("=2");
        }

        if (random.Next(100) == 0)
            path.Append(separator).Append("no_such=").Append(HostileTexts.Word(random));

        // The client takes no address beyond this, and the server no line.
        return path.Length > 7_000 ? path.ToString(0, 7_000).TrimEnd('%') : path.ToString();
    }

    private void AddHeaders(List<(string, string)> headers, ApiOperation operation, TenantKey tenant, Random random)
    {
        foreach (var parameter in operation.Parameters.Where(static each => each.In == "header"))
        {
            if (random.Next(5) == 0)
                headers.Add((parameter.Name,
                    random.Next(6) == 0 ? HostileTexts.Word(random) : values.Word(parameter.Schema, parameter.Name, tenant, random)));
        }

        if (random.Next(12) == 0)
            headers.Add(OddHeaders[random.Next(OddHeaders.Length)]);
    }

    private (string? Type, byte[]? Body) Body(ApiOperation operation, TenantKey tenant, Random random)
    {
        if (operation.Body is not { } schema)
            return random.Next(40) == 0 ? ("application/json", Encoding.UTF8.GetBytes("{}")) : (null, null);
        var tree = values.Of(schema, operation.Id, tenant, random);
        if (random.Next(4) == 0)
            tree = tree.Broken(random, HostileTexts.Value);
        var json = tree.ToString();
        var body = random.Next(20) == 0 ? BreakBytes.Of(json, random) : Encoding.UTF8.GetBytes(json);
        var type = random.Next(40) == 0 ? BodyTypes[random.Next(BodyTypes.Length)] : operation.BodyType;
        return (random.Next(200) == 0 ? null : type, body);
    }

    // The protocol of tools, which is not in the document.
    private static FuzzRequest ModelContext(int number, TenantKey tenant, Random random)
    {
        string[] methods = ["initialize", "tools/list", "tools/call", "prompts/list", "prompts/get", "resources/list", "resources/read",
            "ping", "no/such"];
        string[] tools = ["recall", "remember", "get_context", "search_entities", "forget", "no_such_tool"];
        var call = JsonTree.Of(System.Text.Json.JsonElement.Parse(
            $$"""
            {"jsonrpc":"2.0","id":{{random.Next(9)}},"method":"{{methods[random.Next(methods.Length)]}}","params":{"name":"{{tools[random.Next(tools.Length)]}}",
             "uri":"memory://sessions/s1","protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"fuzz","version":"1"},
             "arguments":{"query":"Where does Nora live?","content":"Nora lives in Lyon.","limit":3,"session_id":"s1"} } }
            """));
        if (random.Next(3) > 0)
            call = call.Broken(random, HostileTexts.Value);
        var body = random.Next(10) == 0 ? BreakBytes.Of(call.ToString(), random) : Encoding.UTF8.GetBytes(call.ToString());
        return new FuzzRequest(
            number, "mcp", tenant.Tenant, "POST", "/mcp", [("X-Api-Key", tenant.Key), ("Accept", "application/json, text/event-stream")],
            "application/json", body);
    }
}
