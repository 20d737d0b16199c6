using System.CommandLine;
using MemoryOrleans.Cli.Terminal;

namespace MemoryOrleans.Cli.Completion;

/// <summary><c>memory completion</c>: a script with which a shell completes this program's commands and options.</summary>
internal static class CompletionCommand
{
    // The program itself is asked what fits: [suggest:POSITION] is a directive of its command line.
    private const string Bash = """
        _memory_complete() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(memory "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null | grep -v '?')" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _memory_complete memory
        """;

    private const string Zsh = """
        #compdef memory
        _memory() {
            local found=("${(@f)$(memory "[suggest:$(($#BUFFER))]" "$BUFFER" 2>/dev/null)}")
            compadd -- $found || _files
        }
        compdef _memory memory
        """;

    private const string Fish = """
        function __memory_complete
            set -l line (commandline -cp)
            memory "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c memory -a '(__memory_complete)'
        """;

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or fish" };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new ExplainedCommand("completion", "Print a script with which a shell completes commands and options.", """
            The program must be in the PATH as `memory`.

              bash: eval "$(memory completion bash)"                      in ~/.bashrc
              zsh:  eval "$(memory completion zsh)"                       in ~/.zshrc, after compinit
              fish: memory completion fish > ~/.config/fish/completions/memory.fish
            """)
        {
            Shell,
        };
        command.SetAction(static parsed =>
        {
            Console.Out.WriteLine(parsed.GetRequiredValue(Shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Done;
        });
        return command;
    }
}
