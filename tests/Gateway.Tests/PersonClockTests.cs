using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The clock of the person who speaks, from the append to the answer.</summary>
public sealed class PersonClockTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Theory]
    [InlineData("2024-05-02T00:30:00+02:00", null, "2024-05-02T00:30:00+02:00")]
    [InlineData("2024-05-01T22:30:00Z", null, "2024-05-01T22:30:00Z")]
    [InlineData("2024-05-01T22:30:00Z", "Europe/Berlin", "2024-05-02T00:30:00+02:00")]
    [InlineData("2024-01-01T23:30:00.123456789Z", "Asia/Kathmandu", "2024-01-02T05:15:00.123456+05:45")]
    [InlineData("2024-05-02T00:30:00-04:00", "Europe/Berlin", "2024-05-02T00:30:00-04:00")]
    [InlineData("2024-05-02T00:30:00+23:00", null, "2024-05-01T01:30:00Z")]
    public async Task A_turn_is_answered_by_the_clock_it_was_told_by(string given, string? zone, string told)
    {
        var id = Calls.NewId();
        var body = JsonSerializer.Serialize(new { id = "t1", role = "user", content = "We met on the pier.", occurred_at = given,
            user_id = id, time_zone = zone });
        var appended = await gateway.PostAsync($"/v1/sessions/{id}/turns", body);

        Assert.Equal(told, appended.Json.GetProperty("occurred_at").GetString());
        Assert.Equal(told, (await gateway.PostAsync($"/v1/sessions/{id}/turns", body)).Json.GetProperty("occurred_at").GetString());
        Assert.Equal(told, (await gateway.GetAsync($"/v1/sessions/{id}/turns")).Json.GetProperty("items")[0].GetProperty("occurred_at")
            .GetString());
        Assert.Equal(told, (await RecallAsync($$"""{"query":"Who met on the pier?","user_id":"{{id}}"}"""))[0].GetProperty("occurred_at")
            .GetString());
        Assert.Equal(zone, (await gateway.GetAsync($"/v1/sessions/{id}")).Json.GetProperty("time_zone").GetString());
        Assert.EndsWith("Z", appended.Json.GetProperty("recorded_at").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_new_session_goes_by_the_zone_given_once()
    {
        var user = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{user}-1/turns/batch",
            $$"""{"user_id":"{{user}}","time_zone":"Asia/Tokyo","turns":[{"role":"user","content":"Good morning."}]}""");
        var turn = await gateway.PostAsync($"/v1/sessions/{user}-2/turns",
            $$"""{"role":"user","content":"Hello again.","occurred_at":"2024-05-01T16:00:00Z","user_id":"{{user}}"}""");
        var stranger = await gateway.PostAsync($"/v1/sessions/{user}-3/turns",
            """{"role":"user","content":"Hello.","occurred_at":"2024-05-01T16:00:00Z"}""");

        Assert.Equal("2024-05-02T01:00:00+09:00", turn.Json.GetProperty("occurred_at").GetString());
        Assert.Equal("2024-05-01T16:00:00Z", stranger.Json.GetProperty("occurred_at").GetString());
        Assert.Contains("2024-05-02 01:00 user: Hello again.",
            (await gateway.GetAsync($"/v1/sessions/{user}-2/context")).Json.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("America/Los_Angeles", "Rye")]
    [InlineData("Asia/Tokyo", "sister")]
    public async Task Yesterday_in_a_question_is_by_the_zone_of_the_one_who_asks(string zone, string first)
    {
        var user = Calls.NewId();
        foreach (var (day, said) in new[] { (1, "Rye bread came out of the oven."), (2, "My sister brought bread home.") })
            await gateway.PostAsync($"/v1/sessions/{user}-{day}/turns",
                $$"""{"role":"user","content":"{{said}}","occurred_at":"2024-05-0{{day}}T12:00:00Z","user_id":"{{user}}"}""");

        // Then it is the evening of the 2nd in California, and the morning of the 3rd in Japan.
        var items = await RecallAsync(
            $$$"""{"query":"Where was bread yesterday?","user_id":"{{{user}}}","time_zone":"{{{zone}}}","as_of":{"valid":"2024-05-03T02:00:00Z"}}""");

        Assert.Contains(first, items[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Europe/Atlantis")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("+02:00")]
    public async Task A_zone_that_is_none_is_refused_by_name(string zone)
    {
        (await gateway.PostAsync("/v1/recall", $$"""{"query":"x","time_zone":"{{zone}}"}""")).Blames("time_zone");
        (await gateway.PostAsync("/v1/sessions/s/turns", $$"""{"role":"user","content":"x","time_zone":"{{zone}}"}""")).Blames("time_zone");
        (await gateway.PostAsync("/v1/sessions/s/turns/batch", $$"""{"time_zone":"{{zone}}","turns":[{"role":"user","content":"x"}]}"""))
            .Blames("time_zone");
    }

    [Fact]
    public async Task Clocks_move_with_their_tenant()
    {
        await using var from = await RunningGateway.StartAsync();
        await using var to = await RunningGateway.StartAsync();
        await from.PostAsync("/v1/sessions/s/turns",
            """{"role":"user","content":"Late.","occurred_at":"2024-05-02T00:30:00Z","user_id":"ada","time_zone":"America/Lima"}""");
        await from.PostAsync("/v1/sessions/s/turns", """{"role":"user","content":"Early.","occurred_at":"2024-05-02T05:30:00.5+05:30"}""");

        var export = await from.Client.ExportAsync();
        await to.Client.ImportAsync(export);

        var turns = (await to.GetAsync("/v1/sessions/s/turns")).Json.GetProperty("items").EnumerateArray()
            .Select(static turn => turn.GetProperty("occurred_at").GetString());
        Assert.Equal(["2024-05-01T19:30:00-05:00", "2024-05-02T05:30:00.5+05:30"], turns);
        Assert.Equal("America/Lima", (await to.GetAsync("/v1/sessions/s")).Json.GetProperty("time_zone").GetString());
    }

    private async Task<JsonElement> RecallAsync(string body) => (await gateway.PostAsync("/v1/recall", body)).Json.GetProperty("items");
}
