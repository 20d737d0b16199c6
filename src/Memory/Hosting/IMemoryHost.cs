using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Hosting;

/// <summary>
/// What the gateway needs of whoever runs the memory. What is a session's passes the session's actor; recall goes to the index.
/// </summary>
public interface IMemoryHost
{
    ISessionOperations Sessions { get; }

    IRecallOperations Recall { get; }

    IGraphOperations Graph { get; }

    IMemoryOperations Memories { get; }

    IErasureOperations Erasures { get; }

    IHostOperations Operations { get; }

    IDueOperations Due { get; }

    IUpkeepOperations Upkeep { get; }

    IEmbeddingOperations Embeddings { get; }

    ITransferOperations Transfers { get; }

    ITenantOperations Tenants { get; }
}

public interface ISessionOperations
{
    Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel);

    Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel);

    Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel);

    /// <summary>Turns after <paramref name="afterSeq"/>, ascending.</summary>
    Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel);

    Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel);

    /// <summary>Closes the session; closing a closed one changes nothing.</summary>
    Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel);
}

public interface IRecallOperations
{
    Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel);

    /// <summary>
    /// A prompt-ready block for a session: its working memory and, with a query, what recall finds beyond it, inside the budget.
    /// </summary>
    Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? query, int maxTokens, CancellationToken cancel);
}

/// <summary>One part of the service, checked just now.</summary>
/// <param name="Name"><c>store</c>, <c>index</c>, <c>embedder</c>, <c>schedule</c> or <c>cluster</c>.</param>
/// <param name="Detail">What is wrong, or a short description.</param>
public sealed record ComponentHealth(string Name, bool Healthy, TimeSpan Latency, string Detail)
{
    /// <summary>False when requests can be taken without it, if not as well.</summary>
    public bool IsEssential { get; init; } = true;

    /// <summary>What may be told to anybody about a part that is not healthy; the detail is for administrators.</summary>
    public string Fault { get; init; } = "is not healthy";
}

public interface IHostOperations
{
    /// <summary>Checks store, index, embedder and schedule, each with its latency.</summary>
    Task<IReadOnlyList<ComponentHealth>> CheckHealthAsync(CancellationToken cancel);

    /// <summary>Counts for a tenant's summary.</summary>
    Task<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel);
}

/// <summary>How much a tenant holds.</summary>
public sealed record TenantSummary(string Tenant, long Sessions, long Turns, long Users, DateTimeOffset? LastRecordedAt);
