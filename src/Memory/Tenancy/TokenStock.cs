namespace MemoryOrleans.Tenancy;

/// <summary>What was given out of a stock.</summary>
/// <param name="Granted">0 when there was less than the least that was asked for.</param>
/// <param name="Left">What is left in the stock.</param>
/// <param name="RetryAfter">When there will be the least asked for; zero when it was granted.</param>
public readonly record struct LeaseGrant(long Granted, long Left, TimeSpan RetryAfter);

/// <summary>A minute's permits of one kind: so many at once, and they come back evenly over the minute. For one caller at a time.</summary>
public sealed class TokenStock
{
    private const double SecondsOfMinute = 60;

    // Below zero after the limit was lowered.
    private double left = double.NaN;
    private long limit;
    private DateTimeOffset at;

    /// <summary>Gives up to <paramref name="wanted"/>, or nothing when there is less than <paramref name="least"/>.</summary>
    /// <param name="perMinute">The limit in force; a change takes effect at once, and changing it to and fro gives nothing.</param>
    public LeaseGrant Take(long perMinute, long wanted, long least, DateTimeOffset now)
    {
        var perSecond = perMinute / SecondsOfMinute;
        var passed = Math.Max(0, (now - at).TotalSeconds);
        left = double.IsNaN(left) ? perMinute : Math.Min(perMinute, left + (perMinute - limit) + (passed * perSecond));
        (at, limit) = (now, perMinute);
        if (left < least)
            return new LeaseGrant(0, Math.Max(0, (long)left), TimeSpan.FromSeconds(Math.Min(SecondsOfMinute, (least - left) / perSecond)));
        var granted = Math.Min(wanted, (long)left);
        left -= granted;
        return new LeaseGrant(granted, (long)left, TimeSpan.Zero);
    }
}
