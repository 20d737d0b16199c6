namespace MemoryOrleans.Redaction;

/// <summary>What is in force for tenants, as whoever stores something must ask first.</summary>
public interface IRedaction
{
    /// <summary>The packs to apply to what comes in for the tenant.</summary>
    /// <exception cref="StoreUnavailableException">Nobody knows, so nothing may be stored.</exception>
    ValueTask<RedactionPacks> PacksOfAsync(string tenant, CancellationToken cancel);

    /// <summary>Takes note of what was taken out.</summary>
    void Note(RedactionCounts counts);
}
