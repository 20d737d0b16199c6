using MemoryOrleans.Gateway.Settings;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>A rate limit's permits: so many at once, and they come back evenly over the window.</summary>
internal sealed class TokenBucket(RateLimit limit, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly double perSecond = limit.Requests / limit.Window.TotalSeconds;
    private double tokens = limit.Requests;
    private long at = time.GetTimestamp();

    /// <summary>Takes one; else says when there is one again.</summary>
    public bool TryTake(out TimeSpan retryAfter)
    {
        lock (gate)
        {
            Refill();
            retryAfter = TimeSpan.Zero;
            if (tokens >= 1)
            {
                tokens--;
                return true;
            }

            retryAfter = TimeSpan.FromSeconds((1 - tokens) / perSecond);
            return false;
        }
    }

    public bool IsEmpty => Left < 1;

    public bool IsFull => Left >= limit.Requests;

    private double Left
    {
        get
        {
            lock (gate)
            {
                Refill();
                return tokens;
            }
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        tokens = Math.Min(limit.Requests, tokens + (time.GetElapsedTime(at, now).TotalSeconds * perSecond));
        at = now;
    }
}
