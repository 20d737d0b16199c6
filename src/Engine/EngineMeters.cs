using System.Diagnostics.Metrics;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Engine;

/// <summary>What the engine holds at the moment, for operators: the meter <c>MemoryOrleans.Engine</c>.</summary>
internal static class EngineMeters
{
    public const string Name = "MemoryOrleans.Engine";

    public static void Register(Meter meter, MemoryEngine engine)
    {
        meter.CreateObservableGauge("memory_session_actors", () => engine.SessionActors(), description: "Session actors in memory");
        meter.CreateObservableGauge("memory_index_partitions", () => engine.Index.Size.Partitions,
            description: "Partitions of the recall index in memory");
        meter.CreateObservableGauge("memory_index_turns", () => engine.Index.Size.Turns, description: "Turns in the recall index");
        var book = engine.Schedule.Book;
        meter.CreateObservableGauge(
            "memory_due_ready", () => Measure(engine, static each => each.Ready),
            description: "Due work that waits or is being done, by kind");
        meter.CreateObservableGauge(
            "memory_due_dead", () => Measure(engine, static each => each.Dead),
            description: "Due work that failed as often as it may, by kind");
        meter.CreateObservableGauge(
            "memory_due_oldest_seconds", () => Measure(engine, each => each.OverdueAt(engine.Now).TotalSeconds), "s",
            "How long the most overdue work waits, by kind");
        meter.CreateObservableGauge(
            "memory_embedding_lag_seconds", () => book.Active is { } space
            ? book.BacklogOf(space).OverdueAt(engine.Now).TotalSeconds : 0, "s",
            "How long the most overdue turns wait for their vectors of the active space");
        meter.CreateObservableGauge("memory_index_bytes", () => engine.Index.Size.Bytes, "By", "Estimated bytes of the recall index");
        meter.CreateObservableGauge("memory_graph_index_entities", () => engine.GraphIndex.Size.Turns,
            description: "Entities in the search index");
        meter.CreateObservableGauge("memory_graph_index_bytes", () => engine.GraphIndex.Size.Bytes, "By",
            "Estimated bytes of the entities' search index");
        meter.CreateObservableGauge(
            "memory_memories_without_vectors", () => engine.MemoriesWithoutVectors,
            description: "Memories whose vectors of the local encoder are still to be made");
        meter.CreateObservableCounter(
            "memory_items_left_out", () => engine.LeftOut.Sum(static each => each.Count), "{item}",
            "Stored items that could not be read and are in no answer");
    }

    // A kind of which nothing is there says so: 0, not nothing.
    private static IEnumerable<Measurement<T>> Measure<T>(MemoryEngine engine, Func<DueBacklog, T> value)
        where T : struct
    {
        var backlog = engine.Schedule.Book.Backlog;
        var idle = engine.Schedule.Kinds.Except(backlog.Select(static each => each.Kind), StringComparer.Ordinal);
        return backlog.Select(each => Measurement(each.Kind, value(each)))
            .Concat(idle.Select(static kind => Measurement(kind, default(T))));

        static Measurement<T> Measurement(string kind, T measured) => new(measured, new KeyValuePair<string, object?>("kind", kind));
    }
}
