using MemoryOrleans.Gateway.Metrics;
using Microsoft.AspNetCore.Connections;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// Bounds the connections below the file handles there are. When all are in use, a new one takes the place of the oldest over
/// which no valid key has come yet; when there is none such, it is closed itself. So whoever only opens connections keeps
/// nobody out who has a key.
/// </summary>
internal sealed class ConnectionGate(int connectionsMax, GatewayMeters meters)
{
    private readonly Lock gate = new();
    private readonly LinkedList<HeldConnection> unproven = new();
    private int open;

    public int ConnectionsMax => connectionsMax;

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var held = new HeldConnection(this, connection);
        if (!TryEnter(held, out var leaving))
        {
            meters.ConnectionsRefused.Add(1);
            connection.Abort(new ConnectionAbortedException("All connections are in use."));
            return;
        }

        if (leaving is not null)
        {
            meters.ConnectionsRefused.Add(1);
            leaving.End();
        }

        connection.Features.Set(held);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(held);
        }
    }

    private bool TryEnter(HeldConnection held, out HeldConnection? leaving)
    {
        leaving = null;
        lock (gate)
        {
            if (open >= connectionsMax)
            {
                if (unproven.First is not { } oldest)
                    return false;
                leaving = oldest.Value;
                Forget(leaving);
                leaving.HasLeft = true;
                open--;
            }

            open++;
            held.Place = unproven.AddLast(held);
            return true;
        }
    }

    private void Prove(HeldConnection held)
    {
        lock (gate)
            Forget(held);
    }

    private void Leave(HeldConnection held)
    {
        lock (gate)
        {
            Forget(held);
            if (!held.HasLeft)
                open--;
        }
    }

    private void Forget(HeldConnection held)
    {
        if (held.Place is { } place)
            unproven.Remove(place);
        held.Place = null;
    }

    /// <summary>A connection that is held; a feature of the requests that come over it.</summary>
    internal sealed class HeldConnection(ConnectionGate owner, ConnectionContext connection)
    {
        private volatile bool isProven;

        /// <summary>Among those over which no valid key has come.</summary>
        public LinkedListNode<HeldConnection>? Place { get; set; }

        public bool HasLeft { get; set; }

        /// <summary>A valid key has come over it. False when one had before.</summary>
        public bool Prove()
        {
            if (isProven)
                return false;
            isProven = true;
            owner.Prove(this);
            return true;
        }

        public void End() => connection.Abort(new ConnectionAbortedException("Another connection needed the place."));
    }
}
