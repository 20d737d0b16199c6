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
}
