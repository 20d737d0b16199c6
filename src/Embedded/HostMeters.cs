using System.Diagnostics.Metrics;

namespace MemoryOrleans.Embedded;

/// <summary>What the host holds at the moment, for operators: the meter <c>MemoryOrleans.Embedded</c>.</summary>
internal static class HostMeters
{
    public const string Name = "MemoryOrleans.Embedded";

    public static void Register(Meter meter, EmbeddedMemoryHost host)
    {
        meter.CreateObservableGauge("memory_session_actors", () => host.SessionActors, description: "Session actors in memory");
        meter.CreateObservableGauge("memory_index_partitions", () => host.Index.Size.Partitions, description: "Partitions of the recall index in memory");
        meter.CreateObservableGauge("memory_index_turns", () => host.Index.Size.Turns, description: "Turns in the recall index");
        meter.CreateObservableGauge("memory_index_bytes", () => host.Index.Size.Bytes, "By", "Estimated bytes of the recall index");
    }
}
