using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sealing;

/// <summary>
/// The seals of a store's tenants: each data key is unwrapped once and kept, and made when a tenant is first written to. Safe for
/// concurrent use.
/// </summary>
/// <param name="clock">
/// Of a store that other processes may write: a key is believed for <see cref="FreshFor"/>, so that one that was destroyed is in no
/// process's use for longer. Null: what is known stays so.
/// </param>
public sealed class KeyRing(IMasterKeys masters, ITenantKeys keys, Action<Exception>? onUnreadable = null, TimeProvider? clock = null)
{
    /// <summary>How long a key is believed without a look at whether it is still there.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>Seals kept; beyond it all are dropped and unwrapped again as they are needed.</summary>
    private const int SealsMax = 10_000;

    private const int KeysPerPage = 500;

    // Writes that wait for a key are answered 503 after it, so that a key management service that hangs holds nobody for ever.
    private static readonly TimeSpan KeyWaitMax = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, KnownSeal> seals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> waiting = new(StringComparer.Ordinal);

    /// <summary>
    /// The seal to read a tenant's texts with. One without a key when the tenant has none: what is stored of it is plain.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The key, or what it is wrapped with, cannot be had.</exception>
    public ValueTask<TenantSeal> FindAsync(string tenant, CancellationToken cancel) =>
        TryFind(tenant) is { } seal ? ValueTask.FromResult(seal) : LoadAsync(tenant, cancel);

    /// <summary>
    /// Hands a write on with the seal for its texts, and writes of a tenant in the order in which they came, also while its key is
    /// still looked for or made: callers send the next before the one before is durable.
    /// </summary>
    public Task<CommitStatus> WriteAsync(string tenant, Func<TenantSeal, Task<CommitStatus>> write)
    {
        Task? before;
        TaskCompletionSource? handedOn = null;
        TenantSeal? seal = null;
        lock (waiting)
        {
            if (waiting.TryGetValue(tenant, out before) || (seal = TryFind(tenant)) is null)
                waiting[tenant] = (handedOn = new TaskCompletionSource()).Task;
        }

        return handedOn is null ? write(seal!) : WriteAfterAsync(before ?? Task.CompletedTask, tenant, write, handedOn);
    }

    /// <summary>
    /// Reads with the tenant's seal; once more with the key that was made meanwhile, where texts turn out to be sealed that were not.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The key, or what it is wrapped with, cannot be had.</exception>
    public async ValueTask<T> ReadAsync<TState, T>(
        string tenant, TState state, Func<TenantSeal, TState, CancellationToken, ValueTask<T>> read, CancellationToken cancel)
    {
        try
        {
            return await read(await FindAsync(tenant, cancel), state, cancel);
        }
        catch (KeyMadeSinceException)
        {
            var seal = await FindAsync(tenant, cancel);
            return await read(seal.HasKey ? seal : new TenantSeal(tenant, 0, dataKey: null, Report(tenant)), state, cancel);
        }
    }

