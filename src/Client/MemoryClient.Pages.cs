using System.Runtime.CompilerServices;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>Listings from end to end: pages are asked for as they are needed.</content>
public sealed partial class MemoryClient
{
    private const int PageSize = 100;

    /// <summary>All sessions, most recently created first.</summary>
    public IAsyncEnumerable<SessionResponse> EnumerateSessionsAsync(
        string? userId = null, string? agentId = null, string? status = null, CancellationToken cancel = default) =>
        EnumerateAsync(
            async cursor => await ListSessionsAsync(userId, agentId, status, PageSize, cursor, cancel), static page =>
            (page.Items, page.NextCursor), cancel);

    /// <summary>All turns of a session, by ascending seq.</summary>
    public IAsyncEnumerable<TurnResponse> EnumerateTurnsAsync(string sessionId, CancellationToken cancel = default) =>
        EnumerateAsync(async cursor => await ListTurnsAsync(sessionId, PageSize, cursor, cancel),
        static page => (page.Items, page.NextCursor), cancel);

    /// <summary>All memories that the filter lets through, the most recently made first.</summary>
    public IAsyncEnumerable<MemoryResponse> EnumerateMemoriesAsync(MemoryListFilter? filter = null, CancellationToken cancel = default) =>
        EnumerateAsync(async cursor => await ListMemoriesAsync(filter, PageSize, cursor, cancel),
        static page => (page.Items, page.NextCursor), cancel);

    /// <summary>All entities, most recently created first.</summary>
    public IAsyncEnumerable<EntityResponse> EnumerateEntitiesAsync(
        string? type = null, string? userId = null, string? agentId = null, CancellationToken cancel = default) =>
        EnumerateAsync(
            async cursor => await ListEntitiesAsync(type, userId, agentId, PageSize, cursor, cancel), static page =>
            (page.Items, page.NextCursor), cancel);

    /// <summary>All of the tenant's due work, oldest first.</summary>
    public IAsyncEnumerable<JobResponse> EnumerateJobsAsync(
        string? state = null, string? kind = null, CancellationToken cancel = default) =>
        EnumerateAsync(async cursor => await ListJobsAsync(state, kind, PageSize, cursor, cancel),
        static page => (page.Items, page.NextCursor), cancel);

    /// <summary>All erasures, newest first.</summary>
    public IAsyncEnumerable<ErasureResponse> EnumerateErasuresAsync(CancellationToken cancel = default) =>
        EnumerateAsync(async cursor => await ListErasuresAsync(PageSize, cursor, cancel), static page => (page.Items, page.NextCursor),
        cancel);

    /// <summary>The audit trail, newest first.</summary>
    public IAsyncEnumerable<AuditEntryResponse> EnumerateAuditAsync(CancellationToken cancel = default) =>
        EnumerateAsync(async cursor => await ListAuditAsync(PageSize, cursor, cancel), static page => (page.Items, page.NextCursor),
        cancel);

    private static async IAsyncEnumerable<TItem> EnumerateAsync<TPage, TItem>(
        Func<string?, Task<TPage>> ask, Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> read,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            cancel.ThrowIfCancellationRequested();
            var (items, next) = read(await ask(cursor));
            foreach (var item in items)
                yield return item;
            cursor = next;
        }
        while (cursor is not null);
    }
}
