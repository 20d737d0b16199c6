using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Scripted;

/// <summary>A request to the chat model as it came over the wire.</summary>
public sealed record SeenChat(JsonObject Body, string? Authorization)
{
    public string System => Body["messages"]![0]!["content"]!.GetValue<string>();

    /// <summary>What the user message holds, which is JSON.</summary>
    public JsonObject Data => JsonNode.Parse(Body["messages"]![1]!["content"]!.GetValue<string>())!.AsObject();

    public IEnumerable<JsonObject> Turns =>
        Data["episodes"]!.AsArray().SelectMany(static episode => episode!["turns"]!.AsArray()).Select(static turn => turn!.AsObject());
}

/// <summary>What the server does with a request.</summary>
/// <param name="Content">The message's content; null: none, as in a refusal.</param>
public sealed record ChatReply(string? Content, int Status = 200)
{
    public string? RetryAfter { get; init; }

    /// <summary>The whole body instead of one of the protocol.</summary>
    public string? Body { get; init; }

    /// <summary>Does not answer until the caller goes away.</summary>
    public bool Hangs { get; init; }
}

/// <summary>A chat model on a loopback port that answers as its script says. Speaks OpenAI's protocol.</summary>
public sealed class ScriptedChat : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly List<SeenChat> seen = [];
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedChat(Func<SeenChat, ChatReply> script)
    {
        Script = script;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        app = builder.Build();
        app.MapPost("/v1/chat/completions", AnswerAsync);
    }

    public Uri Url => new($"{app.Urls.First()}/v1");

    public Func<SeenChat, ChatReply> Script { get; set; }

    /// <summary>When the first request has come in.</summary>
    public Task WhenAsked => asked.Task;

    public IReadOnlyList<SeenChat> Seen
    {
        get
        {
            lock (gate)
                return [.. seen];
        }
    }

    public static async Task<ScriptedChat> StartAsync(Func<SeenChat, ChatReply> script)
    {
        var server = new ScriptedChat(script);
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = new SeenChat((await JsonNode.ParseAsync(context.Request.Body))!.AsObject(), context.Request.Headers.Authorization);
        lock (gate)
            seen.Add(request);
        asked.TrySetResult();
        var reply = Script(request);
        if (reply.Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }

        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } pause)
            context.Response.Headers.RetryAfter = pause;

        // Real servers repeat in their failures what they were sent, key included.
        await context.Response.WriteAsync(reply.Body ?? (reply.Status == 200
            ? new JsonObject { ["choices"] =
            new JsonArray(new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = reply.Content },
            ["finish_reason"] = "stop" }) }.ToJsonString()
            : $"{request.Authorization} {request.Body}"));
    }
}
