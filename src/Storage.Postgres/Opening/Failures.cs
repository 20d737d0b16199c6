using System.Net.Sockets;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Tells what a failure means: the server out of reach, a race lost, or a bug.</summary>
internal static class Failures
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>
    /// The server cannot be reached, is starting or stopping, is out of a resource, or took too long. Worth a retry by the caller.
    /// </summary>
    public static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException server => server.SqlState[..2] is "08" or "53" or "57" or "58" || IsRace(server)
            || server.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction
                or IdleInTransactionTimeout,
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The connection is gone, and with it perhaps every idle one of the pool.</summary>
    public static bool IsConnectionLost(Exception error) => error switch
    {
        PostgresException server => server.SqlState[..2] is "08" || server.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The transaction lost against another; nothing of it was stored.</summary>
    public static bool IsRace(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>A uniqueness, check or foreign key rule was broken.</summary>
    public static bool IsConstraint(Exception error) =>
        error is PostgresException server && server.SqlState.StartsWith("23", StringComparison.Ordinal);
}
