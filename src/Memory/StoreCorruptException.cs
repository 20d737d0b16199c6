namespace MemoryOrleans;

/// <summary>
/// The store's data is damaged. Another try does not help: somebody has to restore a backup; what is not damaged may still
/// be read.
/// </summary>
public sealed class StoreCorruptException(string message, Exception? inner = null) : StoreUnavailableException(message, inner);
