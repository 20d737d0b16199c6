using System.CommandLine;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Settings;
using MemoryOrleans.Storage.Postgres;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Serve;

/// <summary>
/// <c>memory migrate</c>: brings the databases of MEMORY_DATABASE_URL and MEMORY_DATABASES up to this release, before it is served.
/// </summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list what would be applied." };
        var command = new Command("migrate",
            "Bring the database of MEMORY_DATABASE_URL up to this version. Safe beside running processes.") { dryRun };
        command.SetAction((arguments, cancel) => RunAsync(arguments.GetValue(dryRun), cancel));
        return command;
    }

    private static async Task<int> RunAsync(bool dryRun, CancellationToken cancel)
    {
        try
        {
            var settings = new MemorySettings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            var store = StoreSettings.Read(settings);
            settings.ThrowIfInvalid();
            if (store.Postgres is null)
            {
                Console.WriteLine("A SQLite file is brought up to date whenever it is opened; there is nothing to do beforehand.");
                return 0;
            }

            foreach (var (name, options) in store.Databases)
                await MigrateAsync(store.Further.Count > 0 ? $"{name}: " : string.Empty, options, dryRun, cancel);
            return 0;
        }
        catch (Exception wrong) when (StartFailure.Of(wrong) is { } failure)
        {
            return await failure.TellAsync();
        }
    }

    private static async Task MigrateAsync(string database, PostgresStoreOptions options, bool dryRun, CancellationToken cancel)
    {
        var applied = await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun, cancel);
        foreach (var name in applied)
            Console.WriteLine($"{database}{name}");
        Console.WriteLine(applied.Count == 0 ? $"{database}The database is up to date."
            : $"{database}{applied.Count} {(dryRun ? "would be applied" : "applied")}.");
    }
}
