using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Scheduling;

/// <summary>Does what the test says with each work.</summary>
internal sealed class ScriptedHandler(Func<DueWork, CancellationToken, Task<DueOutcome>> act, int batchMax = 1) : IDueHandler
{
    public string KindPrefix => "do:";

    public int BatchMax => batchMax;

    public double Share { get; init; } = 1;

    public List<DueWork> Seen { get; } = [];

    public async Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel)
    {
        Seen.AddRange(works);
        var outcomes = new List<DueOutcome>();
        foreach (var work in works)
            outcomes.Add(await act(work, cancel));
        return outcomes;
    }
}
