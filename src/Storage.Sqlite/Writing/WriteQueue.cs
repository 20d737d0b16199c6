using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The bounded line before the committer: many callers add, one thread takes whatever is waiting in one go.</summary>
internal sealed class WriteQueue(int capacity, int groupTurnsMax)
{
    private const int YieldsMax = 50;

    // Monitor.Wait and Pulse need an object of their own.
    private readonly object gate = new();
    private readonly Queue<PendingWrite> writes = new();
    private FinishCheckpoint? checkpoint;
    private int lastTaken;
    private bool accepting = true;
    private bool closed;

    public int Capacity => capacity;

    public int Depth
    {
        get
        {
            lock (gate)
                return writes.Count;
        }
    }

    /// <summary>When the oldest write was queued, by <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>; null: none waits.</summary>
    public long? QueuedSince
    {
        get
        {
            lock (gate)
                return writes.TryPeek(out var oldest) ? oldest.QueuedAt : null;
        }
    }

    /// <summary>False, and why, when the queue is full or takes no more writes.</summary>
    public bool TryEnqueue(PendingWrite write, out CommitStatus refusal)
    {
        lock (gate)
        {
            refusal = accepting ? CommitStatus.Overloaded : CommitStatus.Unavailable;
            if (!accepting || writes.Count >= capacity)
                return false;
            writes.Enqueue(write);
            Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>Has the committer finish a checkpoint between two transactions. False once it has been told to end.</summary>
    public bool TryAdd(FinishCheckpoint request)
    {
        lock (gate)
        {
            if (closed)
                return false;
            checkpoint = request;
            Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>
    /// Waits for work and fills <paramref name="group"/> with the oldest writes, up to the turns one transaction may hold.
    /// False when the queue was closed and nothing is left.
    /// </summary>
    public bool Take(List<PendingWrite> group, out FinishCheckpoint? finish)
    {
        lock (gate)
        {
            while (writes.Count == 0 && checkpoint is null && !closed)
                Monitor.Wait(gate);
        }

        LetCallersReturn();
        lock (gate)
        {
            finish = checkpoint;
            checkpoint = null;
            var turns = 0;
            while (writes.TryPeek(out var next) && (group.Count == 0 || turns + next.Weight <= groupTurnsMax))
            {
                turns += next.Weight;
                group.Add(writes.Dequeue());
            }

            lastTaken = group.Count;
            return group.Count > 0 || finish is not null;
        }
    }

    /// <summary>
    /// Callers just answered often come straight back with their next write. Giving them the processor for a moment, microseconds
    /// against the sync to disk that follows, makes groups about twice as large.
    /// </summary>
    private void LetCallersReturn()
    {
        for (var yields = 0; yields < YieldsMax && Depth < lastTaken; yields++)
            Thread.Yield();
    }

    /// <summary>Refuses further writes; those waiting are still written.</summary>
    public void StopAccepting()
    {
        lock (gate)
            accepting = false;
    }

    /// <summary>Lets the committer end once everything waiting is written.</summary>
    public void Close()
    {
        lock (gate)
        {
            accepting = false;
            closed = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Fails everything still waiting, and everything to come, as Unavailable.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            (accepting, closed) = (false, true);
            checkpoint?.TrySetResult(false);
            checkpoint = null;
            while (writes.TryDequeue(out var write))
                write.TrySetResult(CommitStatus.Unavailable);
        }
    }
}
