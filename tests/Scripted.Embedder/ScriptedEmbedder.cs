using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Scripted;

/// <summary>
/// An embedding server on a loopback port that answers deterministic vectors, or misbehaves as told: by
/// <see cref="Behaviour"/> in this process, by <c>/control</c> from another (GET: what was asked; PUT: a behaviour; DELETE:
/// as at the start). Speaks OpenAI's and Gemini's protocols.
/// </summary>
public sealed class ScriptedEmbedder : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly Script script = new();
    private readonly WebApplication app;
    private readonly int ownDimensions;

    private ScriptedEmbedder(int port, int dimensions)
    {
        ownDimensions = dimensions;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        app = builder.Build();
        app.MapPost("/v1/embeddings", context => AnswerAsync(context, isGemini: false));
        app.MapPost("/v1beta/models/{**call}", context => AnswerAsync(context, isGemini: true));
        app.MapGet("/control", ShowAsync);
        app.MapPut("/control", ChangeAsync);
        app.MapDelete("/control", context =>
        {
            script.Clear();
            return ShowAsync(context);
        });
    }

    /// <summary>The base address of OpenAI's protocol.</summary>
    public Uri OpenAiUrl => new($"{app.Urls.First()}/v1");

    /// <summary>The base address of Gemini's protocol.</summary>
    public Uri GeminiUrl => new($"{app.Urls.First()}/v1beta");

    public Behaviour Behaviour
    {
        get => script.Behaviour;
        set => script.Behaviour = value;
    }

    /// <summary>The last 1,000, oldest first.</summary>
    public IReadOnlyList<SeenRequest> Seen => script.Seen;

    public long Requests => script.Requests;

    /// <summary>The most requests that were under way at a time.</summary>
    public int UnderWayMost => script.UnderWayMost;

    /// <param name="port">0: any that is free.</param>
    /// <param name="dimensions">Of vectors when a request names none.</param>
    public static async Task<ScriptedEmbedder> StartAsync(int port = 0, int dimensions = 64, CancellationToken cancel = default)
    {
        var server = new ScriptedEmbedder(port, dimensions);
        await server.app.StartAsync(cancel);
        return server;
    }

    /// <summary>When so many requests have come in since the start, answered or not.</summary>
    public Task WhenRequestsAsync(long count) => script.WhenRequestsAsync(count);

    /// <summary>Runs until a signal.</summary>
    public Task WhenStoppedAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        script.Behaviour = Behaviour.Normal;
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, bool isGemini)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = isGemini
            ? EmbeddingAnswer.ReadGemini(context.Request.Path, body, context.Request.Headers["x-goog-api-key"])
            : EmbeddingAnswer.ReadOpenAi(context.Request.Path, body, context.Request.Headers.Authorization);
        var (behaviour, changed) = script.Begin(request);
        try
        {
            if (behaviour.DelayMilliseconds > 0)
                await Task.Delay(behaviour.DelayMilliseconds, context.RequestAborted);
            if (behaviour.Act == Act.Hang)
                await changed.WaitAsync(context.RequestAborted);
            await PlayAsync(context, request, behaviour, isGemini);
        }
        catch (OperationCanceledException)
        {
            // The caller went away.
        }
        finally
        {
            script.End();
        }
    }

    private Task PlayAsync(HttpContext context, SeenRequest request, Behaviour behaviour, bool isGemini)
    {
        if (behaviour.RefusesDimensions && request.Dimensions is not null)
            return RefuseAsync(context, request, behaviour, 400);
        if (request.Texts.Count > behaviour.TextsMax)
            return RefuseAsync(context, request, behaviour, 413);
        if (behaviour.RefusesTextsWith is { } part && request.Texts.Any(text => text.Contains(part, StringComparison.Ordinal)))
            return RefuseAsync(context, request, behaviour, 400);
        switch (behaviour.Act)
        {
            case Act.Refuse:
                return RefuseAsync(context, request, behaviour, behaviour.Status);
            case Act.Drop:
                context.Abort();
                return Task.CompletedTask;
            case Act.CutShort:
                return CutShortAsync(context, EmbeddingAnswer.Write(request, behaviour, ownDimensions, isGemini));
            case Act.Garbage:
                return context.Response.WriteAsync("<html><body>Sign in to use this network</body></html>");
            case Act.OtherProtocol:
                return context.Response.WriteAsync("""{"result":[[1,2,3]]}""");
            default:
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(EmbeddingAnswer.Write(request, behaviour, ownDimensions, isGemini));
        }
    }

    private static Task RefuseAsync(HttpContext context, SeenRequest request, Behaviour behaviour, int status)
    {
        context.Response.StatusCode = status;
        if (behaviour.RetryAfter is not null)
            context.Response.Headers.RetryAfter = behaviour.RetryAfter;
        if (status is >= 300 and < 400)
            context.Response.Headers.Location = "/v1/embeddings";
        return context.Response.WriteAsync(behaviour.RetryDelay is { } delay
            ? JsonSerializer.Serialize(new { error = new { code = status, details = new[] { new { retryDelay = delay } } } })
            : $"{request.Authorization} {request.ApiKey} {request.Body}");
    }

    private static async Task CutShortAsync(HttpContext context, string answer)
    {
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(answer);
        await context.Response.WriteAsync(answer[..(answer.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private Task ShowAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new { script.Requests, script.Texts, script.UnderWay, script.UnderWayMost, script.Behaviour }, Json);

    private async Task ChangeAsync(HttpContext context)
    {
        try
        {
            script.Behaviour = await context.Request.ReadFromJsonAsync<Behaviour>(Json) ?? Behaviour.Normal;
            await ShowAsync(context);
        }
        catch (JsonException wrong)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(wrong.Message);
        }
    }
}
