using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Import;
using MemoryOrleans.Cli.Memories;
using MemoryOrleans.Cli.Recall;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Try;

/// <summary>The steps of <c>memory try</c>, each with the command that does the same on a memory of one's own.</summary>
/// <param name="pause">Waits until the reader goes on.</param>
internal sealed class Tour(MemoryClient memory, TextWriter output, Func<Task> pause)
{
    private const string Sample = "quickstart.ndjson";
    private const string User = "mira";

    private int step;

    public async Task RunAsync(CancellationToken cancel)
    {
        await TellAsync("Two conversations go in, turn by turn; each is on disk before it is acknowledged.",
            $"memory import samples/{Sample}");
        await ImportAsync(cancel);
        await pause();

        await TellAsync(
            "A question is answered with the turns that say it, best first. No language model is asked.",
            "memory recall \"When did Pascal wake up?\" --user mira");
        await RecallAsync("When did Pascal wake up?", cancel);
        await pause();

        await TellAsync(
            "What a newer statement replaced stands below it.",
            "memory recall \"On which evening does Mira's band rehearse now?\" --user mira");
        await RecallAsync("On which evening does Mira's band rehearse now?", cancel);
        await pause();

        await TellAsync(
            "An agent asks for a block for its prompt, within a budget and with citations.",
            "memory context awake \"What does Pascal eat?\" --max-tokens 200");
        var context = await memory.GetContextAsync("awake", "What does Pascal eat?", 200, cancel);
        await output.WriteLineAsync(Screen.Printable(context.Text));
        await pause();

        await TellAsync("Turns become episodes and facts, by rules and without a model; each cites its turns.",
            "memory memories list --user mira");
        await memory.DistilAsync("hello", cancel);
        await memory.DistilAsync("awake", cancel);
        MemoryTable.Of((await memory.ListMemoriesAsync(new MemoryListFilter(UserId: User), 5, cancel: cancel)).Items).Write(Screen.Out());
        await pause();

        await TellAsync(
            "An agent writes a memory of its own; an edit makes its next version, and can be undone.",
            "memory memories edit ID --content …; memory memories history ID");
        await EditAsync(cancel);
        await pause();

        await TellAsync("All of a user goes for good: turns, memories, vectors; what is left is a receipt.", "memory erase --user mira");
        await EraseAsync(cancel);
        await output.WriteLineAsync(
            "\nThat was all; the database is gone. Start one to keep with `memory serve`, or give it to your agent: docs/mcp.md.");
    }

    private async Task TellAsync(string sentence, string command)
    {
        step++;
        await output.WriteLineAsync($"\n{step} of 7. {sentence}\n  {command}\n");
    }

    private async Task ImportAsync(CancellationToken cancel)
    {
        await using var sample = typeof(Tour).Assembly.GetManifestResourceStream(Sample)!;
        var counts = new ImportCounts();
        var retries = new RetryPolicy(TimeProvider.System, static (_, _) => { });
        await new ImportTurns(memory, retries, turnsMax: 200, counts, static () => { })
            .RunAsync(NdjsonTurns.ReadAsync(new InputBuffer(sample), user: null, session: null, cancel), cancel);
        await output.WriteLineAsync($"{Show.Number(counts.Stored)} turns stored.");
    }

    private async Task RecallAsync(string query, CancellationToken cancel) =>
        RecallTable.Print(Screen.Out(), await memory.RecallAsync(new RecallRequest { Query = query, UserId = User, Limit = 2 }, cancel));

    private async Task EditAsync(CancellationToken cancel)
    {
        var written = await memory.WriteMemoryAsync(
            new WriteMemoryRequest { Kind = "preference", Content = "Mira drinks her coffee black.", UserId = User }, cancel);
        await memory.EditMemoryAsync(written.Value.Id, new EditMemoryRequest { Content = "Mira drinks her coffee with oat milk." },
            cancel: cancel);
        await memory.UndoMemoryAsync(written.Value.Id, cancel: cancel);
        MemoryTable.OfVersions((await memory.GetMemoryHistoryAsync(written.Value.Id, cancel)).Items).Write(Screen.Out());
    }

    private async Task EraseAsync(CancellationToken cancel)
    {
        var erasure = await memory.EraseUserAsync(User, cancel);
        await output.WriteLineAsync(
            $"Erasure {erasure.Id}: {erasure.State}, {Show.Number(erasure.Counts.Turns)} turns, {Show.Number(erasure.Counts.Memories)} "
            + $"memories.");
        await RecallAsync("When did Pascal wake up?", cancel);
    }
}
