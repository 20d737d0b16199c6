namespace MemoryOrleans.Tenancy;

/// <summary>
/// One tenant's settings as its owner holds them between reads. Calls may interleave but not run side by side. Nothing is kept across a
/// save, however that ended: a read that began before it may have seen what was stored before.
/// </summary>
public sealed class KeptSettings(ITenantStore store)
{
    private TenantSettings? kept;
    private int saves;

    public async ValueTask<TenantSettings> ReadAsync(string tenant, CancellationToken cancel)
    {
        if (kept is { } known)
            return known;
        var before = saves;
        var read = await store.ReadSettingsAsync(tenant, cancel);
        if (before == saves)
            kept = read;
        return read;
    }

    /// <summary>Waits for the end of the save, whoever gives up meanwhile: until then nobody knows what is stored.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write, or did and could not tell.</exception>
    public async ValueTask SaveAsync(string tenant, TenantSettings settings)
    {
        Forget();
        try
        {
            await store.SaveSettingsAsync(tenant, settings, CancellationToken.None);
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>The next read asks the store.</summary>
    public void Forget()
    {
        saves++;
        kept = null;
    }
}
