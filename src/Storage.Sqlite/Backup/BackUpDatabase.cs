namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Copies a database into a file while a server may be writing to it, without text that was erased.</summary>
public static class BackUpDatabase
{
    /// <summary>Copies, checks the copy, and only then gives it its name.</summary>
    /// <returns>What the copy holds.</returns>
    /// <exception cref="BackupRefusedException">There is no database, it is damaged, or the file may not be written.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written the database.</exception>
    /// <exception cref="SqliteStoreException">SQLite cannot read the one or write the other.</exception>
    public static DatabaseContents Run(string database, string file, bool overwrite, CancellationToken cancel)
    {
        var (source, target) = (Path.GetFullPath(database), Path.GetFullPath(file));
        if (!File.Exists(source))
            throw new BackupRefusedException($"There is no database {source}.");
        RefuseTarget(source, target, overwrite);
        SqliteLibrary.EnsureLoaded();
        using var part = PartFile.Create(target);
        CopyDatabase.Run(source, part.Path, cancel);
        var contents = CheckDatabase.Run(part.Path, cancel);
        part.Publish(overwrite);
        return contents;
    }

    private static void RefuseTarget(string source, string target, bool overwrite)
    {
        if (target == source)
            throw new BackupRefusedException($"{target} is the database itself.");
        if (Directory.Exists(target))
            throw new BackupRefusedException($"{target} is a folder; name a file.");
        if (File.Exists(target + "-wal") || File.Exists(target + "-journal"))
            throw new BackupRefusedException($"{target} is a database in use.");
        if (!overwrite && File.Exists(target))
            throw new BackupRefusedException($"{target} exists already.") { MayOverwrite = true };
    }
}
