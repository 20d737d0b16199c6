namespace MemoryOrleans.Scheduling;

/// <summary>A handler that does one work at a time; the usual one.</summary>
public abstract class SingleDueHandler : IDueHandler
{
    public abstract string KindPrefix { get; }

    public virtual TimeSpan? Poll => null;

    public virtual double Share => 1;

    public async Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel) =>
        [await RunAsync(works.Single(), cancel)];

    protected abstract Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel);
}
