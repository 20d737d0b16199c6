using System.Net;

namespace MemoryOrleans.Client;

/// <summary>
/// A message handler that sends again what may be sent again, after 429 and 503 as the server asks and after silence: requests that
/// read (recall and search among them), what is kept from taking effect twice by an Idempotency-Key or by ids, and what makes the same
/// thing of the same words (entities, observations, relations). All else is the caller's to decide. Put it around the handler of the
/// <see cref="HttpClient"/> that a <see cref="MemoryClient"/> is given.
/// </summary>
/// <param name="attemptsMax">Attempts in all, 1..100; the last one's failure is the caller's.</param>
public sealed class RetrySafely(TimeProvider time, int attemptsMax = 4) : DelegatingHandler
{
    /// <summary>Set by the client on requests that are safe for other reasons than their method or a key.</summary>
    internal static readonly HttpRequestOptionsKey<bool> SafeToRepeat = new("memory.safe_to_repeat");

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Whether sending the request twice does what sending it once does.</summary>
    public static bool IsSafe(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || (request.Content is null or ByteArrayContent
            && (request.Headers.Contains("Idempotency-Key") || (request.Options.TryGetValue(SafeToRepeat, out var safe) && safe)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var isLast = attempt >= attemptsMax || !IsSafe(request);
            TimeSpan wait;
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (isLast || response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    return response;
                wait = response.Headers.RetryAfter?.Delta ?? Backoff(attempt);
                response.Dispose();
            }
            catch (HttpRequestException) when (!isLast)
            {
                wait = Backoff(attempt);
            }

            await Task.Delay(wait < Shortest ? Shortest : wait > Longest ? Longest : wait, time, cancellationToken);
        }
    }

    private static TimeSpan Backoff(int attempt) => Shortest * Math.Pow(2, attempt - 1);
}
