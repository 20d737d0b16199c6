namespace MemoryOrleans.Bench.Load.Texts;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): a generator that costs a nanosecond and starts anywhere, so that the text of
/// any turn can be made again from its numbers alone.
/// </summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for every combination of numbers.</summary>
    public static SplitMix Of(long seed, long first, long second) =>
        new(Mix(Mix(Mix((ulong)seed) + (ulong)first) + (ulong)second));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in 0..<paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Uniform in 0..1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
