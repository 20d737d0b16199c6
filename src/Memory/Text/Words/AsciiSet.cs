namespace MemoryOrleans.Text.Words;

/// <summary>A set of ASCII letters, a bit for each.</summary>
internal readonly record struct AsciiSet(ulong Low, ulong High)
{
    public const int End = 128;
    private const int Bits = 64;

    /// <param name="letter">Below <see cref="End"/>.</param>
    public bool Contains(int letter) => ((letter < Bits ? Low : High) >> letter & 1) != 0;

    public AsciiSet With(int letter) => letter < Bits ? this with { Low = Low | 1UL << letter } : this with { High = High | 1UL << letter };

    public AsciiSet Complement => new(~Low, ~High);

    public AsciiSet Or(AsciiSet other) => new(Low | other.Low, High | other.High);
}
