using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MemoryOrleans.Cli;
using MemoryOrleans.Cli.Audit;
using MemoryOrleans.Cli.Backup;
using MemoryOrleans.Cli.Bench;
using MemoryOrleans.Cli.Completion;
using MemoryOrleans.Cli.Doctor;
using MemoryOrleans.Cli.Embeddings;
using MemoryOrleans.Cli.Encryption;
using MemoryOrleans.Cli.Erasures;
using MemoryOrleans.Cli.Graph;
using MemoryOrleans.Cli.Import;
using MemoryOrleans.Cli.Jobs;
using MemoryOrleans.Cli.Keys;
using MemoryOrleans.Cli.Mcp;
using MemoryOrleans.Cli.Memories;
using MemoryOrleans.Cli.Operations;
using MemoryOrleans.Cli.Recall;
using MemoryOrleans.Cli.Serve;
using MemoryOrleans.Cli.Sessions;
using MemoryOrleans.Cli.Settings;
using MemoryOrleans.Cli.Tenants;
using MemoryOrleans.Cli.Transfer;
using MemoryOrleans.Cli.Try;
using MemoryOrleans.Cli.Webhooks;

var root = new RootCommand("""
    A memory for AI agents: append conversations, recall what matters.

    Look around with `memory try`. Start one with `memory serve`, give it something to remember with `memory import samples/quickstart.ndjson`,
    and ask it with `memory recall "When did Pascal wake up?"`.
    """)
{
    ServeCommand.Create(),
    MigrateCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    EncryptionCommand.Create(),
    ImportCommand.Create(),
    ExportCommand.Create(),
    RecallCommand.Create(),
    HealthCommand.Create(),
    SummaryCommand.Create(),
    JobsCommand.Create(),
    ReembedCommand.Create(),
    EraseCommand.Create(),
    AuditCommand.Create(),
    KeysCommand.Create(),
    WebhooksCommand.Create(),
    McpCommand.Create(),
    SettingsCommand.Create(),
    SessionsCommand.Create(),
    ContextCommand.Create(),
    MemoriesCommand.Create(),
    EntitiesCommand.Create(),
    TenantsCommand.Create(),
    DoctorCommand.Create(),
    BenchCommand.Create(),
    CompletionCommand.Create(),
    TryCommand.Create(),
};
root.SetAction(static parsed => new HelpAction().Invoke(parsed));

var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction wrong)
{
    wrong.ShowHelp = false;
    await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error });
    await Console.Error.WriteLineAsync($"See `{string.Join(' ', CommandPath(parsed.CommandResult.Command))} --help`.");
    return ExitCode.Usage;
}

// A signal cancels the command, which then ends by itself: `serve` within MEMORY_SHUTDOWN_TIMEOUT_SECONDS, the others at once.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Timeout.InfiniteTimeSpan });

static IEnumerable<string> CommandPath(Command command) =>
    command.Parents.OfType<Command>().SelectMany(CommandPath).Append(command.Name);
