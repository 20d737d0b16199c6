using System.Globalization;
using MemoryOrleans.Silo;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Cli.Doctor;

/// <summary>Whether the store is there, whole, and of this release.</summary>
internal static class CheckStore
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(StoreSettings store, CancellationToken cancel)
    {
        try
        {
            return store.Postgres is { } postgres
                ? [.. await OfServerAsync(postgres, cancel), .. await OfFurtherAsync(store.Further, cancel)]
                : OfFile(store.Sqlite!, cancel);
        }
        catch (StoreSchemaTooNewException newer)
        {
            return [Finding.Wrong("schema", newer.Message, "Run a release that is at least as new, or restore a backup made before.")];
        }
        catch (BackupRefusedException damage)
        {
            return [Finding.Wrong("store", damage.Message, "Restore the last backup: memory restore FILE --force. Keep the damaged file.")];
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException || OpenStore.IsExplained(wrong))
        {
            return [Finding.Wrong("store", wrong.Message,
                "Check MEMORY_DATABASE_URL, that the server runs or the file can be read, and the rights to it.")];
        }
    }

    private static IReadOnlyList<Finding> OfFile(SqliteStoreOptions options, CancellationToken cancel)
    {
        if (!File.Exists(options.Path))
            return [Finding.Warning("store", $"{options.Path} is not there yet",
                "Nothing, when this is a new memory: `memory serve` makes it.")];
        var contents = InspectDatabase.Run(options.Path, cancel);
        return
        [
            Finding.Ok("store", string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Path} is whole: {contents.Sessions:N0} sessions, {contents.Turns:N0} turns, {contents.Bytes:N0} bytes")),
            Finding.Ok("schema", string.Create(CultureInfo.InvariantCulture,
            $"version {contents.Schema}; a start brings it up to date where needed")),
        ];
    }

    private static async Task<IReadOnlyList<Finding>> OfFurtherAsync(
        IReadOnlyDictionary<string, PostgresStoreOptions> further, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var (name, options) in further)
        {
            try
            {
                findings.AddRange((await OfServerAsync(options, cancel))
                    .Select(each => each with { Detail = $"database {name}: {each.Detail}" }));
            }
            catch (Exception wrong) when (OpenStore.IsExplained(wrong))
            {
                findings.Add(Finding.Wrong("store", $"database {name}: {wrong.Message}",
                    "Its tenants are answered 503 until it is back; the others are not concerned."));
            }
        }

        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> OfServerAsync(PostgresStoreOptions options, CancellationToken cancel)
    {
        var missing = await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: true, cancel);
        return
        [
            Finding.Ok("store", "the PostgreSQL server answers"),
            missing.Count == 0
                ? Finding.Ok("schema", "up to date")
                : Finding.Warning("schema", $"not applied yet: {string.Join(", ", missing)}", "Run memory migrate; a start does it too."),
        ];
    }
}
