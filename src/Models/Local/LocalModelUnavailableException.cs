namespace MemoryOrleans.Models.Local;

public enum LocalModelLack
{
    /// <summary>The runtime's native library is not there for this platform, or does not load.</summary>
    NativeLibrary,

    /// <summary>Model or vocabulary is not there.</summary>
    File,

    /// <summary>The file is no model of the form wanted.</summary>
    Form,
}

/// <summary>The local model cannot run here. Recall goes on with static vectors; the message says what is missing.</summary>
public sealed class LocalModelUnavailableException(LocalModelLack lack, string message, Exception? inner = null) : Exception(message, inner)
{
    public LocalModelLack Lack => lack;
}
