using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.InProcess;

/// <summary>
/// Sends requests of an <see cref="HttpClient"/> through the gateway of this process, without a socket: the same checks, scopes, limits
/// and audit as for everybody.
/// </summary>
/// <param name="carrier">The request under way that these are made for; null: a program on this machine.</param>
internal sealed class InProcessHandler(IServiceProvider services, HttpContext? carrier) : HttpMessageHandler
{
    /// <summary>The base address to give the client; the host is what a keyless gateway takes.</summary>
    public static readonly Uri Address = new("http://localhost/");

    private static readonly string[] CredentialHeaders = ["Authorization", "X-Api-Key"];
    private static readonly string[] CarriedHeaders = ["X-Request-Id"];

    private readonly PipelineEntrance entrance = services.GetRequiredService<PipelineEntrance>();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var answer = new MemoryStream();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(await ReadAsync(request, cancellationToken));
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellationToken });
        features.Set<IHttpConnectionFeature>(Connection());
        features.Set(CarriedRequest.Mark);
        var http = new DefaultHttpContext(features) { RequestServices = scope.ServiceProvider };

        await entrance.First(http);
        await http.Response.CompleteAsync();
        return Read(http.Response, answer);
    }

    private static async Task CopyBodyAsync(HttpRequestMessage request, HttpRequestFeature feature, CancellationToken cancel)
    {
        if (request.Content is not { } content)
            return;
        var body = new MemoryStream(await content.ReadAsByteArrayAsync(cancel), writable: false);
        feature.Body = body;
        foreach (var (name, values) in content.Headers)
            feature.Headers.Append(name, values.ToArray());
        feature.Headers.ContentLength = body.Length;
    }

    private static HttpResponseMessage Read(HttpResponse response, MemoryStream answer)
    {
        answer.Position = 0;
        var message = new HttpResponseMessage((HttpStatusCode)response.StatusCode) { Content = new StreamContent(answer) };
        foreach (var (name, values) in response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray()))
                message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return message;
    }

    private async Task<HttpRequestFeature> ReadAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var uri = request.RequestUri!;
        var feature = new HttpRequestFeature
        {
            Protocol = "HTTP/1.1",
            Method = request.Method.Method,
            Scheme = carrier?.Request.Scheme ?? uri.Scheme,
            Path = PathString.FromUriComponent(uri).Value!,
            QueryString = uri.Query,
            RawTarget = uri.PathAndQuery,
        };
        foreach (var (name, values) in request.Headers)
            feature.Headers.Append(name, values.ToArray());
        feature.Headers.Host = carrier?.Request.Headers.Host ?? Address.Host;
        if (carrier is not null)
            CopyHeaders(carrier, feature.Headers);
        await CopyBodyAsync(request, feature, cancel);
        return feature;
    }

    private static void CopyHeaders(HttpContext from, IHeaderDictionary to)
    {
        foreach (var name in CredentialHeaders)
        {
            if (from.Request.Headers.TryGetValue(name, out var value))
                to[name] = value;
        }

        foreach (var name in CarriedHeaders)
            to[name] = from.Response.Headers[name];
    }

    private HttpConnectionFeature Connection() => new()
    {
        RemoteIpAddress = carrier is null ? IPAddress.Loopback : carrier.Connection.RemoteIpAddress,
        LocalIpAddress = carrier is null ? IPAddress.Loopback : carrier.Connection.LocalIpAddress,
    };
}
