using System.Threading.Channels;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// The bounded line before the committers, a lane for each tenant with something waiting. A lane is with one committer at a
/// time, so a tenant's writes keep their order; tenants take turns.
/// </summary>
internal sealed class WriteQueue(int capacity, int groupTurnsMax)
{
    private const int YieldsMax = 20;

    private readonly Lock gate = new();
    private readonly Dictionary<string, TenantLane> lanes = new(StringComparer.Ordinal);
    private readonly Channel<TenantLane> due = Channel.CreateUnbounded<TenantLane>();
    private int depth;
    private bool accepting = true;
    private bool closing;

    public int Capacity => capacity;

    public int Depth => Volatile.Read(ref depth);

    /// <summary>When the oldest write was queued, by <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>; null: none waits.</summary>
    public long? QueuedSince
    {
        get
        {
            lock (gate)
                return lanes.Values.Min(static lane => lane.QueuedSince);
        }
    }

    /// <summary>False, and why, when the queue is full or takes no more writes.</summary>
    public bool TryEnqueue(PendingWrite write, out CommitStatus refusal)
    {
        lock (gate)
        {
            refusal = accepting ? CommitStatus.Overloaded : CommitStatus.Unavailable;
            if (!accepting || depth >= capacity)
                return false;
            depth++;
            if (lanes.TryGetValue(write.Key.Tenant, out var lane))
            {
                lane.Add(write);
                return true;
            }

            lanes.Add(write.Key.Tenant, lane = new TenantLane(write.Key.Tenant));
            lane.Add(write);
            due.Writer.TryWrite(lane);
            return true;
        }
    }

    /// <summary>Lanes with writes to take; ends when the queue is closed and empty.</summary>
    public IAsyncEnumerable<TenantLane> ReadDueAsync() => due.Reader.ReadAllAsync();

    public void TakeGroup(TenantLane lane, List<PendingWrite> group)
    {
        lock (gate)
        {
            lane.TakeGroup(group, groupTurnsMax);
            depth -= group.Count;
        }
    }

    /// <summary>
    /// Gives the lane back. Callers just answered often come straight with their next write; letting them makes groups about
    /// twice as large, at the price of microseconds against the round trip that follows.
    /// </summary>
    public async ValueTask ReturnAsync(TenantLane lane, int taken)
    {
        for (var yields = 0; taken > 1 && yields < YieldsMax && DepthOf(lane) < taken; yields++)
            await Task.Yield();
        lock (gate)
        {
            if (lane.Depth > 0)
                due.Writer.TryWrite(lane);
            else
                lanes.Remove(lane.Tenant);
            CompleteIfDrained();
        }
    }

    /// <summary>Refuses further writes and lets the committers end once everything waiting is written.</summary>
    public void Close()
    {
        lock (gate)
        {
            (accepting, closing) = (false, true);
            CompleteIfDrained();
        }
    }

    /// <summary>Fails everything still waiting, and everything to come, as Unavailable.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            (accepting, closing) = (false, true);
            foreach (var lane in lanes.Values)
            {
                while (lane.TryTake(out var write))
                {
                    depth--;
                    write!.TrySetResult(CommitStatus.Unavailable);
                }
            }

            due.Writer.TryComplete();
        }
    }

    private int DepthOf(TenantLane lane)
    {
        lock (gate)
            return lane.Depth;
    }

    private void CompleteIfDrained()
    {
        if (closing && lanes.Count == 0)
            due.Writer.TryComplete();
    }
}
