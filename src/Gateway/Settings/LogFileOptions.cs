using MemoryOrleans.Settings;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>Files that log lines are written to beside the console, one JSON object a line.</summary>
public sealed record LogFileOptions
{
    private const string FolderName = "MEMORY_LOG_FOLDER";

    /// <summary>MEMORY_LOG_FOLDER: where they are; made when missing.</summary>
    public required string Folder { get; init; }

    /// <summary>MEMORY_LOG_FILE_MEGABYTES: a file of so many bytes is followed by another.</summary>
    public required long BytesMax { get; init; }

    /// <summary>MEMORY_LOG_FILES_MAX: so many are kept, the newest.</summary>
    public required int FilesMax { get; init; }

    /// <summary>Null where none are asked for. Errors are collected in <paramref name="settings"/>.</summary>
    internal static LogFileOptions? Read(MemorySettings settings)
    {
        var folder = settings.Text(
            FolderName, null, "the path of a folder",
            "Log lines are also written to files memory-YYYYMMDD.json in this folder, a JSON object a line, a new file each day "
            + "and when one is full. Default: none.");
        var bytes = settings.Integer("MEMORY_LOG_FILE_MEGABYTES", 64, 1, 4_096, "MiB",
            "A log file of this size is followed by another of the same day.") * 1024L * 1024L;
        var files = settings.Integer("MEMORY_LOG_FILES_MAX", 14, 1, 10_000, "files", "Log files that are kept; older ones are deleted.");
        if (folder is null)
            return null;
        if (FindFault(folder) is { } fault)
            settings.Reject(FolderName, fault);
        return new LogFileOptions { Folder = folder, BytesMax = bytes, FilesMax = files };
    }

    private static string? FindFault(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $".probe-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"cannot be written to: {failure.Message.TrimEnd('.')}";
        }
    }
}
