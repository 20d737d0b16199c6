namespace MemoryOrleans.Scripted;

/// <summary>The behaviour of the moment and what was asked so far. Safe for concurrent use.</summary>
internal sealed class Script
{
    private const int RequestsKept = 1_000;

    private readonly Lock gate = new();
    private readonly Queue<SeenRequest> seen = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> waiting = [];
    private Behaviour behaviour = Behaviour.Normal;
    private int timesLeft = int.MaxValue;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Requests { get; private set; }

    public long Texts { get; private set; }

    public int UnderWay { get; private set; }

    public int UnderWayMost { get; private set; }

    public Behaviour Behaviour
    {
        get
        {
            lock (gate)
                return behaviour;
        }

        set
        {
            lock (gate)
            {
                behaviour = value;
                timesLeft = value.Times ?? int.MaxValue;
                changed.SetResult();
                changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (gate)
                return [.. seen];
        }
    }

    public (Behaviour Behaviour, Task Changed) Begin(SeenRequest request)
    {
        lock (gate)
        {
            Requests++;
            Texts += request.Texts.Count;
            UnderWay++;
            UnderWayMost = Math.Max(UnderWay, UnderWayMost);
            seen.Enqueue(request);
            if (seen.Count > RequestsKept)
                seen.Dequeue();
            foreach (var (_, reached) in waiting.Where(each => each.Count <= Requests))
                reached.TrySetResult();
            var now = timesLeft > 0 ? behaviour : behaviour with { Act = Act.Answer, DelayMilliseconds = 0 };
            timesLeft = Math.Max(0, timesLeft - 1);
            return (now, changed.Task);
        }
    }

    public void End()
    {
        lock (gate)
            UnderWay--;
    }

    public Task WhenRequestsAsync(long count)
    {
        lock (gate)
        {
            if (Requests >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count, reached));
            return reached.Task;
        }
    }

    public void Clear()
    {
        Behaviour = Behaviour.Normal;
        lock (gate)
        {
            seen.Clear();
            Requests = Texts = 0;
            UnderWayMost = UnderWay;
        }
    }
}
