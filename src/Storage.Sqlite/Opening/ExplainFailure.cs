namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Puts what the system or SQLite says at an opening into one sentence that names the file and what is wrong with it.</summary>
internal static class ExplainFailure
{
    // Linux, macOS and Windows number these differently; .NET passes the system's number on.
    private const int ReadOnlyFileSystem = 30, NoSpace = 28, NotAFolder = 20;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private static readonly int[] QuotaExceeded = [122, 69];

    /// <summary>True for what may go wrong with files.</summary>
    public static bool IsExplained(Exception failure) => failure is IOException or UnauthorizedAccessException or SqliteStoreException;

    /// <param name="path">The file that could not be opened, made or read.</param>
    public static StoreNotOpenedException Of(Exception failure, string path) => new(failure switch
    {
        SqliteStoreException sqlite => OfSqlite(sqlite, path),
        _ => OfSystem(failure, path),
    }, failure);

    private static string OfSqlite(SqliteStoreException failure, string path) => failure switch
    {
        { IsNoDatabase: true } => $"{path} is not a SQLite database; MEMORY_DATABASE_URL names the file.",
        { IsDamage: true } => $"{path} is damaged ({failure.Message}): put it aside and `memory restore` a backup.",
        { IsFull: true } => $"There is no room to write {path}: the disk is full.",
        { IsBusy: true } => $"{path} is locked by a program that is not the memory; close it and start again.",
        { IsForbidden: true } => $"{path}, or {path}-wal and {path}-shm beside it, cannot be written: "
            + $"the file or its folder is read-only, or belongs to another user than {Environment.UserName} ({failure.Message}).",
        _ => $"{path} cannot be opened: {failure.Message}.",
    };

    private static string OfSystem(Exception failure, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(path))
            return $"{path} is a folder; MEMORY_DATABASE_URL must name a file.";
        if (FindFileAbove(path) is { } file)
            return $"{path} cannot be made: {file} is a file, not a folder.";
        return failure switch
        {
            { HResult: ReadOnlyFileSystem } => $"{path} cannot be written: the file system of {folder} is read-only.",
            { HResult: NoSpace or WindowsDiskFull } => $"There is no room to write {path}: the disk is full.",
            _ when QuotaExceeded.Contains(failure.HResult) => $"There is no room to write {path}: the user's quota of the disk is used up.",
            DirectoryNotFoundException or FileNotFoundException or { HResult: NotAFolder } =>
            $"{path} cannot be made: the folder {folder} does not exist and could not be made.",
            PathTooLongException => $"{path} cannot be opened: the path is too long.",
            UnauthorizedAccessException when File.Exists(path) =>
                $"{path} cannot be written: it is read-only, or belongs to another user than {Environment.UserName}.",
            UnauthorizedAccessException => $"{path} cannot be made: {Environment.UserName} may not write into {FindFolderAbove(path)}.",
            _ => $"{path} cannot be opened: {failure.Message}",
        };
    }

    private static string? FindFileAbove(string path)
    {
        var above = Path.GetDirectoryName(path);
        while (above is not null && !Directory.Exists(above))
        {
            if (File.Exists(above))
                return above;
            above = Path.GetDirectoryName(above);
        }

        return null;
    }

    private static string FindFolderAbove(string path)
    {
        var above = Path.GetDirectoryName(path)!;
        while (!Directory.Exists(above) && Path.GetDirectoryName(above) is { } higher)
            above = higher;
        return above;
    }
}
