namespace MemoryOrleans.Cli.Connecting;

/// <summary>The command was asked for something it cannot do; the message says what, in one sentence.</summary>
internal sealed class UsageException(string message) : Exception(message);
