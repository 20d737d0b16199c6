using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>A host that fails, or takes its time, as a test says; what a test does not say is not there.</summary>
internal sealed class StubHost : IMemoryHost, ISessionOperations, IRecallOperations, IHostOperations, IDueOperations, IEmbeddingOperations
{
    public Func<AppendCommand, CancellationToken, Task<Outcome<AppendResult>>> Append { get; init; } =
        (_, _) => Task.FromResult<Outcome<AppendResult>>(NotFound);

    public Func<RecallQuery, CancellationToken, Task<Outcome<RecallResult>>> Recall { get; init; } =
        (_, _) => Task.FromResult<Outcome<RecallResult>>(NotFound);

    public Func<IReadOnlyList<ComponentHealth>> Health { get; init; } = () => [];

    public ISessionOperations Sessions => this;

    IRecallOperations IMemoryHost.Recall => this;

    public IGraphOperations Graph => null!;

    public IEntitySearch Entities => null!;

    public IMemoryOperations Memories { get; init; } = new StubMemories();

    public IErasureOperations Erasures => null!;

    public IAuditOperations Audit { get; } = new NoAudit();

    public IHostOperations Operations => this;

    public IDueOperations Due => this;

    public IUpkeepOperations Upkeep => null!;

    public IEmbeddingOperations Embeddings => this;

    public ITransferOperations Transfers { get; init; } = null!;

    public ITenantOperations Tenants { get; init; } = new NoLimits();

    public IKeyOperations Keys => null!;

    public IEventOperations Events => null!;

    private sealed class NoLimits : ITenantOperations
    {
        public Task<Outcome<TenantSettings>> GetSettingsAsync(string tenant, CancellationToken cancel) =>
            Task.FromResult<Outcome<TenantSettings>>(new TenantSettings());

        public Task<Outcome<TenantSettings>> SetSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel) =>
            Task.FromResult<Outcome<TenantSettings>>(settings);

        public Task<Outcome<LeaseGrant>> LeaseAsync(
            string tenant, string stock, long perMinute, long wanted, long least, CancellationToken cancel) =>
            Task.FromResult<Outcome<LeaseGrant>>(new LeaseGrant(wanted, perMinute, TimeSpan.Zero));
    }

    private sealed class NoAudit : IAuditOperations
    {
        public Task AppendAsync(string tenant, AuditEntry entry, CancellationToken cancel) => Task.CompletedTask;

        public Task<AuditVerification> VerifyAsync(string tenant, CancellationToken cancel) =>
            Task.FromResult(new AuditVerification(0, 0, null, null, 0));

        public ValueTask<AuditAnchor> ReadAnchorAsync(string tenant, CancellationToken cancel) => new(default(AuditAnchor));

        public ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAsync(string tenant, long afterKey, int limit, CancellationToken cancel) =>
            ValueTask.FromResult<IReadOnlyList<StoredAuditEntry>>([]);
    }

    private static MemoryError NotFound => new(ErrorCode.NotFound, "There is no such session.");

    public static StubHost Failing(MemoryError error) => new()
    {
        Append = (_, _) => Task.FromResult<Outcome<AppendResult>>(error),
        Recall = (_, _) => Task.FromResult<Outcome<RecallResult>>(error),
    };

    public Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel) => Append(command, cancel);

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) => Recall(query, cancel);

    public Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) => Task.FromResult<Outcome<Session>>(NotFound);

    public Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        Task.FromResult<Outcome<Page<Session>>>(new Page<Session>([], null));

    public Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        Task.FromResult<Outcome<IReadOnlyList<Turn>>>(NotFound);

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel) =>
        Task.FromResult<Outcome<WorkingMemoryView>>(NotFound);

    public Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel) =>
        Task.FromResult<Outcome<Session>>(NotFound);

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, ContextRequest request, CancellationToken cancel) =>
        Task.FromResult<Outcome<ContextBlock>>(NotFound);

    public Task<IReadOnlyList<ComponentHealth>> CheckHealthAsync(CancellationToken cancel) => Task.FromResult(Health());

    public Task<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        Task.FromResult(new TenantSummary(tenant, 0, 0, 0, null));

    Task<Outcome<Page<DueWork>>> IDueOperations.ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel) =>
        Task.FromResult<Outcome<Page<DueWork>>>(new Page<DueWork>([], null));

    Task<Outcome<DueWork>> IDueOperations.RequeueAsync(string tenant, long id, CancellationToken cancel) =>
        Task.FromResult<Outcome<DueWork>>(NotFound);

    Task<IReadOnlyList<SpaceProgress>> IEmbeddingOperations.ListAsync(string tenant, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<SpaceProgress>>([]);

    Task<Outcome<SpaceProgress>> IEmbeddingOperations.StartAsync(string tenant, string model, int? dimensions, CancellationToken cancel) =>
        Task.FromResult<Outcome<SpaceProgress>>(NotFound);

    Task<Outcome<SpaceProgress>> IEmbeddingOperations.ActivateAsync(string tenant, int spaceId, CancellationToken cancel) =>
        Task.FromResult<Outcome<SpaceProgress>>(NotFound);

    Task<Outcome<VectorSpace>> IEmbeddingOperations.DropAsync(int spaceId, CancellationToken cancel) =>
        Task.FromResult<Outcome<VectorSpace>>(NotFound);
}
