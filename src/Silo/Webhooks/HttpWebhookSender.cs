using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using MemoryOrleans.Events;

namespace MemoryOrleans.Silo.Webhooks;

/// <summary>
/// Posts deliveries. Where a name leads is looked at when the connection is made, so that one that changes after a look leads nowhere
/// else; redirects are not followed, and no proxy is asked, which would look it up itself. Of an answer only status and Retry-After are
/// read.
/// </summary>
internal sealed class HttpWebhookSender : IWebhookSender, IDisposable
{
    private readonly HttpClient http;
    private readonly WebhookLimits limits;

    public HttpWebhookSender(WebhookLimits limits)
    {
        this.limits = limits;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = limits.Concurrency, ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("MemoryOrleans-Webhooks", "1"));
    }

    public async Task<DeliveryAnswer> SendAsync(SignedDelivery delivery, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(limits.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", delivery.Seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", delivery.Signature);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode
                ? new DeliveryAnswer(status, null)
                : new DeliveryAnswer(status, string.Create(CultureInfo.InvariantCulture, $"The receiver answered {status}."),
                RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DeliveryAnswer(
                null, string.Create(CultureInfo.InvariantCulture,
                $"The receiver did not answer within {limits.Timeout.TotalSeconds} seconds."));
        }
        catch (HttpRequestException failure)
        {
            return new DeliveryAnswer(null, Explain(failure));
        }
    }

    public void Dispose() => http.Dispose();

    private static string Explain(HttpRequestException failure) => failure.GetBaseException() switch
    {
        PrivateAddressException => "The receiver's name leads to no address of the internet.",
        SocketException socket => $"The receiver cannot be reached: {socket.SocketErrorCode}.",
        _ => $"The receiver cannot be reached: {failure.HttpRequestError}.",
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        var reachable = limits.AllowsPrivate ? addresses : Array.FindAll(addresses, PublicAddress.Is);
        if (reachable.Length == 0)
            throw new PrivateAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A webhook's name leads to this machine, its network or nowhere.</summary>
    private sealed class PrivateAddressException : IOException;
}
