namespace MemoryOrleans.Cli;

/// <summary>Exit codes of the commands; the numbers above 60 are those of BSD's sysexits.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The memory, or a line of an import, was not in order; the reason is on stderr.</summary>
    public const int Refused = 1;

    /// <summary>The command line was not in order.</summary>
    public const int Usage = 2;

    /// <summary>No memory answers.</summary>
    public const int Unreachable = 69;

    /// <summary>Stopped by Ctrl-C or SIGTERM before the end.</summary>
    public const int Interrupted = 130;
}
