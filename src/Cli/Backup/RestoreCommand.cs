using System.CommandLine;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Cli.Backup;

/// <summary><c>memory restore</c>: a backup into the place of the SQLite database of MEMORY_DATABASE_URL.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A file that `memory backup` wrote" };

    private static readonly Option<bool> Force =
        new("--force") { Description = "Replace a database that holds turns, or that cannot be read" };

    public static Command Create()
    {
        var command = new ExplainedCommand("restore", "Put a backup in the place of the SQLite database of MEMORY_DATABASE_URL.", """
            No server may have the database open. The backup is checked, copied beside the database, checked again and renamed:
            either all of it takes the place, or everything stays as it was.
            """)
        {
            File, Force,
        };
        command.SetAction(static (parsed, cancel) => StoreFileCommand.RunAsync("pg_restore", async database =>
        {
            var file = parsed.GetRequiredValue(File);
            var contents = await RestoreDatabase.RunAsync(database, file, parsed.GetValue(Force), TimeProvider.System, cancel);
            await Console.Out.WriteLineAsync($"Restored {StoreFileCommand.Describe(contents)} from {file}.");
        }));
        return command;
    }
}
