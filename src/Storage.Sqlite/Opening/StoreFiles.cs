namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Makes the database's folder and file so that only this user can read them; SQLite gives its own files the same mode.</summary>
internal static class StoreFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <exception cref="StoreNotOpenedException">It is missing and cannot be made.</exception>
    public static void EnsureFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerFolder);
        }
        catch (Exception failure) when (ExplainFailure.IsExplained(failure))
        {
            throw ExplainFailure.Of(failure, Path.GetFullPath(path));
        }
    }

    /// <exception cref="StoreNotOpenedException">It cannot be made or written.</exception>
    public static void EnsureDatabase(string path)
    {
        try
        {
            Open(path, FileShare.ReadWrite).Dispose();
        }
        catch (Exception failure) when (ExplainFailure.IsExplained(failure))
        {
            throw ExplainFailure.Of(failure, path);
        }
    }

    /// <summary>Opens or makes a file; <see cref="FileShare.None"/> takes the system's lock on it, which ends with the process.</summary>
    public static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return new FileStream(path, options);
    }
}
