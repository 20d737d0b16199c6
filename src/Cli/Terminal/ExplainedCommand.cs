using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>A command with one sentence for lists of commands, and more for its own help.</summary>
internal sealed class ExplainedCommand : Command
{
    public ExplainedCommand(string name, string summary, string details)
        : base(name, summary) => Options.Add(new HelpOption { Action = new DetailedHelp(details) });

    private sealed class DetailedHelp(string details) : SynchronousCommandLineAction
    {
        private readonly HelpAction standard = new();

        public override int Invoke(ParseResult parseResult)
        {
            var code = standard.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(details);
            return code;
        }
    }
}
