using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>An open store, and the way to close and open it again over the same data.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    ISessionStore Sessions { get; }

    IRecallFeed Feed { get; }

    ITenantStore Tenants { get; }

    IDueStore Due { get; }

    IVectorStore Vectors { get; }

    IGraphStore Graph { get; }

    /// <summary>Closes the store in order and opens another over what it left.</summary>
    Task ReopenAsync();
}
