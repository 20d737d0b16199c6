using System.Globalization;

namespace MemoryOrleans.Bench.Load.Measure;

/// <summary>Memory (bytes) and processor time (seconds since its start) of a process.</summary>
internal readonly record struct ProcessSample(long RssBytes, long PeakRssBytes, double CpuSeconds);

/// <summary>The server's process as Linux shows it under /proc.</summary>
internal sealed class ServerProcess
{
    /// <summary>USER_HZ, which Linux fixes at 100 for what /proc shows.</summary>
    private const double TicksPerSecond = 100;

    private ServerProcess(int pid) => Pid = pid;

    public int Pid { get; }

    /// <summary>
    /// The process with this id, or, without one, the one listening on <paramref name="port"/>; null when not to be seen.
    /// </summary>
    public static ServerProcess? Find(int? pid, int port)
    {
        pid ??= ListenerOf(port);
        return pid is { } known && File.Exists($"/proc/{known}/stat") ? new ServerProcess(known) : null;
    }

    /// <summary>Its figures now, or null when it has gone.</summary>
    public ProcessSample? Sample()
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{Pid}/status");
            var stat = File.ReadAllText($"/proc/{Pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return new ProcessSample(KibibytesOf(status, "VmRSS:"), KibibytesOf(status, "VmHWM:"), ticks / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>File handles it has open; 0 when it has gone or may not be looked at.</summary>
    public int CountHandles()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{Pid}/fd").Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long KibibytesOf(string[] status, string name)
    {
        var line = Array.Find(status, l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static int? ListenerOf(int port)
    {
        var inodes = ListeningInodes("/proc/net/tcp", port).Concat(ListeningInodes("/proc/net/tcp6", port))
            .Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
        if (inodes.Count == 0)
            return null;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && HoldsAny(folder, inodes))
                return pid;
        }

        return null;
    }

    private static IEnumerable<string> ListeningInodes(string table, int port)
    {
        const string Listening = "0A";
        if (!File.Exists(table))
            return [];
        var suffix = $":{port:X4}";
        return File.ReadLines(table).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == Listening && f[1].EndsWith(suffix, StringComparison.Ordinal))
            .Select(f => f[9]);
    }

    private static bool HoldsAny(string folder, HashSet<string> links)
    {
        try
        {
            return Directory.EnumerateFiles($"{folder}/fd").Any(fd => new FileInfo(fd).LinkTarget is { } link && links.Contains(link));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
