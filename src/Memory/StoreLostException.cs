namespace MemoryOrleans;

/// <summary>The store's files are no longer where they were opened: nothing more is written until it is opened again.</summary>
public sealed class StoreLostException(string message, Exception? inner = null) : StoreUnavailableException(message, inner);
