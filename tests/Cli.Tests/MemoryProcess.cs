using System.Diagnostics;
using System.Text;

namespace MemoryOrleans.Cli.Tests;

/// <summary>How a command ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error);

/// <summary>The real executable as a process of its own, without any MEMORY_* of this machine. Killed when it takes too long.</summary>
internal sealed class MemoryProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    private MemoryProcess(Process process) => this.process = process;

    /// <summary>What it wrote to stdout so far.</summary>
    public string Output => Text(output);

    /// <summary>What it wrote to stderr so far.</summary>
    public string Error => Text(error);

    public StreamWriter Input => process.StandardInput;

    public bool HasExited => process.HasExited;

    /// <param name="settings">Environment variables as NAME=VALUE.</param>
    public static MemoryProcess Start(IEnumerable<string> settings, params IEnumerable<string> arguments) => Start(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? "dotnet", settings, arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "memory.dll")));

    private static MemoryProcess Start(string file, IEnumerable<string> settings, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MEMORY_", StringComparison.OrdinalIgnoreCase))
            .ToArray())
            start.Environment.Remove(name);
        start.Environment["COLUMNS"] = "120";

        // The leanest, and so the quickest; tests that are about the default say so.
        start.Environment["MEMORY_EMBEDDING_PROVIDER"] = "static";
        foreach (var setting in settings)
            start.Environment[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] =
                setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var started = new MemoryProcess(Process.Start(start)!);
        started.Collect();
        return started;
    }

    /// <summary>Runs <c>serve</c> to its end with no more file handles than that.</summary>
    public static async Task<Finished> ServeWithHandlesAsync(int handles, IEnumerable<string> settings)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var command = Start("/bin/sh", settings,
            ["-c", $"ulimit -n {handles}; exec \"{dotnet}\" \"{Path.Combine(AppContext.BaseDirectory, "memory.dll")}\" serve"]);
        command.Input.Close();
        return await command.EndAsync();
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Finished> RunAsync(IEnumerable<string> settings, params IEnumerable<string> arguments)
    {
        using var command = Start(settings, arguments);
        command.Input.Close();
        return await command.EndAsync();
    }

    public async Task<Finished> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            Kill();
            throw new TimeoutException($"memory did not end within {Deadline}. So far: {Output}{Error}", late);
        }

        return new Finished(process.ExitCode, Output, Error);
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Collect()
    {
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
