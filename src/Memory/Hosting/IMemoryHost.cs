using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Hosting;

/// <summary>
/// What the gateway needs of whoever runs the memory. What is a session's passes the session's actor; recall goes to the index.
/// </summary>
public interface IMemoryHost
{
    ISessionOperations Sessions { get; }

    IRecallOperations Recall { get; }

    IGraphOperations Graph { get; }

    IEntitySearch Entities { get; }

    IMemoryOperations Memories { get; }

    IErasureOperations Erasures { get; }

    IAuditOperations Audit { get; }

    IHostOperations Operations { get; }

    IDueOperations Due { get; }

    IUpkeepOperations Upkeep { get; }

    IEmbeddingOperations Embeddings { get; }

    ITransferOperations Transfers { get; }

    ITenantOperations Tenants { get; }

    IKeyOperations Keys { get; }

    IEventOperations Events { get; }
}

/// <summary>One part of the service, checked just now.</summary>
/// <param name="Name"><c>store</c>, <c>index</c>, <c>embedder</c>, <c>schedule</c>, <c>cluster</c>, or <c>database:NAME</c> of each of
/// several.</param>
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
