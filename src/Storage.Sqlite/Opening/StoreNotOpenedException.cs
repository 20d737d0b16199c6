namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The database could not be opened; the message is one sentence for the person who has to mend it.</summary>
public sealed class StoreNotOpenedException(string message, Exception? cause = null) : InvalidOperationException(message, cause);
