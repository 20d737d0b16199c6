using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Scripted.Collector;

/// <summary>An OpenTelemetry collector for tests: keeps what is sent to it by OTLP over HTTP.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SemaphoreSlim arrivals = new(0);

    private OtlpCollector(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    /// <summary>By path, everything that was sent to it, each byte a character.</summary>
    public ConcurrentDictionary<string, string> Bodies { get; } = new(StringComparer.Ordinal);

    /// <summary>The header x-key of each request; null where it had none.</summary>
    public ConcurrentQueue<string?> Keys { get; } = new();

    /// <summary>The spans that have come, of all processes.</summary>
    public ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector(WebApplication.CreateSlimBuilder().Build());
        collector.app.Urls.Add("http://127.0.0.1:0");
        collector.app.Run(collector.TakeAsync);
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>The spans of a trace, when all that is asked for has come.</summary>
    /// <exception cref="OperationCanceledException">It had not within <paramref name="patience"/>.</exception>
    public async Task<IReadOnlyList<OtlpSpan>> WhenAsync(string trace, Func<IReadOnlyList<OtlpSpan>, bool> complete, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        while (true)
        {
            OtlpSpan[] spans = [.. Spans.Where(span => span.Trace == trace)];
            if (complete(spans))
                return spans;
            await arrivals.WaitAsync(late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        arrivals.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var text = Encoding.Latin1.GetString(body.ToArray());
        Bodies.AddOrUpdate(http.Request.Path, text, (_, before) => before + text);
        Keys.Enqueue(http.Request.Headers["x-key"]);
        if (http.Request.Path != "/v1/traces")
            return;
        foreach (var span in OtlpSpan.ReadAll(body.ToArray()))
            Spans.Enqueue(span);
        arrivals.Release();
    }
}
