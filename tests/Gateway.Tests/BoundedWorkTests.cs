using System.Net;
using System.Text.Json;
using MemoryOrleans.Episodes;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What a caller sends is neither echoed whole nor worked on without end.</summary>
public sealed class BoundedWorkTests(KeylessGateway running) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = running.Gateway;

    [Theory]
    [InlineData("/v1/recall", "{\"query\":\"x\",\"NAME\":1}")]
    [InlineData("/v1/sessions/s/turns", "{\"role\":\"user\",\"content\":\"x\",\"NAME\":1}")]
    [InlineData("/v1/sessions/s/turns", "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"NAME\":\"\\ud800\"}}")]
    [InlineData("/v1/recall", "{\"query\":\"x\",\"filter\":{\"metadata\":{\"NAME\":[]}}}")]
    public async Task A_long_name_is_not_echoed_whole(string path, string body)
    {
        var answer = await gateway.PostAsync(path, body.Replace("NAME", new string('n', 7_000_000), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.InRange(answer.Text.Length, 1, 2_000);
    }

    [Fact]
    public async Task A_long_path_or_parameter_is_not_echoed_whole()
    {
        var name = new string('n', 20_000);
        foreach (var path in new[] { "/" + name, $"/v1/sessions?{name}=1" })
            Assert.InRange((await gateway.GetAsync(path)).Text.Length, 1, 2_000);
    }

    [Theory]
    [InlineData("/v1/recall", "{\"query\":\"x\",\"kinds\":[ELEMENTS]}")]
    [InlineData("/v1/sessions/s/turns/batch", "{\"turns\":[ELEMENTS]}")]
    [InlineData("/v1/memories", "{\"kind\":\"note\",\"content\":\"x\",\"sources\":[ELEMENTS]}")]
    [InlineData("/v1/sessions/s/turns", "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"a\":[ELEMENTS]}}")]
    public async Task An_array_of_too_many_elements_is_refused_before_anything_is_made_of_it(string path, string body)
    {
        var elements = string.Join(',', Enumerable.Repeat("null", 50_000));
        (await gateway.PostAsync(path, body.Replace("ELEMENTS", elements, StringComparison.Ordinal))).Blames("body");
    }

    [Fact]
    public async Task As_many_elements_as_a_batch_takes_are_taken()
    {
        var turns = Enumerable.Range(0, 1_000)
            .Select(i => new { role = "user", content = $"turn {i} of many",
            metadata = new { tags = new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } } });
        var answer = await gateway.PostAsync($"/v1/sessions/{Calls.NewId()}/turns/batch", JsonSerializer.Serialize(new { turns }));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }

    [Fact]
    public async Task A_long_distillation_is_answered_202_and_goes_on()
    {
        var made = new TaskCompletionSource<Outcome<DistillationReport>>();
        await using var slow = await RunningGateway.StartAsync(
            new StubHost { Memories = new StubMemories { Distil = made.Task.WaitAsync } }, null, "MEMORY_DISTIL_WAIT_SECONDS=1");
        var first = await slow.PostAsync("/v1/sessions/s/distill", null);
        Assert.Equal((HttpStatusCode.Accepted, "running", "2"),
            (first.Status, first.Json.GetProperty("status").GetString(), first.Header("Retry-After")));
        made.SetResult(new DistillationReport(["e"], [], 5, 5, IsComplete: true));
        var second = await slow.PostAsync("/v1/sessions/s/distill", null);
        Assert.Equal((HttpStatusCode.OK, "complete", 5),
            (second.Status, second.Json.GetProperty("status").GetString(), second.Json.GetProperty("turns").GetInt32()));
    }
}
