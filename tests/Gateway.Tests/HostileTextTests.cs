using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What was stored never breaks a read.</summary>
public sealed class HostileTextTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    public static TheoryData<string, string> Texts => new()
    {
        { "image marks that never end", string.Concat(Enumerable.Repeat("[image:", 7_100)) + new string(' ', 50_000) + "x]" },
        { "image marks that ended long before", string.Concat(Enumerable.Repeat("[image:", 7_100)) + "]" + new string(' ', 50_000) + "x]" },
        { "open brackets", new string('[', 99_999) + "]" },
        { "sentences without blanks", string.Concat(Enumerable.Repeat("a.", 50_000)) },
        { "phrases without words", new string('，', 90_000) + string.Concat(Enumerable.Repeat(" a", 4_000)) },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_hostile_turn_and_a_hostile_memory_leave_every_read_as_it_was(string kind, string text)
    {
        Assert.NotEmpty(kind);
        var (session, user) = (Calls.NewId(), Calls.NewId());
        var turn = JsonSerializer.Serialize(new { role = "user", content = text, user_id = user });
        var plain = JsonSerializer.Serialize(new { role = "user", content = "The ferry to Lisbon leaves at noon.", user_id = user });
        var memory = JsonSerializer.Serialize(new { kind = "note", content = text, user_id = user });
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync($"/v1/sessions/{session}/turns", turn)).Status);
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync($"/v1/sessions/{session}/turns", plain)).Status);
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync("/v1/memories", memory)).Status);

        foreach (var scope in new[] { $"\"user_id\":\"{user}\"", $"\"session_id\":\"{session}\"", "\"limit\":5" })
        {
            var recall = await gateway.PostAsync("/v1/recall", $$"""{"query":"When does the ferry to Lisbon leave?",{{scope}}}""");
            Assert.True(recall.Status == HttpStatusCode.OK, recall.Text);
            Assert.Contains("ferry", recall.Text, StringComparison.Ordinal);
        }

        string[] paths = [$"/v1/sessions/{session}/context?query=ferry", $"/v1/sessions/{session}/turns", $"/v1/memories?user_id={user}"];
        foreach (var path in paths)
        {
            var answer = await gateway.GetAsync(path);
            Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {answer.Text}");
        }
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T14:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    [InlineData("9999-12-31T09:59:59-14:00")]
    public async Task The_first_and_the_last_day_of_the_calendar_break_no_read(string time)
    {
        var (session, user) = (Calls.NewId(), Calls.NewId());
        foreach (var zone in new[] { "America/St_Johns", "Pacific/Kiritimati" })
        {
            var turn = JsonSerializer.Serialize(new { role = "user", content = "The ferry leaves a week after yesterday, in December.",
                user_id = user, occurred_at = time, time_zone = zone });
            Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync($"/v1/sessions/{session}/turns", turn)).Status);
            var memory = JsonSerializer.Serialize(new { kind = "note", content = "The ferry is slow.", user_id = user, valid_from = time });
            Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync("/v1/memories", memory)).Status);
            foreach (var question in new[] { "Which ferry left on the 3rd of January?", "What about the ferry yesterday?",
                "Which ferries in December 1999?", "ferry" })
            {
                var query = JsonSerializer.Serialize(new { query = question, user_id = user, time_zone = zone, min_score = 0 });
                var recall = await gateway.PostAsync("/v1/recall", query);
                Assert.True(recall.Status == HttpStatusCode.OK, $"{question}: {recall.Text}");
            }

            Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync($"/v1/sessions/{session}/distill", null)).Status);
            var context = await gateway.GetAsync($"/v1/sessions/{session}/context?query=ferry&min_score=0");
            Assert.True(context.Status == HttpStatusCode.OK, context.Text);
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync($"/v1/sessions/{session}/working-memory")).Status);
        }
    }
}
