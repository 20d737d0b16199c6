namespace MemoryOrleans;

/// <summary>The database was written by a newer release than this one, which therefore leaves it alone.</summary>
public sealed class StoreSchemaTooNewException(string message) : InvalidOperationException(message);
