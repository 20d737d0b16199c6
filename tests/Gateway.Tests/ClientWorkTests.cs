using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>
/// What administrators do by the .NET client: erase, look after due work, go over to another model, look through the trail.
/// </summary>
public sealed class ClientWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_memory_a_turn_and_a_session_are_erased_with_receipts_and_the_trail_is_whole()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var client = gateway.Client;
        var memory = await client.WriteMemoryAsync(new WriteMemoryRequest { Kind = "note", Content = "Rye." });
        var turn = await client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = "The first." });
        await client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = "The second." });
        await using var copied = new MemoryStream();
        await client.CopyRecallAsync(new RecallRequest { Query = "rye" }, copied);
        Assert.Contains("Rye.", System.Text.Encoding.UTF8.GetString(copied.ToArray()), StringComparison.Ordinal);

        Assert.Equal(memory.Value.Id, (await client.EraseMemoryAsync(memory.Value.Id)).MemoryId);
        Assert.Equal(turn.Value.Id, (await client.EraseTurnAsync("s", turn.Value.Id)).Turn!.TurnId);
        Assert.Equal("s", (await client.EraseSessionAsync("s")).SessionId);
        Assert.Equal(3, (await client.ListErasuresAsync()).Items.Count);
        Assert.True((await client.VerifyAuditAsync()).Whole);
        Assert.NotEmpty((await client.ListAuditAsync()).Items);
    }

    [Fact]
    public async Task Dead_work_is_requeued_and_another_model_takes_over()
    {
        var embedder = new PickyEmbedder { Refused = "poison" };
        await using var gateway = await RunningGateway.StartAsync(embedder);
        var client = gateway.Client;
        await client.AppendAsync("bad", new AppendTurnRequest { Role = "user", Content = "poison" });
        var dead = await UntilAsync(async () => (await client.ListJobsAsync(state: "dead", kind: "embed:")).Items.FirstOrDefault());
        embedder.Refused = null;
        Assert.Equal("ready", (await client.RequeueJobAsync(dead.Id)).State);
        var first = await UntilAsync(async () => (await client.ListEmbeddingsAsync())
            .Items.FirstOrDefault(static space => space is { State: "active", TurnsEmbedded: 1 }));

        var second = await client.StartEmbeddingAsync("second", 4);
        await UntilAsync(async () => (await client.ListEmbeddingsAsync())
            .Items.FirstOrDefault(space => space.Id == second.Id && space.State == "active"));
        Assert.Equal(409, (await Assert.ThrowsAsync<MemoryApiException>(() => client.ActivateEmbeddingAsync(first.Id))).Status);
        await client.DeleteEmbeddingAsync(first.Id);
        Assert.Equal(second.Id, Assert.Single((await client.ListEmbeddingsAsync()).Items).Id);
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> find)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await find() is { } found)
                return found;
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
