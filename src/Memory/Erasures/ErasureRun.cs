using System.Security.Cryptography;

namespace MemoryOrleans.Erasures;

/// <summary>One attempt at an erasure: what it is about, how long it may take, and its notes for the receipt.</summary>
internal sealed class ErasureRun(
    string tenant, Erasure erasure, IErasureStore store, TimeProvider clock, TimeSpan patience, CancellationToken cancel)
{
    private const int PageSize = 1000;
    private readonly long started = clock.GetTimestamp();

    public string Tenant => tenant;

    public Erasure Erasure => erasure;

    public CancellationToken Cancel => cancel;

    public DateTimeOffset Now => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));

    /// <summary>True when what is left is to be done another time.</summary>
    public bool IsSpent => clock.GetElapsedTime(started) > patience;

    /// <summary>True of what the erasure is about.</summary>
    public bool Concerns(DateTimeOffset recordedAt) => recordedAt <= erasure.Before;

    /// <summary>
    /// True of a turn of the session whose turns are being erased, where it is not stored any more: an earlier attempt may have erased
    /// it. Turns of other sessions that are not there were removed by age, and what was made of them stays.
    /// </summary>
    public bool MayHaveErased(string turnId) => erasure.Target.Kind != ErasureKind.Turn || erasure.Target.TurnId == turnId;

    /// <summary>Before it is erased: an item noted twice counts once, one erased without a note never would.</summary>
    public Task NoteAsync(IReadOnlyCollection<string> items) =>
        store.NoteErasedAsync(tenant, erasure.Id, items, new ErasureCounts(), cancel);

    /// <summary>After it was erased: these could not be told before. A process killed in between leaves them out.</summary>
    public Task NoteAsync(ErasureCounts others) =>
        others == new ErasureCounts() ? Task.CompletedTask : store.NoteErasedAsync(tenant, erasure.Id, [], others, cancel);

    /// <summary>The receipt, of all that was noted.</summary>
    public async Task<Erasure> SumUpAsync()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counts = (await store.FindErasureAsync(tenant, erasure.Id, cancel))?.Counts ?? new ErasureCounts();
        string? after = null;
        IReadOnlyList<string> page;
        do
        {
            page = await store.ReadErasedAsync(tenant, erasure.Id, after, PageSize, cancel);
            foreach (var item in page)
            {
                ErasureItems.AddTo(digest, item);
                counts += ErasureItems.Count(item);
                after = item;
            }
        }
        while (page.Count == PageSize);
        return erasure with { CompletedAt = Now, Counts = counts, Digest = Convert.ToHexStringLower(digest.GetHashAndReset()) };
    }
}
