using System.CommandLine;
using System.Text.Json;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Settings;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Settings;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace MemoryOrleans.Cli.Doctor;

/// <summary><c>memory doctor</c>: what stands in the way of a memory here, and what to do about it.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var server = new ServerOptions();
        var command = new ExplainedCommand("doctor", "Check settings, store, schema, embedder, clock, disk and ports here, and say what to do.", """
            It reads the settings as `memory serve` would in this folder, reads a SQLite file from end to end, and embeds a word. It
            changes nothing. The exit code is 1 when something is wrong; warnings leave it 0.
            """)
        {
            JsonOutput.Option,
        };
        server.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed, server, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ServerOptions server, CancellationToken cancel)
    {
        try
        {
            using var connection = server.Connect(parsed);
            var findings = await ExamineAsync(connection, cancel);
            Print(parsed, findings);
            return findings.Exists(static finding => finding.State == "wrong") ? ExitCode.Refused : ExitCode.Done;
        }
        catch (Exception expected) when (Failure.IsExpected(expected, cancel))
        {
            return await Failure.Of(expected, string.Empty).TellAsync();
        }
    }

    private static async Task<List<Finding>> ExamineAsync(Connection connection, CancellationToken cancel)
    {
        var settings = new MemorySettings(
            new ConfigurationBuilder().AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true).AddEnvironmentVariables().Build());
        var (host, gateway) = AllSettings.Read(settings);
        var findings = CheckSettings(settings);
        findings.AddRange(await CheckStore.RunAsync(host.Store, cancel));
        findings.Add(await CheckEmbedder.RunAsync(host.Embedding, cancel));
        findings.AddRange(await CheckMachine.RunAsync(connection, host.Store, gateway.Urls, cancel));
        return findings;
    }

    private static List<Finding> CheckSettings(MemorySettings settings)
    {
        var findings = settings.Errors.Select(static error =>
            Finding.Wrong("settings", error, "Correct it: `memory settings` lists what each may be.")).ToList();
        findings.AddRange(settings.UnknownNames()
            .Select(static unknown => Finding.Warning("settings", unknown, "Correct or remove it: it has no effect.")));
        if (findings.Count == 0)
            findings.Add(Finding.Ok("settings", "every MEMORY_* setting is known and within its range"));
        return findings;
    }

    private static void Print(ParseResult parsed, List<Finding> findings)
    {
        if (parsed.GetValue(JsonOutput.Option))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Items = findings }, Json));
            return;
        }

        var table = new Listing(separated: true, "Check", "State", "Found", "What to do");
        foreach (var finding in findings)
        {
            var style = finding.State switch { "ok" => Color.Green, "warning" => Color.Yellow, _ => Color.Red };
            table.Add(finding.Check, new Cell(finding.State, new Style(style)), finding.Detail, finding.Advice ?? string.Empty);
        }

        table.Write(Screen.Out());
    }
}
