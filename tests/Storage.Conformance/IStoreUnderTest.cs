using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>An open store, and the way to close and open it again over the same data.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    ISessionStore Sessions { get; }

    IRecallFeed Feed { get; }

    ITenantStore Tenants { get; }

    IDueStore Due { get; }

    IVectorStore Vectors { get; }

    IMemoryStore Memories { get; }

    IErasureStore Erasures { get; }

    IAuditStore Audit { get; }

    ITransferStore Transfers { get; }

    IEventStore Events { get; }

    /// <summary>Those of the words that are still somewhere in what the store keeps: its files, or every column of its tables.</summary>
    Task<IReadOnlyList<string>> FindAnywhereAsync(IReadOnlyList<string> words);

    /// <summary>A tenant's rows, as text and in order, of every table whose rows have a tenant; the tables in order.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadRowsAsync(string tenant);

    IGraphStore Graph { get; }

    /// <summary>Closes the store in order and opens another over what it left.</summary>
    Task ReopenAsync();
}
