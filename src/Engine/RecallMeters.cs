using System.Diagnostics.Metrics;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Engine;

/// <summary>What recalls of this process are made of, for operators: part of the meter <see cref="EngineMeters.Name"/>.</summary>
internal sealed class RecallMeters(Meter meter, SalienceCurve curve)
{
    private readonly LabelledCount arms = new(
        meter, "memory_recall_arms", "arm", ["turns", "memories", "meaning", "neural", "updates"], "{recall}",
        "Recalls that an arm took part in");

    private readonly LabelledCount items = new(
        meter, "memory_recalled_items", "tier", ["working", "episodic", "semantic"], "{item}", "Items that recalls answered, by tier");

    private readonly Histogram<double> salience = meter.CreateHistogram(
        "memory_recalled_salience", unit: null, "Salience, 0 to 1, of the memories that recalls answered", tags: null,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] });

    public void Asked(RecallArms asked)
    {
        Count("turns", asked.Turns);
        Count("memories", asked.Memories);
        Count("meaning", asked.Meaning);
        Count("neural", asked.Neural);
    }

    public void Answered(RecallResult result)
    {
        foreach (var item in result.Items)
        {
            items.Add(item.Tier);
            if (item.Memory is { } memory)
                salience.Record(curve.At(memory, result.EvaluatedAt));
        }

        Count("updates", result.Items.Any(static item => item.Update is not null || item.OutdatedBy is not null));
    }

    private void Count(string arm, bool took)
    {
        if (took)
            arms.Add(arm);
    }
}

/// <summary>Counts the links found between turns and what they update, by what the links may do.</summary>
internal sealed class MeteredUpdates(IFindUpdates inner, Meter meter) : IFindUpdates
{
    private readonly LabelledCount links = new(
        meter, "memory_update_links", "class", ["lifts", "replaces"], "{link}", "Links found from a turn to an older one that it updates");

    public async Task<IReadOnlyList<UpdateLink>> FindAsync(
        SessionKey key, Session session, IReadOnlyList<Turn> turns, CancellationToken cancel)
    {
        var found = await inner.FindAsync(key, session, turns, cancel);
        foreach (var link in found)
            links.Add(link.Class == UpdateClass.Replaces ? "replaces" : "lifts");
        return found;
    }
}
