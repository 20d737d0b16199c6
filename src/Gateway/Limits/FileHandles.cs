using System.Globalization;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>How many files and connections this process may have open, as far as the system says (Linux only).</summary>
public static class FileHandles
{
    /// <summary>With fewer a process does not start: its own files, the store's and the cluster's connections take about as many.</summary>
    public const int LeastForServing = 480;

    private const int ReservedMin = 400;
    private const int ReservedPart = 8;
    private const int ConnectionsMin = 16;

    /// <summary>The limit (<c>ulimit -n</c>); null where it cannot be told.</summary>
    public static long? Limit()
    {
        const string Name = "Max open files";
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits))
            return null;
        var line = File.ReadLines(Limits).FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
        var words = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [var soft, ..] && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit : null;
    }

    /// <summary>One sentence when there are too few to serve; else null.</summary>
    public static string? Shortage(long? limit) => limit < LeastForServing
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Only {limit} file handles may be open, and the memory needs {LeastForServing} at least: raise the limit (ulimit -n, or "
            + $"LimitNOFILE of its unit), best to 10000 or more.")
        : null;

    /// <summary>The connections that can be held, of those wanted: what the process needs itself is left to it.</summary>
    public static int ConnectionsFor(long? limit, int wanted)
    {
        if (limit is not { } handles)
            return wanted;
        var reserved = Math.Max(ReservedMin, handles / ReservedPart);
        return (int)Math.Clamp(handles - reserved, Math.Min(ConnectionsMin, wanted), wanted);
    }
}
