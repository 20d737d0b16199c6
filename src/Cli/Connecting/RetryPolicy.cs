using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>
/// Repeats a request that may be repeated: after 429 and 503 as the server asks, and after silence of a server that has
/// answered before, for instance while it restarts. Bounded: the last failure is the caller's.
/// </summary>
/// <param name="waiting">Told how long is waited, and why.</param>
internal sealed class RetryPolicy(TimeProvider time, Action<TimeSpan, string> waiting)
{
    private const int RefusalsMax = 12;
    private const int SilencesMax = 5;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private bool answered;

    public async Task<T> RunAsync<T>(Func<Task<T>> request, CancellationToken cancel)
    {
        var refusals = 0;
        var silences = 0;
        while (true)
        {
            TimeSpan wait;
            string why;
            try
            {
                var answer = await request();
                answered = true;
                return answer;
            }
            catch (MemoryApiException refusal) when (refusal.Status is 429 or 503 && ++refusals < RefusalsMax)
            {
                answered = true;
                wait = refusal.RetryAfter ?? Backoff(refusals);
                why = refusal.Status == 429 ? "the memory's rate limit is reached" : "the memory is busy";
            }
            catch (Exception silence) when (answered && Failure.IsSilence(silence) && ++silences < SilencesMax)
            {
                wait = Backoff(silences);
                why = "the memory does not answer";
            }

            wait = wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
            waiting(wait, why);
            await Task.Delay(wait, time, cancel);
        }
    }

    private static TimeSpan Backoff(int attempt) => TimeSpan.FromSeconds(0.5 * Math.Pow(2, attempt - 1));
}
