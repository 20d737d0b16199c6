namespace MemoryOrleans.Storage.Sqlite;

/// <summary>A backup or a restore was not begun, or not finished, because of the files it was given; nothing was changed.</summary>
public sealed class BackupRefusedException(string message) : InvalidOperationException(message)
{
    /// <summary>What stands in the way may be replaced, if the caller says so.</summary>
    public bool MayOverwrite { get; init; }
}
