namespace MemoryOrleans.Tools;

/// <summary>A tool could not do what it was asked. The message is written for the model: what is wrong, and what to do now.</summary>
public sealed class ToolException(string message, Exception? inner = null) : Exception(message, inner);
