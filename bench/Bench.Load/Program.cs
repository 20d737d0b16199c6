using System.CommandLine;
using System.Net.Sockets;
using MemoryOrleans.Bench.Load;
using MemoryOrleans.Bench.Load.Commands;

var root = new RootCommand("Closed-loop HTTP load generator and correctness drills for a MemoryOrleans server on this machine.")
{
    AppendCommand.Create(),
    RecallCommand.Create(),
    MixedCommand.Create(),
    SoakCommand.Create(),
    FairnessCommand.Create(),
    FillCommand.Create(),
    CurveCommand.Create(),
    QuotesCommand.Create(),
    GraphCommand.Create(),
    JournalCommands.CreateJournal(),
    JournalCommands.CreateVerify(),
    ContendCommand.Create(),
    CrossCommand.Create(),
    ProbeCommands.CreateWait(),
    ProbeCommands.CreateMetric(),
    SelfTestCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is UsageException or IOException or SocketException or InvalidDataException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync($"bench-load: {e.Message}");
    return 2;
}
