namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Puts a backup in the place of a database that no server has open.</summary>
public static class RestoreDatabase
{
    /// <summary>Checks the backup, copies it beside the database, checks the copy and renames it; until then all is as it was.</summary>
    /// <param name="overwrite">Also replace a database that holds turns, or that cannot be read.</param>
    /// <returns>What the database holds now.</returns>
    /// <exception cref="BackupRefusedException">The backup is unfit, or the database holds turns.</exception>
    /// <exception cref="StoreLockedException">A server has the database open.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written the backup.</exception>
    /// <exception cref="SqliteStoreException">SQLite cannot read the one or write the other.</exception>
    public static async Task<DatabaseContents> RunAsync(
        SqliteStoreOptions options, string file, bool overwrite, TimeProvider clock, CancellationToken cancel)
    {
        var (source, target) = (Path.GetFullPath(file), Path.GetFullPath(options.Path));
        if (!File.Exists(source))
            throw new BackupRefusedException($"There is no file {source}.");
        if (source == target)
            throw new BackupRefusedException($"{source} is the database itself.");
        SqliteLibrary.EnsureLoaded();
        StoreFiles.EnsureFolder(target);
        using var held = await StoreLock.AcquireAsync(target, options.LockTimeout, clock, cancel);
        if (!overwrite && !CheckDatabase.IsEmpty(target))
            throw new BackupRefusedException($"{target} exists and is not empty.") { MayOverwrite = true };
        var backup = CheckDatabase.Run(source, cancel);
        using var part = PartFile.Create(target);
        CopyDatabase.Run(source, part.Path, cancel);
        var copy = CheckDatabase.Run(part.Path, cancel);
        if ((copy.Sessions, copy.Turns) != (backup.Sessions, backup.Turns))
            throw new BackupRefusedException($"{source} changed while it was read.");
        var identity = ReadIdentity(part.Path);
        RemoveLog(options with { Path = target });
        part.Publish(overwrite: true);
        StoreMarker.Replace(target, identity);
        return copy;
    }

    private static StoreIdentity? ReadIdentity(string path)
    {
        using var connection = Connection.OpenReadOnly(path);
        return StoreIdentity.Read(connection);
    }

    /// <summary>
    /// SQLite would replay a log left beside the new file into it. What the old one's log holds is moved into the old one
    /// first, so that being killed between here and the rename loses nothing.
    /// </summary>
    private static void RemoveLog(SqliteStoreOptions options)
    {
        if (File.Exists(options.Path))
        {
            try
            {
                using var old = Connection.Open(options, ConnectionRole.Writer);
                OpenConnections.EmptyLog(old);
            }
            catch (SqliteStoreException damage) when (damage.IsDamage)
            {
                // Replaced because it cannot be read, as was asked for.
            }
        }

        foreach (var suffix in new[] { "-wal", "-shm", "-journal" })
            File.Delete(options.Path + suffix);
    }
}
