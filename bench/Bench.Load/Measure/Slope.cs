namespace MemoryOrleans.Bench.Load.Measure;

/// <summary>How a figure goes up or down over time: the line that fits best.</summary>
internal static class Slope
{
    /// <summary>By how much it grows in an hour; 0 with fewer than two points.</summary>
    /// <param name="points">Hours since the beginning, and the figure then.</param>
    public static double PerHour(IReadOnlyList<(double Hours, double Value)> points)
    {
        if (points.Count < 2)
            return 0;
        var (x, y) = (points.Average(static each => each.Hours), points.Average(static each => each.Value));
        var spread = points.Sum(each => (each.Hours - x) * (each.Hours - x));
        return spread == 0 ? 0 : points.Sum(each => (each.Hours - x) * (each.Value - y)) / spread;
    }
}
