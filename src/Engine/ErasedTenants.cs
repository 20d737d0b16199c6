using System.Collections.Concurrent;

namespace MemoryOrleans.Engine;

/// <summary>How often this process has forgotten a tenant; for nearly all of them never, which costs nothing to find out.</summary>
internal sealed class ErasedTenants
{
    private readonly ConcurrentDictionary<string, long> times = new(StringComparer.Ordinal);
    private volatile bool isAny;

    public void Note(string tenant)
    {
        times.AddOrUpdate(tenant, 1, static (_, before) => before + 1);
        isAny = true;
    }

    public long TimesOf(string tenant) => isAny ? times.GetValueOrDefault(tenant) : 0;
}
