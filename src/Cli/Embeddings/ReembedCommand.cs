using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Embeddings;

/// <summary><c>memory reembed</c>: goes over to another neural model, while recall goes on with the present one.</summary>
internal static class ReembedCommand
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly Option<string> Model = new("--model")
    {
        Description = "The model, by its provider's name for it", HelpName = "NAME", Required = true,
    };

    private static readonly Option<int?> Dimensions =
        OptionForms.Integer("--dimensions", 1, 4_000, "Dimensions to ask the model for; default: its own");

    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Only start it" };

    public static Command Create() => new ExplainedCommand(
        "reembed",
        "Embed everything with another neural model, and let recall use it when that is done.", """
        The memory does the work by itself; this shows how far it is until recall asks the new model. Stopping this stops
        nothing, and running it again shows the same work; with --json it prints its last state.
        It is the work of the whole installation, and needs the scope operator beside other tenants; counts are those of the API key's tenant.
        The exit code is 1 when the work ended with turns that the model refused; `memory jobs --state dead` shows them.
        """)
    {
        Model, Dimensions, NoWait, JsonOutput.Option,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var space = await connection.Client.StartEmbeddingAsync(parsed.GetRequiredValue(Model), parsed.GetValue(Dimensions), cancel);
        var isJson = parsed.GetValue(JsonOutput.Option);
        var shown = isJson ? null : Show(space, null);
        if (parsed.GetValue(NoWait))
        {
            JsonOutput.TryPrint(parsed, space, JsonOutput.Types.EmbeddingSpaceResponse);
            return ExitCode.Done;
        }

        using var timer = new PeriodicTimer(Period);
        while (space.State == "filling" && await timer.WaitForNextTickAsync(cancel))
        {
            var spaces = await connection.Client.ListEmbeddingsAsync(cancel);
            space = spaces.Items.FirstOrDefault(each => each.Id == space.Id) ?? space with { State = "gone" };
            shown = isJson ? null : Show(space, shown);
        }

        JsonOutput.TryPrint(parsed, space, JsonOutput.Types.EmbeddingSpaceResponse);
        return space.State == "active" && space.JobsDead == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    // Prints a line only when something changed.
    private static string Show(EmbeddingSpaceResponse space, string? before)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"space {space.Id} ({space.Model}, {space.Dimensions} dimensions): {space.State}, {space.TurnsEmbedded:N0} of "
            + $"{space.Turns:N0} turns, {space.MemoriesEmbedded:N0} of {space.Memories:N0} memories, "
            + $"{space.EntitiesEmbedded:N0} of {space.Entities:N0} entities, {space.JobsReady:N0} jobs to do, {space.JobsDead:N0} dead");
        if (line != before)
            Console.WriteLine(Screen.Printable(line));
        return line;
    }
}
