using System.Globalization;
using System.Reflection;

namespace MemoryOrleans.Storage;

/// <summary>A numbered script that brings the schema of the one before to its own.</summary>
public sealed record Migration(int Number, string Name, string Sql);

/// <summary>The migrations that a store's assembly embeds as <c>NNNN_name.sql</c>, by number.</summary>
public sealed class MigrationScripts
{
    private readonly List<Migration> migrations;

    private MigrationScripts(List<Migration> migrations) => this.migrations = migrations;

    /// <summary>The scripts embedded in the assembly; at least one.</summary>
    public static MigrationScripts Of(Assembly assembly)
    {
        var found = new List<Migration>();
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var number = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
            found.Add(new Migration(number, name[5..^4], reader.ReadToEnd()));
        }

        found.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        return new MigrationScripts(found);
    }

    /// <summary>Those a database with the newest migration <paramref name="applied"/> lacks, in order.</summary>
    /// <exception cref="StoreSchemaTooNewException">The database has a migration that is not among these.</exception>
    public IEnumerable<Migration> After(long applied)
    {
        CheckKnown(applied);
        return migrations.Where(migration => migration.Number > applied);
    }

    /// <exception cref="StoreSchemaTooNewException">The database has a migration that is not among these.</exception>
    public void CheckKnown(long applied)
    {
        var newest = migrations[^1].Number;
        if (applied > newest)
            throw new StoreSchemaTooNewException(
                $"The database has schema {applied}, this release knows schemas up to {newest}; run a newer release.");
    }
}
