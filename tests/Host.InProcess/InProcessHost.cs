using MemoryOrleans.Engine;
using MemoryOrleans.Episodes;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Recall;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Host.InProcess;

/// <summary>
/// An engine with session actors of its own and no Orleans, for tests and measurements of the engine alone. The product's host
/// is the one that calls grains. It does not own the store.
/// </summary>
public sealed class InProcessHost : IMemoryHost, ISessionOperations, IRecallOperations, ITenantOperations, IForgetting, IDisposable
{
    private const int IdleActorsMax = 10_000;
    private readonly SessionDirectory directory;
    private readonly ITenantStore tenants;

    public InProcessHost(MemoryStores stores, EngineModels models, TimeProvider clock, Func<string> ids, EngineOptions options,
        IWebhookSender? sender = null)
    {
        tenants = stores.Tenants;
        directory = new SessionDirectory(clock, IdleActorsMax);
        Engine = directory.Engine = new MemoryEngine(stores, models, directory, this, clock, ids, options, sender);
        Engine.SessionActors = () => directory.Count;
    }

    public MemoryEngine Engine { get; }

    public ISessionOperations Sessions => this;

    public IRecallOperations Recall => this;

    public IGraphOperations Graph => Engine.Graph;

    public IEntitySearch Entities => Engine.Entities;

    public IMemoryOperations Memories => Engine.Memories;

    public IErasureOperations Erasures => Engine.Erasures;

    public IAuditOperations Audit => Engine.Audit;

    public IHostOperations Operations => Engine.Operations;

    public IDueOperations Due => Engine.Due;

    public IUpkeepOperations Upkeep => Engine.Upkeep;

    public IEmbeddingOperations Embeddings => Engine.Embeddings;

    public ITransferOperations Transfers => Engine.Transfers;

    public ITenantOperations Tenants => this;

    public IKeyOperations Keys => Engine.Keys;

    public IEventOperations Events => Engine.Events;

    public MemorySchedule Schedule => Engine.Schedule;

    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel) =>
        Woken(await TryAgain.WhenMovedAsync(_ => directory.UseAsync(command.Session, actor => actor.AppendAsync(command, cancel))));

    public async Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel) =>
        Woken(await TryAgain.WhenMovedAsync(_ => directory.UseAsync(key, actor => actor.CloseAsync(ifMatchVersion, cancel))));

    public Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) => Engine.Reads.GetAsync(key, cancel);

    public Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        Engine.Reads.ListAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        directory.UseAsync(key, async actor => await actor.ReadTurnsAsync(afterSeq, limit, cancel) is { } turns
        ? Outcome.Of(turns) : SessionReader.NotFound);

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel) =>
        directory.UseAsync(key, actor => Engine.ReadWorkingMemoryAsync(key, actor, cancel));

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) => Engine.RecallAsync(query, cancel);

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, ContextRequest request, CancellationToken cancel) =>
        directory.UseAsync(key, actor => Engine.BuildContextAsync(key, actor, request, each => RecallAsync(each, cancel), cancel));

    public Task ForgetAsync(string tenant, CancellationToken cancel)
    {
        Engine.ForgetQuestions();
        return Task.CompletedTask;
    }

    public Task ForgetTenantAsync(string tenant, CancellationToken cancel)
    {
        directory.Forget(tenant);
        Engine.ForgetTenant(tenant);
        return Task.CompletedTask;
    }

    public async Task<Outcome<TenantSettings>> GetSettingsAsync(string tenant, CancellationToken cancel) =>
        await tenants.ReadSettingsAsync(tenant, cancel);

    public async Task<Outcome<TenantSettings>> SetSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel)
    {
        if (settings.FindError() is { } error)
            return error;
        await tenants.SaveSettingsAsync(tenant, settings, cancel);
        Engine.NoteSettings(tenant);
        return settings;
    }

    public Task<Outcome<LeaseGrant>> LeaseAsync(
        string tenant, string stock, long perMinute, long wanted, long least, CancellationToken cancel) =>
        Task.FromResult<Outcome<LeaseGrant>>(new LeaseGrant(wanted, perMinute, TimeSpan.Zero));

    public Task SaveReinforcementsAsync(CancellationToken cancel) => Engine.SaveReinforcementsAsync(cancel);

    /// <summary>One tidying round, idle actors too.</summary>
    public Task SweepAsync(CancellationToken cancel)
    {
        directory.Trim();
        return Engine.SweepAsync(cancel);
    }

    public void Dispose() => Engine.Dispose();

    private Outcome<T> Woken<T>(Outcome<T> outcome)
    {
        if (outcome.IsSuccess)
            Schedule.Wake();
        return outcome;
    }
}
