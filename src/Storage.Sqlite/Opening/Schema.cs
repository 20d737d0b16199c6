using System.Globalization;
using System.Reflection;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Brings a database up to this release's schema by the numbered scripts under <c>Migrations</c>.</summary>
internal static class Schema
{
    private const string EnsureLogSql = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number     INTEGER PRIMARY KEY,
            name       TEXT NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT;
        """;

    private const string NewestSql = "SELECT max(number) FROM schema_migrations";
    private const string RecordSql = "INSERT INTO schema_migrations (number, name, applied_at) VALUES (?1, ?2, ?3)";

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <exception cref="StoreSchemaTooNewException">The database knows a migration this release does not.</exception>
    public static void Migrate(Connection connection, DateTimeOffset now)
    {
        var known = ReadMigrations();
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute(EnsureLogSql);
            var applied = connection.Scalar(NewestSql);
            RefuseNewer(applied, known);
            foreach (var migration in known.Where(m => m.Number > applied))
                Apply(connection, migration, now);
            connection.Execute("COMMIT");
        }
        catch
        {
            if (connection.InTransaction)
                connection.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>The newest migration of a database that is only read.</summary>
    /// <exception cref="StoreSchemaTooNewException">This release does not know it.</exception>
    public static long ReadNewest(Connection connection)
    {
        var applied = connection.Scalar(NewestSql);
        RefuseNewer(applied, ReadMigrations());
        return applied;
    }

    private static void RefuseNewer(long applied, List<Migration> known)
    {
        if (applied > known[^1].Number)
        {
            throw new StoreSchemaTooNewException(
                $"The database has schema {applied}, this release knows schemas up to {known[^1].Number}; run a newer release.");
        }
    }

    private static void Apply(Connection connection, Migration migration, DateTimeOffset now)
    {
        connection.Execute(migration.Sql);
        connection.Prepared(RecordSql)
            .Bind(1, migration.Number).Bind(2, migration.Name).Bind(3, Timestamp.Of(now))
            .Run();
    }

    private static List<Migration> ReadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var migrations = new List<Migration>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var number = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
            migrations.Add(new Migration(number, name[5..^4], reader.ReadToEnd()));
        }

        migrations.Sort((a, b) => a.Number.CompareTo(b.Number));
        return migrations;
    }

    private sealed record Migration(int Number, string Name, string Sql);
}
