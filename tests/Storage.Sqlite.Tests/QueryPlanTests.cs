using System.Reflection;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class QueryPlanTests
{
    /// <summary>Read one row, or the edge of an index, or little.</summary>
    private static readonly string[] Scanning = 
    [
        "ProbeSql", "KnownSql", "NewestSql", "NewestChangeSql",
        // Spaces are a handful; due work is counted for whoever watches, and removed by kind when a space is dropped.
        "ListSpacesSql", "LivingSpacesSql", "AllSpacesSql", "AnyActiveSql", "AnyOwnerSql", "CountSql", "RemoveOfKindSql",
        // The edge of an index, an index of few rows, and steps through an index that a recursive table leads.
        "LatestSql", "DeadSql", "TenantsWithoutSql", "RunningSql", "IsRunningSql",
    ];

    [Fact]
    public async Task No_statement_scans_a_table_or_sorts()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        using var connection = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Writer);
        var statements = Statements().Where(statement => !Scanning.Contains(statement.Name, StringComparer.Ordinal)).ToArray();

        Assert.True(statements.Length > 30);
        foreach (var (name, sql) in statements)
        {
            using var rows = connection.Prepared("EXPLAIN QUERY PLAN " + sql).Query();
            while (rows.Next())
            {
                const int detail = 3;
                var step = rows.Text(detail);
                Assert.False(
                    step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE FOR ORDER", StringComparison.Ordinal),
                    $"{name}: {step}");
            }
        }
    }

    /// <summary>
    /// Every SQL text of the store, which are its fields named …Sql; but for the check of a backup, which is to read all
    /// there is and never runs in a store.
    /// </summary>
    private static IEnumerable<(string Name, string Sql)> Statements() => typeof(SqliteStore).Assembly.GetTypes()
        .Where(type => type != typeof(Schema) && type != typeof(CheckDatabase))
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(field => field.Name.EndsWith("Sql", StringComparison.Ordinal))
        .SelectMany(field => field.GetValue(null) is string[] several ? several : [(string)field.GetValue(null)!],
        (field, sql) => (field.Name, sql));
}
