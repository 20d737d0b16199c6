namespace MemoryOrleans.Storage.Sealing;

/// <summary>
/// Where the master keys are: they wrap the tenants' data keys and are never stored beside them. <see cref="MasterKeys"/> holds them in
/// this process; a host program may ask a key management service instead. Asked when a process meets a tenant, not for each text.
/// Calls may come from several threads at once.
/// </summary>
public interface IMasterKeys
{
    /// <summary>The one that new data keys are wrapped under. 1 to 64 of a-z, 0-9, '.', '_' and '-'.</summary>
    string FirstId { get; }

    /// <summary>Whether data keys wrapped under this one can be unwrapped.</summary>
    bool Knows(string id);

    /// <summary>Wraps a data key under the first master key.</summary>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="context">Says what the key is for; the same is given to unwrap it, and nothing else may do.</param>
    /// <exception cref="StoreUnavailableException">The service that has the keys cannot be reached.</exception>
    ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string context, CancellationToken cancel);

    /// <summary>The data key of 32 bytes; null when this master key, or this context, is not what it was wrapped with.</summary>
    /// <param name="id">One that <see cref="Knows"/> says yes to.</param>
    /// <exception cref="StoreUnavailableException">The service that has the keys cannot be reached.</exception>
    ValueTask<byte[]?> UnwrapAsync(string id, ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancel);
}
