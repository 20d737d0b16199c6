namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// n(x) = max(0, (x − mean) / (greatest − mean)) over all turns of a scope: what is no nearer than the average says nothing,
/// the nearest says 1. Cosines of encoders lie in narrow bands of their own, which this undoes.
/// </summary>
internal readonly record struct Stretch(float Mean, float Greatest)
{
    // Less is the rounding of vectors.
    private const float SpreadMin = 1e-3f;

    private float Scale => Greatest - Mean > SpreadMin ? 1 / (Greatest - Mean) : 0;

    /// <summary>The same for values beside those it is over: none of them says more than 1.</summary>
    public Stretch With(Stretch beside) => this with { Greatest = Math.Max(Greatest, beside.Greatest) };

    public float Of(float value) => float.IsNaN(value) ? 0 : Math.Max(0, (value - Mean) * Scale);

    /// <param name="each">Values of a scope's turns; NaN where a turn has none.</param>
    public static Stretch Over(IEnumerable<ReadOnlyMemory<float>> each)
    {
        var (sum, count, greatest) = (0.0, 0L, float.NegativeInfinity);
        foreach (var values in each)
        {
            foreach (var value in values.Span)
            {
                if (float.IsNaN(value))
                    continue;
                sum += value;
                count++;
                greatest = Math.Max(greatest, value);
            }
        }

        var mean = count == 0 ? 0 : (float)(sum / count);
        return new Stretch(mean, greatest);
    }
}
