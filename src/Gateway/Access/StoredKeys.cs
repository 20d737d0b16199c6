using System.Collections.Concurrent;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Gateway.Access;

/// <summary>
/// The keys of the store as this process knows them. What was read is believed for MEMORY_KEY_CACHE_SECONDS, so that a key that was
/// revoked elsewhere is refused here no later than that; what this process changes it forgets at once.
/// </summary>
internal sealed class StoredKeys(IMemoryHost host, GatewayOptions options, TimeProvider time)
{
    // Of keys that are not there as many are remembered: whoever makes them up does not read the store for each try.
    private const int AbsentMax = 10_000;

    private readonly ConcurrentDictionary<string, Known> found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Known> absent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<Known>> reading = new(StringComparer.Ordinal);
    private long changes;

    /// <summary>Whose key this is, where that is known without a look into the store; false where it is not.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out Caller? caller)
    {
        caller = null;
        if (!KeyText.TryParse(text, out _, out _, out var secret))
            return true;
        var prefix = text[..^(KeyText.SecretLength + 1)];
        if ((!Lookup(found).TryGetValue(prefix, out var known) && !Lookup(absent).TryGetValue(prefix, out known)) || !IsFresh(known))
            return false;
        caller = known.CallerOf(secret, time.GetUtcNow());
        return true;
    }

    /// <summary>True for a key that was there when it was last looked for, however long ago.</summary>
    public bool WasFound(ReadOnlySpan<char> text) =>
        KeyText.TryParse(text, out _, out _, out _) && Lookup(found).ContainsKey(text[..^(KeyText.SecretLength + 1)]);

    /// <summary>Whose key this is; null when it is nobody's, or has ended.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<Caller?> FindAsync(string text, CancellationToken cancel)
    {
        if (!KeyText.TryParse(text, out var tenant, out var id, out _))
            return null;
        var prefix = text[..^(KeyText.SecretLength + 1)];
        var (tenantName, keyId) = (tenant.ToString(), id.ToString());

        // Those who ask at the same time wait for one look; it belongs to none of them.
        var read = reading.GetOrAdd(prefix, _ => ReadAsync(prefix, tenantName, keyId));
        var known = await read.WaitAsync(cancel);
        return known.CallerOf(text.AsSpan()[^KeyText.SecretLength..], time.GetUtcNow());
    }

    /// <summary>The next who asks for it reads the store.</summary>
    public void Forget(string tenant, string id)
    {
        var prefix = KeyText.PrefixOf(tenant, id);
        Interlocked.Increment(ref changes);
        reading.TryRemove(prefix, out _);
        found.TryRemove(prefix, out _);
        absent.TryRemove(prefix, out _);
    }

    private async Task<Known> ReadAsync(string prefix, string tenant, string id)
    {
        // The entry under which others find this task has to be there before the task can remove it.
        await Task.Yield();
        var (before, at) = (Interlocked.Read(ref changes), time.GetTimestamp());
        try
        {
            var key = await host.Keys.FindAsync(tenant, id, CancellationToken.None);
            var known = new Known(key, key is null ? null : ToCaller(tenant, key), at);
            if (before == Interlocked.Read(ref changes))
                Remember(prefix, known);
            return known;
        }
        finally
        {
            reading.TryRemove(prefix, out _);
        }
    }

    private void Remember(string prefix, Known known)
    {
        if (known.Key is not null)
        {
            absent.TryRemove(prefix, out _);
            found[prefix] = known;
            return;
        }

        found.TryRemove(prefix, out _);
        if (absent.Count >= AbsentMax)
            absent.Clear();
        absent[prefix] = known;
    }

    private bool IsFresh(Known known) => time.GetElapsedTime(known.ReadAt) < options.KeyCache;

    private static Caller ToCaller(string tenant, ApiKey key) => new(tenant, ScopeNames.Of(key.Scopes), $"key:{key.Id}")
    {
        Users = [.. key.Users], Agents = [.. key.Agents], RequiresUser = key.RequiresUser,
    };

    private static ConcurrentDictionary<string, Known>.AlternateLookup<ReadOnlySpan<char>> Lookup(
        ConcurrentDictionary<string, Known> keys) =>
        keys.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What was read; a key that is not there has no caller.</summary>
    private sealed record Known(ApiKey? Key, Caller? Caller, long ReadAt)
    {
        public Caller? CallerOf(ReadOnlySpan<char> secret, DateTimeOffset now) => Key?.Accepts(secret, now) == true ? Caller : null;
    }
}
