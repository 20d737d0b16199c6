namespace MemoryOrleans.Bench.Simulate;

/// <summary>A guarantee does not hold.</summary>
internal sealed class SimulationFailure(string message) : Exception(message);
