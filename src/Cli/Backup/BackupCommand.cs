using System.CommandLine;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Cli.Backup;

/// <summary><c>memory backup</c>: the SQLite database of MEMORY_DATABASE_URL into a file.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "The file to write" };

    private static readonly Option<bool> Force = new("--force") { Description = "Replace FILE when it exists" };

    public static Command Create()
    {
        var command = new ExplainedCommand("backup", "Copy the SQLite database of MEMORY_DATABASE_URL into a file, also while it is served.", """
            The copy is the database as it was when the command began: every turn acknowledged by then, nothing erased by then.
            It is written to FILE.part, checked, and then renamed. `memory restore FILE` brings it back.
            """)
        {
            File, Force,
        };
        command.SetAction(static (parsed, cancel) => StoreFileCommand.RunAsync("pg_dump", database =>
        {
            var file = parsed.GetRequiredValue(File);
            var contents = BackUpDatabase.Run(database.Path, file, parsed.GetValue(Force), cancel);
            return Console.Out.WriteLineAsync($"Backed up {StoreFileCommand.Describe(contents)} to {file}.");
        }));
        return command;
    }
}
