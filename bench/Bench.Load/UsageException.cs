namespace MemoryOrleans.Bench.Load;

/// <summary>What the caller asked for cannot be done; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
