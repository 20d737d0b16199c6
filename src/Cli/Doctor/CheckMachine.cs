using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Client;
using MemoryOrleans.Silo.Configuration;

namespace MemoryOrleans.Cli.Doctor;

/// <summary>The memory that may be running already, this machine's clock beside its, the disk, and the ports to listen on.</summary>
internal static class CheckMachine
{
    private const long BytesScarce = 1L << 30;
    private const long BytesTooFew = 100L << 20;

    private static readonly TimeSpan ClocksApartMax = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Connection connection, StoreSettings store, IReadOnlyList<string> urls, CancellationToken cancel)
    {
        var (running, isThere) = await FindMemoryAsync(connection, cancel);
        List<Finding> findings = [.. running, DiskOf(store)];
        findings.AddRange(urls.Select(url => PortOf(url, isThere ? connection.Address : null)));
        return findings;
    }

    private static async Task<(
        IReadOnlyList<Finding> Findings, bool IsThere)> FindMemoryAsync(Connection connection, CancellationToken cancel)
    {
        try
        {
            await connection.Client.GetReadyAsync(cancel);
            var health = await connection.Client.GetHealthAsync(cancel);
            var ill = health.Components.Where(static part => !part.Healthy).Select(static part => $"{part.Name}: {part.Detail}").ToList();
            return ([
                ill.Count == 0
                    ? Finding.Ok("memory", $"{connection.Address} takes requests, version {health.Version}")
                    : Finding.Wrong("memory", string.Join("; ", ill), "memory health shows each part; the server's log says more."),
                ClockOf(health.CheckedAt - TimeProvider.System.GetUtcNow()),
            ], true);
        }
        catch (MemoryApiException refusal)
        {
            return ([refusal.Status == 503
                ? Finding.Wrong(
                    "memory", $"{connection.Address} is not ready: {refusal.Problem.Detail}",
                    "Wait, then look at memory health and the server's log.")
                : Finding.Warning(
                    "memory", $"{connection.Address} does not let this key see: {refusal.Problem.Detail}",
                    "Give a key with the scope admin: MEMORY_API_KEY or --key.")],
                true);
        }
        catch (Exception silence) when (Failure.IsSilence(silence))
        {
            return ([
                Finding.Warning(
                    "memory", $"nothing answers at {connection.Address}",
                    "Start one with memory serve, or say where one is: MEMORY_BASE_URL or --base."),
                Finding.Ok("clock", "not compared: no memory answers"),
            ], false);
        }
    }

    private static Finding ClockOf(TimeSpan apart) => apart.Duration() <= ClocksApartMax
        ? Finding.Ok("clock", "this machine and the memory's agree")
        : Finding.Warning(
            "clock", string.Create(CultureInfo.InvariantCulture,
            $"the memory's clock is {apart.TotalSeconds:0} s away from this machine's"),
            "Set both by a time server: times of turns and tokens rest on it.");

    private static Finding DiskOf(StoreSettings store)
    {
        var folder = new DirectoryInfo(store.Sqlite is { } file ? Path.GetDirectoryName(file.Path)! : Environment.CurrentDirectory);
        while (!folder.Exists && folder.Parent is not null)
            folder = folder.Parent;
        var free = new DriveInfo(folder.FullName).AvailableFreeSpace;
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / (1L << 20):N0} MiB free at {folder.FullName}");
        const string Advice = "Make room, or put MEMORY_DATABASE_URL on a larger disk: writes are refused when it is full.";
        if (free < BytesTooFew)
            return Finding.Wrong("disk", found, Advice);
        return free < BytesScarce ? Finding.Warning("disk", found, Advice) : Finding.Ok("disk", found);
    }

    private static Finding PortOf(string url, string? running)
    {
        var uri = new Uri(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal));
        var address = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) ? ip : uri.IsLoopback ? IPAddress.Loopback : IPAddress.Any;
        try
        {
            using var probe = new TcpListener(address, uri.Port);
            probe.Start();
            return Finding.Ok("ports", $"{url} is free");
        }
        catch (SocketException) when (running is not null && new Uri(running).Port == uri.Port)
        {
            return Finding.Ok("ports", $"{url} is the running memory's");
        }
        catch (SocketException wrong)
        {
            return Finding.Wrong("ports", $"{url} cannot be listened on: {wrong.Message}",
                "End what listens there, or set MEMORY_URLS to another port.");
        }
    }
}
