using MemoryOrleans.Redaction;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Engine;

/// <summary>Exports and imports straight from and to the store: sessions that an import extends make their actors load again.</summary>
/// <param name="redaction">What is taken out of what comes in.</param>
/// <param name="wake">Called when an import may have woken due work.</param>
internal sealed class DirectTransfers(MemoryStores stores, TimeProvider clock, IRedaction redaction, Action wake) : ITransferOperations
{
    public Task<TransferTrailer> ExportAsync(string tenant, Stream to, CancellationToken cancel) =>
        new ExportTenant(stores.Transfers, clock).RunAsync(tenant, to, cancel);

    public async Task<Outcome<ImportReport>> ImportAsync(string tenant, Stream from, int lineBytesMax, CancellationToken cancel)
    {
        var ports = new TransferPorts(stores.Transfers, stores.Sessions, stores.Memories, stores.Graph);
        try
        {
            return await new ImportTenant(ports, clock, redaction).RunAsync(tenant, from, lineBytesMax, progress: null, cancel);
        }
        finally
        {
            wake();
        }
    }
}
