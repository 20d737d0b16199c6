using System.Text;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Exports and imports of a store under test.</summary>
public static class TransferRuns
{
    public const int LineBytesMax = 1 << 20;

    public static async Task<byte[]> ExportAsync(IStoreUnderTest store, string tenant)
    {
        using var stream = new MemoryStream();
        await new ExportTenant(store.Transfers, TimeProvider.System).RunAsync(tenant, stream, default);
        return stream.ToArray();
    }

    public static async Task<Outcome<ImportReport>> ImportAsync(IStoreUnderTest store, string tenant, byte[] export)
    {
        var ports = new TransferPorts(store.Transfers, store.Sessions, store.Memories, store.Graph);
        using var stream = new MemoryStream(export);
        return await new ImportTenant(ports, TimeProvider.System).RunAsync(tenant, stream, LineBytesMax, progress: null, default);
    }

    /// <summary>The lines between header and trailer: what must not change on the way.</summary>
    public static string[] RecordsOf(byte[] export) => Encoding.UTF8.GetString(export).TrimEnd('\n').Split('\n')[1..^1];
}
