using System.CommandLine;
using MemoryOrleans.Cli.Serve;

var root = new RootCommand("A memory for AI agents: append conversations, recall what matters.")
{
    ServeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
