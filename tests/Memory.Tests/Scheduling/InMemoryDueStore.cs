using System.Collections.Concurrent;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Scheduling;

/// <summary>A schedule over a list, with the promises of the port.</summary>
internal sealed class InMemoryDueStore : IDueStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Tenant, string Kind, string Subject), Row> rows = [];
    private readonly ConcurrentDictionary<(string Tenant, string Kind), JobRun> runs = new();
    private long ids;

    /// <summary>Those that have written something.</summary>
    public IReadOnlyList<string> Tenants { get; set; } = [];

    /// <summary>What the next look for due work ends with.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>While true, nothing answers.</summary>
    public bool IsAway { get; set; }

    public IReadOnlyList<DueWork> Works
    {
        get
        {
            lock (gate)
                return [.. rows.Values.Select(static row => row.Work)];
        }
    }

    public ValueTask WakeAsync(string tenant, string kind, string subject, DateTimeOffset dueAt, CancellationToken cancel)
    {
        lock (gate)
            Wake(tenant, kind, subject, dueAt);
        return default;
    }

    public ValueTask<IReadOnlyList<DueWork>> ClaimAsync(
        IReadOnlyCollection<string> kindPrefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancel,
        long shards = -1, bool newestFirst = false)
    {
        ThrowIfAway();
        if (NextFailure is { } failure)
        {
            NextFailure = null;
            throw failure;
        }

        lock (gate)
        {
            var ready = rows.Values
                .Where(row => row.Work.State == DueState.Ready && row.Work.DueAt <= now && row.LeaseUntil <= now
                    && ((shards >> DueShards.Of(row.Work.Id)) & 1) == 1
                    && kindPrefixes.Any(prefix => row.Work.Kind.StartsWith(prefix, StringComparison.Ordinal)));
            var due = (newestFirst ? ready.OrderByDescending(static row => row.Work.DueAt) : ready.OrderBy(static row => row.Work.DueAt))
                .ThenBy(static row => row.Work.Id).Take(limit).ToArray();
            foreach (var row in due)
            {
                row.LeaseUntil = now + lease;
                row.Work = row.Work with { Claims = row.Work.Claims + 1, Attempts = row.Work.Attempts + 1, LastRunAt = now };
            }

            return new ValueTask<IReadOnlyList<DueWork>>([.. due.Select(static row => row.Work)]);
        }
    }

    public ValueTask<bool> FinishAsync(DueWork claimed, long cursor, DateTimeOffset now, CancellationToken cancel) =>
        EndAsync(claimed, row =>
    {
        if (row.Work.Wakes == claimed.Wakes)
            rows.Remove(KeyOf(claimed));
        else
            row.Work = row.Work with { Cursor = cursor, Attempts = 0, LastError = null };
    });

    public ValueTask<bool> PostponeAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancel) =>
        EndAsync(claimed, row => row.Work = row.Work
        with { Cursor = cursor, Attempts = 0, LastError = null, DueAt = row.Work.Wakes == claimed.Wakes ? dueAt : now });

    public ValueTask<bool> RetryAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancel) =>
        EndAsync(claimed, row => row.Work = row.Work with { Cursor = cursor, LastError = reason, DueAt = dueAt });

    public ValueTask<bool> BuryAsync(DueWork claimed, long cursor, string reason, DateTimeOffset now, CancellationToken cancel) =>
        EndAsync(claimed, row => row.Work = row.Work with { Cursor = cursor, LastError = reason, State = DueState.Dead });

    public ValueTask<Outcome<Page<DueWork>>> ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel) =>
        new(new Page<DueWork>([.. Works.Where(work => work.Tenant == tenant && (state is null || work.State == state))], null));

    public ValueTask<DueWork?> RequeueAsync(string tenant, long id, DateTimeOffset now, CancellationToken cancel)
    {
        lock (gate)
        {
            var row = rows.Values.FirstOrDefault(each => each.Work.Tenant == tenant && each.Work.Id == id
                && each.Work.State == DueState.Dead);
            if (row is not null)
                row.Work = row.Work with { State = DueState.Ready, Attempts = 0, DueAt = now };
            return new ValueTask<DueWork?>(row?.Work);
        }
    }

    public ValueTask<IReadOnlyList<DueBacklog>> CountAsync(string? tenant, CancellationToken cancel) => new(
        [.. Works.Where(work => tenant is null || work.Tenant == tenant).GroupBy(static work => work.Kind)
        .Select(static kind => new DueBacklog(
            kind.Key,
            kind.Count(static work => work.State == DueState.Ready),
            kind.Count(static work => work.State == DueState.Dead),
            kind.Where(static work => work.State == DueState.Ready).Min(static work => (DateTimeOffset?)work.DueAt)))]);

    public ValueTask<DueWork?> FindAsync(string tenant, string kind, string subject, CancellationToken cancel) =>
        new(Works.FirstOrDefault(work => work.Tenant == tenant && work.Kind == kind && work.Subject == subject));

    public async ValueTask<IReadOnlyList<DueLag>> PeekAsync(CancellationToken cancel) =>
        [.. (await CountAsync(null, cancel)).Select(static each => new DueLag(each.Kind, each.Dead, each.OldestDueAt))];

    public ValueTask<IReadOnlyList<JobRun>> ListRunsAsync(string tenant, CancellationToken cancel)
    {
        ThrowIfAway();
        return new([.. runs.Where(each => each.Key.Tenant == tenant).Select(static each => each.Value)
            .OrderBy(static run => run.Kind, StringComparer.Ordinal)]);
    }

    public ValueTask SaveRunAsync(string tenant, JobRun run, CancellationToken cancel)
    {
        ThrowIfAway();
        runs[(tenant, run.Kind)] = run;
        return default;
    }

    public ValueTask RemoveRunAsync(string tenant, string kind, CancellationToken cancel)
    {
        runs.TryRemove((tenant, kind), out _);
        return default;
    }

    public ValueTask<LateJob?> FindLatestAsync(CancellationToken cancel) =>
        new(runs.Values.OrderBy(static run => run.ExpectedAt).Select(static run => (LateJob?)new LateJob(run.Kind, run.ExpectedAt))
        .FirstOrDefault());

    public ValueTask<IReadOnlyList<string>> FindTenantsWithoutAsync(string kind, CancellationToken cancel) =>
        new([.. Tenants.Where(tenant => !Works.Any(work => work.Tenant == tenant && work.Kind == kind && work.Subject.Length == 0))]);

    /// <summary>Removes the work of a subject, as a deletion does.</summary>
    public void Forget(string subject)
    {
        lock (gate)
        {
            foreach (var key in rows.Keys.Where(key => key.Subject == subject).ToArray())
                rows.Remove(key);
        }
    }

    private static (string Tenant, string Kind, string Subject) KeyOf(DueWork work) => (work.Tenant, work.Kind, work.Subject);

    private void Wake(string tenant, string kind, string subject, DateTimeOffset dueAt)
    {
        if (!rows.TryGetValue((tenant, kind, subject), out var row))
            rows[(tenant, kind, subject)] = row =
                new Row(new DueWork(++ids, tenant, kind, subject, DueState.Ready, dueAt, 0, 0, 0, 0, null, null, dueAt));
        var work = row.Work;
        row.Work = work with
        {
            Wakes = work.Wakes + 1,
            State = DueState.Ready,
            Attempts = work.State == DueState.Dead ? 0 : work.Attempts,
            DueAt = work.State == DueState.Dead || dueAt < work.DueAt ? dueAt : work.DueAt,
        };
    }

    private ValueTask<bool> EndAsync(DueWork claimed, Action<Row> end)
    {
        ThrowIfAway();
        lock (gate)
        {
            if (!rows.TryGetValue(KeyOf(claimed), out var row) || row.Work.Id != claimed.Id || row.Work.Claims != claimed.Claims)
                return new ValueTask<bool>(false);
            row.LeaseUntil = DateTimeOffset.MinValue;
            end(row);
            return new ValueTask<bool>(true);
        }
    }

    private void ThrowIfAway()
    {
        if (IsAway)
            throw new StoreUnavailableException("The store is away.");
    }

    private sealed class Row(DueWork work)
    {
        public DueWork Work { get; set; } = work;

        public DateTimeOffset LeaseUntil { get; set; } = DateTimeOffset.MinValue;
    }
}
