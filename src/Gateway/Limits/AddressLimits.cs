using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Settings;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// MEMORY_UNAUTHENTICATED_RATE_LIMIT: what one address may ask without a valid key. Wrong keys count here and nowhere else, so
/// that whoever sends them spends nothing of those who have one. When an address has spent it, keys short
/// enough to be guessed are not even tried, but those that were valid from there before: guessing them goes at this rate and no
/// faster. Of longer keys there are too many for any rate; they go on, also behind one proxy with whoever guesses.
/// </summary>
internal sealed class AddressLimits(GatewayOptions options, TimeProvider time)
{
    private const int AddressesMax = 10_000;

    private readonly RateLimit? limit = options.Limits.UnauthenticatedRateLimit;
    private readonly ConcurrentDictionary<IPAddress, TokenBucket> buckets = new();
    private readonly ConcurrentDictionary<(IPAddress, string), bool> trusted = new();
    private TokenBucket? others;
    private volatile bool hasCounted;
    private long sweptAt;

    /// <summary>Takes one of the address's requests; else says when it has one again.</summary>
    public bool TryTake(IPAddress address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return limit is null || BucketOf(Network(address), limit).TryTake(out retryAfter);
    }

    /// <summary>Whether the address has none left.</summary>
    public bool IsSpent(IPAddress address) => hasCounted && buckets.TryGetValue(Network(address), out var bucket) && bucket.IsEmpty;

    /// <summary>Whether a key that is valid may be used from the address now.</summary>
    public bool Allows(IPAddress address, Caller caller) =>
        !caller.IsGuessable || !hasCounted || !buckets.TryGetValue(Network(address), out var bucket) || !bucket.IsEmpty
        || trusted.ContainsKey((Network(address), caller.Id));

    /// <summary>Notes that the key was valid from the address.</summary>
    public void Trust(IPAddress address, Caller caller)
    {
        var pair = (Network(address), caller.Id);
        if (trusted.ContainsKey(pair))
            return;
        if (trusted.Count >= AddressesMax)
            trusted.Clear();
        trusted.TryAdd(pair, true);
    }

    private TokenBucket BucketOf(IPAddress address, RateLimit rate)
    {
        if (buckets.TryGetValue(address, out var bucket))
            return bucket;
        hasCounted = true;
        if (buckets.Count >= AddressesMax && !Sweep())
            return others ??= new TokenBucket(rate, time);
        return buckets.GetOrAdd(address, static (_, made) => new TokenBucket(made.rate, made.time), (rate, time));
    }

    /// <summary>Forgets who has asked nothing for long, at most once a second; false when there is still no room.</summary>
    private bool Sweep()
    {
        var last = Interlocked.Read(ref sweptAt);
        if (time.GetElapsedTime(last) > TimeSpan.FromSeconds(1)
            && Interlocked.CompareExchange(ref sweptAt, time.GetTimestamp(), last) == last)
        {
            foreach (var (address, bucket) in buckets)
            {
                if (bucket.IsFull)
                    buckets.TryRemove(address, out _);
            }
        }

        return buckets.Count < AddressesMax;
    }

    /// <summary>Of IPv6 the /64: whoever has one address there has them all.</summary>
    private static IPAddress Network(IPAddress address)
    {
        const int NetworkBytes = 8;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
