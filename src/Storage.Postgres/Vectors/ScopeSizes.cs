namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Which scopes are large, as of a moment ago: asking at every search would cost as much as a small one. A wrong answer
/// costs time, never a hit: exact search answers for scopes of any size, and the index's for what it holds.
/// </summary>
internal sealed class ScopeSizes(TenantReads reads, TimeProvider clock, int exactMax)
{
    private const int ScopesMax = 20_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<(int SpaceId, string Tenant, string? Users), (bool IsLarge, long At)> known = [];

    /// <summary>True where the tenant has its index.</summary>
    public async ValueTask<bool> IsIndexedAsync(int spaceId, string tenant, CancellationToken cancel) =>
        await FindAsync((spaceId, tenant, null),
        token => reads.ReadPlainAsync(VectorQueries.IsIndexed, tenant, NearIndex.NameOf(spaceId, tenant), token), cancel);

    /// <summary>True where the users' vectors are more than exact search is for.</summary>
    public async ValueTask<bool> IsLargeAsync(int spaceId, string tenant, string[] users, CancellationToken cancel) =>
        await FindAsync(
            (spaceId, tenant, string.Join('\n', users)),
            async token =>
                await reads.ReadPlainAsync(VectorQueries.Of(spaceId).CountOfUsers, tenant, (users, exactMax + 1L), token) > exactMax,
            cancel);

    private async ValueTask<bool> FindAsync(
        (int, string, string?) scope, Func<CancellationToken, ValueTask<bool>> ask, CancellationToken cancel)
    {
        lock (gate)
        {
            if (known.TryGetValue(scope, out var size) && clock.GetElapsedTime(size.At) < KeptFor)
                return size.IsLarge;
        }

        var answer = await ask(cancel);
        lock (gate)
        {
            if (known.Count >= ScopesMax)
                known.Clear();
            known[scope] = (answer, clock.GetTimestamp());
        }

        return answer;
    }
}
