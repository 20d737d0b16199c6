using System.Diagnostics;

namespace MemoryOrleans.Client;

/// <summary>One request as a trace shows it: method, server and status, never ids or content.</summary>
internal readonly struct ClientActivity(Activity? activity) : IDisposable
{
    /// <summary>The name to give to <c>AddSource</c>.</summary>
    public const string SourceName = "MemoryOrleans.Client";

    private static readonly ActivitySource Source = new(SourceName, typeof(ClientActivity).Assembly.GetName().Version!.ToString(3));

    public static ClientActivity Start(HttpRequestMessage request)
    {
        if (Source.StartActivity($"{request.Method} {KindOf(request.RequestUri!)}", ActivityKind.Client) is not { } started)
            return default;
        started.SetTag("http.request.method", request.Method.Method);
        started.SetTag("server.address", request.RequestUri!.Host);
        started.SetTag("server.port", request.RequestUri.Port);
        return new ClientActivity(started);
    }

    public void Answered(HttpResponseMessage response)
    {
        activity?.SetTag("http.response.status_code", (int)response.StatusCode);
        if (activity is not null && response.Headers.TryGetValues("X-Request-Id", out var ids))
            activity.SetTag("memory.request_id", ids.First());
    }

    public void Failed(Exception failure)
    {
        activity?.SetTag("error.type", failure is MemoryApiException refusal ? refusal.Code : failure.GetType().Name);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => activity?.Dispose();

    // The collection, like v1/sessions: what follows may be an id.
    private static string KindOf(Uri uri)
    {
        var segments = uri.Segments;
        var at = Array.IndexOf(segments, "v1/");
        if (at < 0 || at + 1 >= segments.Length)
            return "/";
        var kind = "v1/" + segments[at + 1].TrimEnd('/');
        return kind == "v1/admin" && at + 2 < segments.Length ? $"{kind}/{segments[at + 2].TrimEnd('/')}" : kind;
    }
}
