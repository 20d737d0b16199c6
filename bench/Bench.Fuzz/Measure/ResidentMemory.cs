using System.Globalization;

namespace MemoryOrleans.Bench.Fuzz.Measure;

/// <summary>Samples of a process's resident memory (MiB) over the number of requests, and the slope of their second half.</summary>
internal sealed class ResidentMemory(int pid)
{
    private readonly List<(double Requests, double Mebibytes)> samples = [];

    public bool HasGone { get; private set; }

    public void Sample(int requests)
    {
        try
        {
            var line = Array.Find(File.ReadAllLines($"/proc/{pid}/status"),
                static each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
            if (line is not null)
                samples.Add((requests, double.Parse(line["VmRSS:".Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024));
        }
        catch (IOException)
        {
            HasGone = true;
        }
    }

    public override string ToString() =>
        samples.Count < 4
            ? "resident memory: too few samples"
            : string.Create(CultureInfo.InvariantCulture,
            $"resident memory: {samples[0].Mebibytes:0} MiB first, {samples.Max(static each => each.Mebibytes):0} most, {samples[^1].Mebibytes:0} last; over the second half {Slope():0.0} MiB by 10,000 requests");

    private double Slope()
    {
        var half = samples[(samples.Count / 2)..];
        var (x, y) = (half.Average(static each => each.Requests), half.Average(static each => each.Mebibytes));
        var spread = half.Sum(each => (each.Requests - x) * (each.Requests - x));
        return spread == 0 ? 0 : 10_000 * half.Sum(each => (each.Requests - x) * (each.Mebibytes - y)) / spread;
    }
}
