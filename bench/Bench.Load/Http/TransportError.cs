using System.Net.Sockets;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>Names for the ways an exchange fails without an answer.</summary>
internal static class TransportError
{
    public const string Connection = "connection";

    public static string NameOf(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock } => "timeout",
        InvalidDataException => "malformed",
        _ => Connection,
    };
}
