using MemoryOrleans.Episodes;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Redaction;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine;

/// <summary>Redacts what agents write and edit, before anything else is done with it.</summary>
internal sealed class RedactingMemories(IMemoryOperations inner, IRedaction redaction) : IMemoryOperations
{
    public async Task<Outcome<MemoryRecord>> WriteAsync(
        string tenant, MemoryDraft draft, IReadOnlyList<TurnReference> sources, CancellationToken cancel)
    {
        var redactor = new Redactor(await redaction.PacksOfAsync(tenant, cancel));
        var redacted = RedactMemories.Of(draft, redactor);
        return redacted.IsSuccess ? Noted(await inner.WriteAsync(tenant, redacted.Value, sources, cancel), redactor) : redacted.Error;
    }

    public async Task<Outcome<MemoryRecord>> EditAsync(
        string tenant, string id, MemoryPatch patch, long? ifMatchVersion, CancellationToken cancel)
    {
        var redactor = new Redactor(await redaction.PacksOfAsync(tenant, cancel));
        var redacted = RedactMemories.Of(patch, redactor);
        return redacted.IsSuccess ? Noted(await inner.EditAsync(tenant, id, redacted.Value, ifMatchVersion, cancel), redactor)
            : redacted.Error;
    }

    public Task<Outcome<DistillationReport>> DistilAsync(SessionKey key, CancellationToken cancel) => inner.DistilAsync(key, cancel);

    public Task<Outcome<DistillationProgress>> GetProgressAsync(SessionKey key, CancellationToken cancel) =>
        inner.GetProgressAsync(key, cancel);

    public Task<Outcome<Page<MemoryRecord>>> ListAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        inner.ListAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<MemoryRecord>> GetAsync(string tenant, string id, CancellationToken cancel) => inner.GetAsync(tenant, id, cancel);

    public Task<Outcome<IReadOnlyList<MemoryRecord>>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel) =>
        inner.ReadHistoryAsync(tenant, id, cancel);

    public Task<Outcome<UndoneOperation>> UndoAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel) =>
        inner.UndoAsync(tenant, id, ifMatchVersion, cancel);

    public Task<Outcome<Salience>> CiteAsync(string tenant, string id, CancellationToken cancel) => inner.CiteAsync(tenant, id, cancel);

    private Outcome<MemoryRecord> Noted(Outcome<MemoryRecord> written, Redactor redactor)
    {
        if (written.IsSuccess)
            redaction.Note(redactor.Counts);
        return written;
    }
}
