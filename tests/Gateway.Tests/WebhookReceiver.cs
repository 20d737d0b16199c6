using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>A delivery as it came over the wire.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>As a receiver does it that knows nothing of this code: the Standard Webhooks' own steps.</summary>
    public bool IsSignedWith(string secret)
    {
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
        return Signature.Split(' ').Contains(expected, StringComparer.Ordinal);
    }
}

/// <summary>A receiver on a port of its own, that answers as it is told and keeps what it was sent.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Received> received = Channel.CreateUnbounded<Received>();
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app)
    {
        this.app = app;
        app.MapPost("/{path}", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            string Header(string name) => http.Request.Headers[name].ToString();
            var delivery = new Received(Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"),
                await reader.ReadToEndAsync());
            Assert.Equal("application/json", http.Request.ContentType);
            http.Response.StatusCode = Statuses.TryDequeue(out var status) ? status : StatusCodes.Status204NoContent;
            http.Response.Headers.Location = "/elsewhere";
            await received.Writer.WriteAsync(delivery);
        });
    }

    /// <summary>What it answers next; then 204.</summary>
    public ConcurrentQueue<int> Statuses { get; } = new();

    public string Url => app.Urls.First() + "/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        await receiver.app.StartAsync();
        return receiver;
    }

    public async Task<Received> NextAsync() => await received.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<IReadOnlyList<Received>> NextAsync(int count)
    {
        var all = new List<Received>();
        while (all.Count < count)
            all.Add(await NextAsync());
        return all;
    }

    /// <summary>Whether all that came has been looked at.</summary>
    public bool IsEmpty => !received.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
