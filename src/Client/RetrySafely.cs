using System.Net;

namespace MemoryOrleans.Client;

/// <summary>
/// A message handler that sends again what may be sent again, after 429 and 503 as the server asks and after silence: requests that
/// read, and appends that carry an Idempotency-Key. All else is the caller's to decide. Put it around the handler of the
/// <see cref="HttpClient"/> that a <see cref="MemoryClient"/> is given.
/// </summary>
/// <param name="attemptsMax">Attempts in all, 1..100; the last one's failure is the caller's.</param>
public sealed class RetrySafely(TimeProvider time, int attemptsMax = 4) : DelegatingHandler
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Whether sending the request twice does what sending it once does.</summary>
    public static bool IsSafe(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || (request.Headers.Contains("Idempotency-Key") && request.Content is null or ByteArrayContent);

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
