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

    private static readonly MigrationScripts Scripts = MigrationScripts.Of(Assembly.GetExecutingAssembly());

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <exception cref="StoreSchemaTooNewException">The database knows a migration this release does not.</exception>
    public static void Migrate(Connection connection, DateTimeOffset now)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute(EnsureLogSql);
            var applied = connection.Scalar(NewestSql);
            foreach (var migration in Scripts.After(applied))
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
        Scripts.CheckKnown(applied);
        return applied;
    }

    private static void Apply(Connection connection, Migration migration, DateTimeOffset now)
    {
        connection.Execute(migration.Sql);
        connection.Prepared(RecordSql)
            .Bind(1, migration.Number).Bind(2, migration.Name).Bind(3, Timestamp.Of(now))
            .Run();
    }
}
