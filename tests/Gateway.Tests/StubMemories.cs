using MemoryOrleans.Episodes;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>There are none, and a distillation goes as a test says.</summary>
internal sealed class StubMemories : IMemoryOperations
{
    private static readonly MemoryError NotFound = new(ErrorCode.NotFound, "There is no such memory.");

    public Func<CancellationToken, Task<Outcome<DistillationReport>>> Distil { get; init; } = static _ =>
        Task.FromResult<Outcome<DistillationReport>>(NotFound);

    public Task<Outcome<DistillationReport>> DistilAsync(SessionKey key, CancellationToken cancel) => Distil(cancel);

    public Task<Outcome<DistillationProgress>> GetProgressAsync(SessionKey key, CancellationToken cancel) =>
        Task.FromResult<Outcome<DistillationProgress>>(NotFound);

    public Task<Outcome<MemoryRecord>> WriteAsync(
        string tenant, MemoryDraft draft, IReadOnlyList<TurnReference> sources, CancellationToken cancel) =>
        Task.FromResult<Outcome<MemoryRecord>>(NotFound);

    public Task<Outcome<Page<MemoryRecord>>> ListAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        Task.FromResult<Outcome<Page<MemoryRecord>>>(new Page<MemoryRecord>([], null));

    public Task<Outcome<MemoryRecord>> GetAsync(string tenant, string id, CancellationToken cancel) =>
        Task.FromResult<Outcome<MemoryRecord>>(NotFound);

    public Task<Outcome<IReadOnlyList<MemoryRecord>>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel) =>
        Task.FromResult<Outcome<IReadOnlyList<MemoryRecord>>>(NotFound);

    public Task<Outcome<MemoryRecord>> EditAsync(
        string tenant, string id, MemoryPatch patch, long? ifMatchVersion, CancellationToken cancel) =>
        Task.FromResult<Outcome<MemoryRecord>>(NotFound);

    public Task<Outcome<UndoneOperation>> UndoAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel) =>
        Task.FromResult<Outcome<UndoneOperation>>(NotFound);

    public Task<Outcome<Salience>> CiteAsync(string tenant, string id, CancellationToken cancel) =>
        Task.FromResult<Outcome<Salience>>(NotFound);
}
