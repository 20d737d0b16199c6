namespace MemoryOrleans.Transfer;

/// <summary>Moves whole tenants as streams in the transfer format; see <see cref="ExportTenant"/> and <see cref="ImportTenant"/>.</summary>
public interface ITransferOperations
{
    /// <summary>Writes all of the tenant, as of one moment, at the pace at which the stream takes it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read; what was written so far has no trailer.</exception>
    Task<TransferTrailer> ExportAsync(string tenant, Stream to, CancellationToken cancel);

    /// <summary>Brings an export in; InvalidInput and Conflict name line and field.</summary>
    /// <param name="lineBytesMax">The longest line taken, in bytes.</param>
    Task<Outcome<ImportReport>> ImportAsync(string tenant, Stream from, int lineBytesMax, CancellationToken cancel);
}
