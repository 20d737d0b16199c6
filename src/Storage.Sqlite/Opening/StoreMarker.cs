using System.Globalization;
using System.Text;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Which store it is: its id, the same for all copies of it, and when it was first made.</summary>
internal sealed record StoreIdentity(string Id, DateTimeOffset CreatedAt)
{
    private const string KnownSql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'store_identity'";
    private const string Sql = "SELECT id, created_at FROM store_identity WHERE only_row = 1";

    /// <summary>Null in databases of releases before it was kept.</summary>
    public static StoreIdentity? Read(Connection connection)
    {
        if (connection.Scalar(KnownSql) == 0)
            return null;
        using var rows = connection.Prepared(Sql).Query();
        return rows.Next() ? new StoreIdentity(rows.Text(0), rows.Time(1)) : null;
    }
}

/// <summary>
/// The file <c>&lt;path&gt;.identity</c>: a memory was kept here, and which. Where its database is missing, an empty one in its
/// place would look like a start that went well, and everything would be forgotten.
/// </summary>
internal static class StoreMarker
{
    private const string IdName = "id: ";
    private const string CreatedName = "created_at: ";
    private const string Advice = "put the file back or `memory restore` a backup; to begin with an empty memory instead, delete";

    public static string PathFor(string database) => database + ".identity";

    /// <exception cref="StoreNotOpenedException">There is no database, and none may be made.</exception>
    public static void RefuseToMakeOne(SqliteStoreOptions options)
    {
        if (new FileInfo(options.Path) is { Exists: true, Length: > 0 } || Directory.Exists(options.Path)
            || options.Creation == DatabaseCreation.Always)
            return;
        var state = File.Exists(options.Path) ? "is empty" : "is missing";
        var marker = PathFor(options.Path);
        if (File.Exists(marker))
        {
            throw new StoreNotOpenedException(
                $"{options.Path} {state}, but {marker} says that a memory {DescribeAge(Read(options.Path))}: "
                + $"{Advice} {marker} or start once with MEMORY_CREATE_DATABASE=always.");
        }

        var log = options.Path + "-wal";
        if (new FileInfo(log) is { Exists: true, Length: > 0 })
        {
            throw new StoreNotOpenedException(
                $"{options.Path} {state}, but {log} holds what was last written to it: {Advice} {log}.");
        }

        if (options.Creation == DatabaseCreation.Never)
            throw new StoreNotOpenedException(
                $"{options.Path} {state}, and MEMORY_CREATE_DATABASE=never forbids to make one: is its disk mounted?");
    }

    /// <summary>Compares the database that was opened with the marker, and writes that where it is missing or of another store.</summary>
    /// <exception cref="StoreNotOpenedException">An empty database stands where another one was.</exception>
    public static void Settle(SqliteStoreOptions options, Connection opened)
    {
        var identity = StoreIdentity.Read(opened)!;
        var marked = File.Exists(PathFor(options.Path));
        var known = Read(options.Path);
        if (known?.Id == identity.Id)
            return;
        if (marked && options.Creation != DatabaseCreation.Always && CheckDatabase.IsEmpty(opened))
        {
            var marker = PathFor(options.Path);
            throw new StoreNotOpenedException(
                $"{options.Path} is another, empty database, but {marker} says that a memory {DescribeAge(known)}: "
                + $"{Advice} {marker} or start once with MEMORY_CREATE_DATABASE=always.");
        }

        Write(options.Path, identity);
    }

    /// <summary>Makes the marker say what the database is that was put in place; null where that is not known yet.</summary>
    public static void Replace(string database, StoreIdentity? identity)
    {
        if (identity is null)
            File.Delete(PathFor(database));
        else
            Write(database, identity);
    }

    private static void Write(string database, StoreIdentity identity)
    {
        var text = $"""
            # A memory is kept in {Path.GetFileName(database)}. While this file is here, no empty one is made in its place.
            {IdName}{identity.Id}
            {CreatedName}{identity.CreatedAt.ToString("O", CultureInfo.InvariantCulture)}

            """;
        using var part = PartFile.Create(Path.GetFullPath(PathFor(database)));
        part.Write(Encoding.UTF8.GetBytes(text));
        part.Publish(overwrite: true);
    }

    /// <summary>Null when there is none or it cannot be understood.</summary>
    private static StoreIdentity? Read(string database)
    {
        var path = PathFor(database);
        if (!File.Exists(path))
            return null;
        var lines = File.ReadAllLines(path);
        return Find(lines, IdName) is { } id
            && DateTimeOffset.TryParse(Find(lines, CreatedName), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new StoreIdentity(id, at)
            : null;
    }

    private static string? Find(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();

    private static string DescribeAge(StoreIdentity? identity) => identity is null
        ? "is kept here"
        : string.Create(CultureInfo.InvariantCulture, $"has been kept here since {identity.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
