using System.Net;
using System.Net.Sockets;

namespace MemoryOrleans.Testing;

/// <summary>
/// Ports for servers that are told theirs and bind it some seconds later. A part of every test project, and the one place in them that
/// picks such a port.
/// </summary>
/// <remarks>
/// A port that the system gives for 0 is one of 32768 to 60999, and once it is let go any other process may be given it. Those below are
/// given to nobody who does not ask for them by number.
/// </remarks>
internal static class FreePorts
{
    private const int Least = 20_000;
    private const int Count = 12_000;

    /// <summary>Puts processes whose ids follow one another far apart; it has no factor in common with <see cref="Count"/>.</summary>
    private const int Spread = 7_919;

    private static readonly int First = (int)((long)Environment.ProcessId * Spread % Count);
    private static int taken = -1;

    /// <summary>A port that nobody listens on just now, and that no other test of this process is given.</summary>
    public static int Next()
    {
        while (true)
        {
            var place = Interlocked.Increment(ref taken);
            if (place >= Count)
                throw new InvalidOperationException($"All {Count} ports from {Least} on were given or are in use.");
            var port = Least + ((First + place) % Count);
            if (IsFree(port))
                return port;
        }
    }

    /// <summary>At any address of this machine: servers listen on one or on all of them.</summary>
    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Any, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
