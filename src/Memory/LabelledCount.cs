using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MemoryOrleans;

/// <summary>
/// A counter of things that happen rarely and are waited for by alerts. Whoever begins to collect, however late, sees every value of
/// its label from the first time on, at 0: what first shows up at 1 has no increase that an alert could see. Safe for concurrent use.
/// </summary>
public sealed class LabelledCount
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <param name="values">What the label can be; another value is shown from its first count on.</param>
    /// <param name="further">A label that every value has besides; null: none.</param>
    public LabelledCount(
        Meter meter, string name, string label, IEnumerable<string> values, string? unit = null, string? description = null,
        KeyValuePair<string, object?>? further = null)
    {
        foreach (var value in values)
            counts[value] = 0;
        meter.CreateObservableCounter(
            name,
            () => counts.Select(each => new Measurement<long>(
                each.Value, further is { } own ? [new KeyValuePair<string, object?>(label, each.Key), own]
                : [new KeyValuePair<string, object?>(label, each.Key)])),
            unit,
            description);
    }

    public void Add(string value, long change = 1) =>
        counts.AddOrUpdate(value, static (_, more) => more, static (_, count, more) => count + more, change);
}
