namespace MemoryOrleans.Memories;

/// <summary>What was true (<see cref="Valid"/>) and what was known to us (<see cref="Known"/>) at a time; null: now.</summary>
public sealed record AsOf(DateTimeOffset? Valid, DateTimeOffset? Known);
