namespace MemoryOrleans.Storage.Sqlite;

/// <summary>What a checked database file holds, of all tenants.</summary>
/// <param name="Schema">Number of its newest migration.</param>
public sealed record DatabaseContents(long Schema, long Sessions, long Turns, long Bytes);
