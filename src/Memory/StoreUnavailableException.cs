namespace MemoryOrleans;

/// <summary>
/// A store cannot be read or written at the moment. Thrown by stores' reads; writes answer
/// <see cref="Sessions.CommitStatus.Unavailable"/> instead. Callers may retry.
/// </summary>
public class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
