using System.Globalization;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>A server that is told its port is given one that nobody else can be given before it binds it.</summary>
public sealed class PortTests
{
    private const RegexOptions Linear = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    /// <summary>Where what binds port 0 keeps it to the end.</summary>
    private static readonly string[] Kept = ["tests/Cluster.Tests/ProcessTests.cs"];

    [Fact]
    public void Free_ports_are_all_different_and_none_that_the_system_gives_by_itself()
    {
        const string Given = "/proc/sys/net/ipv4/ip_local_port_range";
        var least = File.Exists(Given) ? int.Parse(File.ReadAllText(Given).Split('\t')[0], CultureInfo.InvariantCulture) : 32_768;
        var ports = new int[300];
        Parallel.For(0, ports.Length, i => ports[i] = FreePorts.Next());
        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 20_000, least - 1));
    }

    [Fact]
    public void Only_FreePorts_picks_a_port_and_lets_it_go()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(Repository.Relative)
            .Where(static path => !Regex.IsMatch(path, "/(bin|obj)/", Linear))
            .Where(static path => Regex.IsMatch(Repository.Read(path), @"TcpListener\([^()]+, 0\)|IPEndPoint\([^()]+, 0\)", Linear));
        Assert.Equal(Kept, found);
    }
}
