using MemoryOrleans.Cli.Import.Foreign;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

/// <summary>Exports of other systems, from the made-up samples into a real memory, twice.</summary>
public sealed class ForeignImportTests(SharedServer fixture) : IClassFixture<SharedServer>
{
    private readonly RunningServer server = fixture.Server;

    [Theory]
    [InlineData("mem0", "mem0.json", "0 turns, 2 memories, 0 entities, 1 record left out")]
    [InlineData("zep", "zep.json", "2 turns, 2 memories, 1 entity, 0 records left out")]
    [InlineData("chatgpt", "chatgpt.json", "2 turns, 0 memories, 0 entities, 1 record left out")]
    [InlineData("langchain", "langchain.json", "3 turns, 0 memories, 0 entities, 2 records left out")]
    [InlineData("letta", "letta.af", "2 turns, 1 memory, 0 entities, 2 records left out")]
    public async Task Each_sample_goes_in_once_and_a_dry_run_sends_nothing(string format, string file, string summary)
    {
        await using var fresh = await RunningServer.StartAsync();
        string[] command = ["import", Checkout.PathOf("samples/exports/" + file), "--format", format, "--user", "mira"];
        var dry = await fresh.RunAsync([.. command, "--dry-run"]);
        Assert.Equal((0, string.Empty), (dry.ExitCode, dry.Error));
        Assert.EndsWith($"{summary}; nothing was sent.\n", dry.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await fresh.Client.GetSummaryAsync()).Turns);

        Assert.EndsWith($"{summary}; 0 records already there.\n", (await fresh.RunAsync(command)).Output, StringComparison.Ordinal);
        var (turns, memories) = await CountAsync(fresh.Client);
        var again = await fresh.RunAsync(command);
        Assert.Equal(0, again.ExitCode);
        Assert.EndsWith($"{turns + memories} {(turns + memories == 1 ? "record" : "records")} already there.\n", again.Output,
            StringComparison.Ordinal);
        Assert.Equal((turns, memories), await CountAsync(fresh.Client));
    }

    [Fact]
    public async Task Times_speakers_and_branches_are_kept()
    {
        Assert.Equal(0, (await server.RunAsync("import", Checkout.PathOf("samples/exports/zep.json"), "--format", "zep", "--user",
            "zep-mira")).ExitCode);
        var moved = (await server.Client.ListMemoriesAsync(new MemoryListFilter(UserId: "zep-mira", Kind: "note")))
            .Items.Single(static each => each.Content.Contains("Graz", StringComparison.Ordinal));
        Assert.Equal((2020, 2025), (moved.ValidFrom.Year, moved.ValidTo!.Value.Year));
        var said = (await server.Client.ListTurnsAsync("moving")).Items;
        Assert.Equal(("Mira", "e-1", "assistant"), (said[0].Name, said[0].Id, said[1].Role));

        Assert.Equal(0, (await server.RunAsync("import", Checkout.PathOf("samples/exports/chatgpt.json"), "--format", "chatgpt", "--user",
            "gpt-mira")).ExitCode);
        var bread = (await server.Client.ListTurnsAsync("c0ffee-01")).Items;
        Assert.Equal(["How long does rye bread rise?", "About three hours in a warm kitchen."], bread.Select(static turn => turn.Content));
        Assert.Equal(2025, bread[0].OccurredAt.Year);
    }

    [Fact]
    public async Task A_dry_run_names_each_record_and_why_it_is_left_out()
    {
        var dry = await server.RunAsync("import", Checkout.PathOf("samples/exports/langchain.json"), "--format", "langchain", "--dry-run");
        Assert.Contains("support-1, message 1: left out: said by system", dry.Output, StringComparison.Ordinal);
        Assert.Contains("support-2, message 1: turn h2 of session support-2, user: Thanks, it came.", dry.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_memory_whose_answer_was_lost_is_there_once_and_an_archived_one_is_not_written_again()
    {
        await using var fresh = await RunningServer.StartAsync();
        using var breaking = new BreakingHandler { InnerHandler = new SocketsHttpHandler() };
        using var http = new HttpClient(breaking) { BaseAddress = new Uri(fresh.Address + "/") };
        async Task<int> ImportAsync()
        {
            await using var file = File.OpenRead(Checkout.PathOf("samples/exports/mem0.json"));
            return await ImportForeign.RunAsync(
                new MemoryClient(http), "mem0", file, "mira", null, dryRun: false, CancellationToken.None);
        }

        Assert.Equal(0, await ImportAsync());
        Assert.Equal(1, breaking.Broken);
        var all = await fresh.Client.EnumerateMemoriesAsync().ToListAsync();
        Assert.Equal(2, all.Count);

        await fresh.Client.EditMemoryAsync(all[0].Id, new EditMemoryRequest { Status = "archived" });
        Assert.Equal(0, await ImportAsync());
        Assert.Single(await fresh.Client.EnumerateMemoriesAsync().ToListAsync());
    }

    [Fact]
    public async Task What_is_no_such_export_is_said_so()
    {
        var wrong = await server.RunAsync("import", Checkout.PathOf("samples/golden.json"), "--format", "mem0");
        Assert.Equal((2, string.Empty), (wrong.ExitCode, wrong.Output));
        Assert.Contains("Nothing of an export of mem0 was found", wrong.Error, StringComparison.Ordinal);
        var lines = await server.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"), "--format", "letta");
        Assert.Contains("not JSON", lines.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await server.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"), "--dry-run")).ExitCode);
    }

    private static async Task<(long Turns, long Memories)> CountAsync(MemoryClient client)
    {
        var memories = 0;
        await foreach (var memory in client.EnumerateMemoriesAsync())
            memories += memory.Metadata is null ? 0 : 1;
        return ((await client.GetSummaryAsync()).Turns, memories);
    }

    /// <summary>Loses the answer to the second memory that is written, after it was.</summary>
    private sealed class BreakingHandler : DelegatingHandler
    {
        private int written;

        public int Broken { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (request.Method != HttpMethod.Post || request.RequestUri!.AbsolutePath != "/v1/memories" || ++written != 2)
                return answer;
            Broken++;
            answer.Dispose();
            throw new HttpRequestException("The connection was reset.");
        }
    }
}