    /// <summary>The seal to write a tenant's texts with; makes the key when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The key, or what it is wrapped with, cannot be had.</exception>
    public async ValueTask<TenantSeal> FindOrMakeAsync(string tenant, CancellationToken cancel)
    {
        if (await FindAsync(tenant, cancel) is { HasKey: true } seal)
            return seal;
        var asOf = clock?.GetTimestamp() ?? 0;
        var number = (await keys.FindKeyAsync(tenant, cancel))?.Number ?? 0;
        var dataKey = RandomNumberGenerator.GetBytes(MasterKeys.KeyBytes);
        var key = new TenantKey(tenant, number + 1, masters.FirstId, null);
        try
        {
            key = key with { Wrapped = await masters.WrapAsync(dataKey, key.Context, cancel) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }

        var kept = await keys.KeepKeyAsync(key, cancel);
        return Keep(await OpenAsync(kept, cancel), kept.Number, asOf);
    }

    /// <summary>Forgets a tenant's key, which was destroyed.</summary>
    public void Forget(string tenant) => seals.TryRemove(tenant, out _);

    /// <summary>
    /// Makes sure, before anything is read or written, that the data keys there are can be unwrapped: one of each master key is tried.
    /// </summary>
    /// <exception cref="StoreSealedException">A master key is missing, or is not the one that is meant.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var key in ListAsync(keys, cancel))
        {
            if (key.Wrapped is not { } wrapped || !tried.Add(key.MasterId))
                continue;
            if (!masters.Knows(key.MasterId))
                throw new StoreSealedException(
                    $"Texts in the store are encrypted under the master key '{key.MasterId}', which is not among MEMORY_ENCRYPTION_KEYS.");
            if (await masters.UnwrapAsync(key.MasterId, wrapped, key.Context, cancel) is not { } dataKey)
            {
                throw new StoreSealedException(
                    $"The master key '{key.MasterId}' in MEMORY_ENCRYPTION_KEYS is not the one that the store's texts are encrypted under.");
            }

            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>What refuses a store that has data keys and no master keys to open them with.</summary>
    /// <exception cref="StoreSealedException">It has some.</exception>
    public static async Task RefuseSealedAsync(ITenantKeys keys, CancellationToken cancel)
    {
        await foreach (var key in ListAsync(keys, cancel))
        {
            if (key.Wrapped is not null)
            {
                throw new StoreSealedException(
                    $"Texts in the store are encrypted under the master key '{key.MasterId}': "
                    + "it can only be opened with MEMORY_ENCRYPTION_KEYS or MEMORY_ENCRYPTION_KEYS_FILE set.");
            }
        }
    }

    /// <summary>Wraps every data key under the first master key that is not yet; texts stay as they are.</summary>
    /// <returns>The data keys wrapped anew, and those that were already.</returns>
    /// <exception cref="StoreSealedException">A data key cannot be unwrapped; those before it are done.</exception>
    public async Task<(int Rewrapped, int Kept)> RotateAsync(CancellationToken cancel)
    {
        var (rewrapped, kept) = (0, 0);
        await foreach (var key in ListAsync(keys, cancel))
        {
            if (key.Wrapped is null)
                continue;
            if (key.MasterId == masters.FirstId)
            {
                kept++;
                continue;
            }

            var dataKey = await UnwrapAsync(key, cancel)
                ?? throw new StoreSealedException(
                $"The data key of the tenant '{key.Tenant}' cannot be unwrapped with the master key '{key.MasterId}'.");
            rewrapped += await RewrapAsync(key, dataKey, cancel) ? 1 : 0;
        }

        return (rewrapped, kept);
    }

    private async Task<bool> RewrapAsync(TenantKey key, byte[] dataKey, CancellationToken cancel)
    {
        try
        {
            var after = key with { MasterId = masters.FirstId, Wrapped = await masters.WrapAsync(dataKey, key.Context, cancel) };
            return await keys.RewrapKeyAsync(key, after, cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>How many data keys each master key wraps, by its id; under the empty id those that were destroyed.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> CountAsync(ITenantKeys keys, CancellationToken cancel)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await foreach (var key in ListAsync(keys, cancel))
        {
            var id = key.Wrapped is null ? string.Empty : key.MasterId;
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        return counts;
    }

    private static async IAsyncEnumerable<TenantKey> ListAsync(ITenantKeys keys, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var last = string.Empty; await keys.ListKeysAsync(last, KeysPerPage, cancel) is { Count: > 0 } page; last = page[^1].Tenant)
        {
            foreach (var key in page)
                yield return key;
        }
    }

    private async Task<CommitStatus> WriteAfterAsync(
        Task before, string tenant, Func<TenantSeal, Task<CommitStatus>> write, TaskCompletionSource handedOn)
    {
        Task<CommitStatus> writing;
        StoreUnavailableException? failure = null;
        try
        {
            // The failure of the one before is this one's too: a key that cannot be had is not asked for once for each write.
            await before;
            writing = write(await FindInTimeAsync(tenant));
        }
        catch (StoreUnavailableException away)
        {
            failure = away;
            return CommitStatus.Unavailable;
        }
        finally
        {
            lock (waiting)
            {
                if (waiting.TryGetValue(tenant, out var last) && last == handedOn.Task)
                    waiting.Remove(tenant);
            }

            if (failure is null)
            {
                handedOn.SetResult();
            }
            else
            {
                handedOn.SetException(failure);
                _ = handedOn.Task.Exception;
            }
        }

        return await writing;
    }

    private async Task<TenantSeal> FindInTimeAsync(string tenant)
    {
        using var patience = new CancellationTokenSource(KeyWaitMax);
        try
        {
            return await FindOrMakeAsync(tenant, patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or StoreUnavailableException)
        {
            var reason = failure as StoreUnavailableException
                ?? new StoreUnavailableException(
                $"The data key of the tenant '{tenant}' was not there within {KeyWaitMax.TotalSeconds} s.");
            onUnreadable?.Invoke(reason);
            throw reason;
        }
    }

    private async ValueTask<TenantSeal> LoadAsync(string tenant, CancellationToken cancel)
    {
        // A tenant without a key is asked for again: another process may make one.
        var asOf = clock?.GetTimestamp() ?? 0;
        var found = await keys.FindKeyAsync(tenant, cancel);
        if (found is not { Wrapped: not null } key)
        {
            Forget(tenant);
            return new TenantSeal(tenant, 0, dataKey: null, Report(tenant), mayGetKey: found is null);
        }

        // Wrapped anew it is still the same key.
        if (seals.TryGetValue(tenant, out var known) && known.Number == key.Number)
        {
            seals.TryUpdate(tenant, known with { AsOf = asOf }, known);
            return known.Seal;
        }

        return Keep(await OpenAsync(key, cancel), key.Number, asOf);
    }

    private TenantSeal? TryFind(string tenant) =>
        seals.TryGetValue(tenant, out var known) && (clock is null || clock.GetElapsedTime(known.AsOf) < FreshFor) ? known.Seal : null;

    private async Task<TenantSeal> OpenAsync(TenantKey key, CancellationToken cancel)
    {
        if (key.Wrapped is not null && !masters.Knows(key.MasterId))
        {
            throw new StoreUnavailableException(
                $"The data key of the tenant '{key.Tenant}' is wrapped under '{key.MasterId}', which this process does not have yet.");
        }

        var dataKey = await UnwrapAsync(key, cancel)
            ?? throw new StoreCorruptException(
            $"The data key of the tenant '{key.Tenant}' cannot be unwrapped with the master key '{key.MasterId}'.");
        var seal = new TenantSeal(key.Tenant, key.Number, dataKey, Report(key.Tenant));
        CryptographicOperations.ZeroMemory(dataKey);
        return seal;
    }

    private async ValueTask<byte[]?> UnwrapAsync(TenantKey key, CancellationToken cancel) =>
        key.Wrapped is { } wrapped && masters.Knows(key.MasterId)
        ? await masters.UnwrapAsync(key.MasterId, wrapped, key.Context, cancel) : null;

    // A later key takes the place of an earlier one, and never the other way round.
    private TenantSeal Keep(TenantSeal seal, long number, long asOf)
    {
        if (seals.Count >= SealsMax)
            seals.Clear();
        var kept = new KnownSeal(seal, number, asOf);
        return seals.AddOrUpdate(seal.Tenant, kept, (_, known) => known.Number >= number ? known : kept).Seal;
    }

    private Action<SealedField, string> Report(string tenant) =>
        (field, id) => onUnreadable?.Invoke(new StoreCorruptException($"{field} of '{id}' in the tenant '{tenant}' cannot be opened."));

    private readonly record struct KnownSeal(TenantSeal Seal, long Number, long AsOf);
}
