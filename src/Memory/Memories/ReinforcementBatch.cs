namespace MemoryOrleans.Memories;

/// <summary>
/// Gathers the reinforcements of one tenant between two savings, so that a memory cited a hundred times is written once.
/// Plain and synchronous: whoever holds it decides when it is saved.
/// </summary>
/// <param name="countMax">Reinforcements it holds at most, 1..1,000,000.</param>
public sealed class ReinforcementBatch(int countMax = 10_000)
{
    private readonly Dictionary<string, List<(DateTimeOffset At, Reinforcement Reinforcement)>> byMemory = new(StringComparer.Ordinal);

    /// <summary>Reinforcements held.</summary>
    public int Count { get; private set; }

    public IReadOnlyCollection<string> MemoryIds => byMemory.Keys;

    /// <summary>False, and nothing is taken, when the batch is full.</summary>
    public bool TryAdd(string memoryId, Reinforcement reinforcement, DateTimeOffset at)
    {
        if (Count >= countMax)
            return false;
        if (!byMemory.TryGetValue(memoryId, out var list))
            byMemory.Add(memoryId, list = []);
        list.Add((at, reinforcement));
        Count++;
        return true;
    }

    /// <summary>
    /// The saliences to save, each memory's reinforcements applied in the order of their times, whatever order they came in.
    /// Memories that are erased or not given get none.
    /// </summary>
    /// <param name="current">Current versions of <see cref="MemoryIds"/>.</param>
    public IReadOnlyList<SalienceUpdate> Apply(IEnumerable<MemoryRecord> current, SalienceCurve curve)
    {
        var updates = new List<SalienceUpdate>();
        foreach (var memory in current)
        {
            if (memory.Status == MemoryStatus.Erased || !byMemory.TryGetValue(memory.Id, out var reinforcements))
                continue;
            var raised = memory;
            foreach (var (at, reinforcement) in reinforcements.OrderBy(static each => each.At).ThenBy(static each => each.Reinforcement))
                raised = raised with { Salience = curve.Reinforce(raised, reinforcement, at) };
            updates.Add(new SalienceUpdate(memory.Id, raised.Salience));
        }

        return updates;
    }
}
