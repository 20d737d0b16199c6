using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The .NET client against the real thing.</summary>
public sealed class ClientTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly MemoryClient client = fixture.Gateway.Client;

    [Fact]
    public async Task A_conversation_goes_in_and_comes_out()
    {
        var id = Calls.NewId();
        var at = new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var first = await client.AppendAsync(
            id,
            new AppendTurnRequest { Id = "t1", Role = "user", Content = "I moved to Lisbon.", OccurredAt = at, UserId = id,
            Metadata = JsonElement.Parse("{\"a\":1}") },
            new WriteConditions("key-1", IfMatch: 0));
        Assert.Equal((1, false), (first.Version, first.Replayed));
        Assert.Equal(at, first.Value.OccurredAt);
        Assert.True((await client.AppendAsync(
            id,
            new AppendTurnRequest { Id = "t1", Role = "user", Content = "I moved to Lisbon.", OccurredAt = at, UserId = id,
            Metadata = JsonElement.Parse("{\"a\":1}") },
            new WriteConditions("key-1", IfMatch: 0))).Replayed);
        var batch = await client.AppendAsync(id, new AppendTurnsRequest
        {
            Turns = [new TurnInput { Role = "assistant", Content = "How is it?" }, new TurnInput { Role = "user", Content = "Sunny." }],
        });
        Assert.Equal([2L, 3L], batch.Value.Items.Select(t => t.Seq));

        Assert.Equal(3, (await client.GetSessionAsync(id)).Turns);
        Assert.Equal(id, Assert.Single((await client.ListSessionsAsync(userId: id)).Items).Id);
        var page = await client.ListTurnsAsync(id, limit: 2);
        Assert.Equal(3, Assert.Single((await client.ListTurnsAsync(id, cursor: page.NextCursor)).Items).Seq);
        Assert.Equal(3, (await client.GetWorkingMemoryAsync(id)).Turns.Count);
        Assert.NotEmpty((await client.GetContextAsync(id, "where did I move?", 200)).Text);
        var recall = await client.RecallAsync(new RecallRequest { Query = "Lisbon", UserId = id, Explain = true });
        Assert.Equal("t1", recall.Items[0].TurnIds[0]);
        Assert.Equal("ok", (await client.GetHealthAsync()).Status);
        Assert.True((await client.GetSummaryAsync()).Turns >= 3);
        Assert.Equal("closed", (await client.CloseSessionAsync(id)).Status);
        await client.DeleteSessionAsync(id);
    }

    [Fact]
    public async Task A_problem_is_an_exception_with_its_code_and_fields()
    {
        var bad = await Assert.ThrowsAsync<MemoryApiException>(() =>
            client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = " " }));
        Assert.Equal(("invalid_input", 400), (bad.Code, bad.Status));
        Assert.Equal("content", Assert.Single(bad.Errors).Field);
        var absent = await Assert.ThrowsAsync<MemoryApiException>(() => client.GetSessionAsync(Calls.NewId()));
        Assert.Equal("not_found", absent.Code);
    }
}
