namespace MemoryOrleans.Storage.Sealing;

/// <summary>The store's texts are encrypted, and the master keys that were given are not those it needs; the message says which.</summary>
public sealed class StoreSealedException(string message) : InvalidOperationException(message);
