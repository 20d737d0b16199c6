namespace MemoryOrleans.Bench.Fuzz;

/// <summary>A tenant of the service under test, and a key of it with the scopes read, write and admin.</summary>
internal sealed record TenantKey(string Tenant, string Key)
{
    /// <summary>A word that only this tenant's texts hold: whoever else is answered it has been shown what is not theirs.</summary>
    public string Mark => "zq" + Tenant + "qz";
}

/// <summary>What to send, to whom, and what is too slow.</summary>
/// <param name="Seed">Request n of a seed is the same in every run, but for the ids that answers brought.</param>
/// <param name="Requests">How many requests, of both manners.</param>
/// <param name="Tenants">At least one.</param>
/// <param name="RawPercent">How many of a hundred requests are bytes of their own making on a bare connection (0..100).</param>
/// <param name="Workers">Requests at a time.</param>
/// <param name="SlowBound">An answer that takes longer is a failure.</param>
/// <param name="Only">Sends the request of this number alone; null: all.</param>
internal sealed record FuzzPlan(
    Uri Url, IReadOnlyList<TenantKey> Tenants, int Seed, int Requests, int RawPercent, int Workers, TimeSpan SlowBound, int? Only = null)
{
    /// <summary>The source of everything that is random in one request.</summary>
    public Random RandomOf(int number) => new(unchecked((int)Mix(((ulong)(uint)Seed << 32) | (uint)number)));

    // SplitMix64's mixing function: neighbouring numbers must not give neighbouring requests.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
