using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Retention;

/// <summary>
/// Erases memories, and all that is a user's, through the stores. In steps, each whole in itself: one that was interrupted
/// is simply done again.
/// </summary>
public sealed class EraseContent(ISessionStore sessions, IMemoryStore memories, IErasureStore erasures)
{
    private const int PageSize = 100;
    private const int AttemptsMax = 10;

    /// <summary>Empties every version of a memory and adds a last one that says it is erased; nothing when there is none to erase.</summary>
    /// <param name="ifMatchVersion">Nothing is erased of a memory of another version; null: whatever its version.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write, or others keep changing the memory.</exception>
    public async Task<ErasureCounts> EraseMemoryAsync(
        string tenant, string id, string operation, DateTimeOffset now, CancellationToken cancel, long? ifMatchVersion = null)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var history = await memories.ReadHistoryAsync(tenant, id, cancel);
            var erasure = EraseMemory.Erase(history, ifMatchVersion, operation, now);
            if (!erasure.IsSuccess)
                return new ErasureCounts();
            var redacted = erasure.Value.Redacted.Select(static version => version with { Status = MemoryStatus.Erased }).ToArray();
            var status = await erasures.RedactMemoryAsync(tenant, erasure.Value.Tombstone, redacted, cancel);
            if (status == CommitStatus.Committed)
                return new ErasureCounts(Memories: 1, Versions: history.Count(static version => version.Content.Length > 0));
            if (status != CommitStatus.Stale)
                throw new StoreUnavailableException($"The store could not write ({status}).");
        }

        throw new StoreUnavailableException("The memory is changed by others all the time.");
    }

    /// <summary>
    /// Erases the turns of all of a user's sessions, and all of the user's memories. What others' memories cite of them is
    /// the caller's to look for, before (<see cref="IMemoryStore.FindCitingAsync"/>).
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write; what was erased before stays so.</exception>
    public async Task<ErasureCounts> EraseUserAsync(string tenant, string userId, string operation, DateTimeOffset now, CancellationToken cancel)
    {
        var counts = new ErasureCounts();
        string? cursor = null;
        do
        {
            var page = (await sessions.ListSessionsAsync(tenant, new SessionFilter(userId), cursor, PageSize, cancel)).Value;
            foreach (var session in page.Items)
                counts += await erasures.EraseTurnsAsync(new SessionKey(tenant, session.Id), seqs: null, now, cancel);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        do
        {
            var page = (await memories.ListMemoriesAsync(tenant, new MemoryFilter(Status: null, UserId: userId), cursor, PageSize, cancel)).Value;
            foreach (var memory in page.Items)
                counts += await EraseMemoryAsync(tenant, memory.Id, operation, now, cancel);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return counts;
    }
}
