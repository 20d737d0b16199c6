using System.Net;

namespace MemoryOrleans.Gateway.Tests;

public sealed class IdempotencyTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task A_key_takes_effect_once_and_answers_the_same()
    {
        var id = Calls.NewId();
        var first = await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("once"), "Idempotency-Key: k1");
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("between"));
        var again = await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("once"), "Idempotency-Key: k1");
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.ETag, again.ETag);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(2, (await gateway.GetAsync($"/v1/sessions/{id}")).Json.GetProperty("turns").GetInt64());
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused()
    {
        var path = $"/v1/sessions/{Calls.NewId()}/turns";
        await gateway.PostAsync(path, Calls.Said("one"), "Idempotency-Key: k1");
        (await gateway.PostAsync(path, Calls.Said("two"), "Idempotency-Key: k1")).IsProblem(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_key_belongs_to_its_path()
    {
        var (one, two) = (Calls.NewId(), Calls.NewId());
        Assert.Equal(HttpStatusCode.Created,
            (await gateway.PostAsync($"/v1/sessions/{one}/turns", Calls.Said("one"), "Idempotency-Key: k1")).Status);
        var other = await gateway.PostAsync($"/v1/sessions/{two}/turns", Calls.Said("two"), "Idempotency-Key: k1");
        Assert.Equal(HttpStatusCode.Created, other.Status);
        Assert.Equal(string.Empty, other.Header("Idempotency-Replayed"));
        var batch = await gateway.PostAsync($"/v1/sessions/{one}/turns/batch", """{"turns":[{"role":"user","content":"three"}]}""",
            "Idempotency-Key: k1");
        Assert.Equal(HttpStatusCode.Created, batch.Status);
        Assert.Equal(2, batch.Json.GetProperty("items")[0].GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Concurrent_twins_take_effect_once()
    {
        var id = Calls.NewId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("once"), "Idempotency-Key: twin")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
        Assert.Single(answers.Select(a => a.Text).Distinct(StringComparer.Ordinal));
        Assert.Single(answers, a => a.Header("Idempotency-Replayed").Length == 0);
        Assert.Equal(1, (await gateway.GetAsync($"/v1/sessions/{id}")).Json.GetProperty("turns").GetInt64());
    }

    [Fact]
    public async Task A_batch_under_a_key_takes_effect_once()
    {
        var id = Calls.NewId();
        const string Body = """{"turns":[{"role":"user","content":"one"},{"role":"assistant","content":"two"}]}""";
        var first = await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", Body, "Idempotency-Key: k1");
        var again = await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", Body, "Idempotency-Key: k1");
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(2, (await gateway.GetAsync($"/v1/sessions/{id}")).Json.GetProperty("turns").GetInt64());
    }

    [Fact]
    public async Task A_key_must_be_visible_ascii_of_at_most_255_characters()
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "Idempotency-Key: two words")).Blames("Idempotency-Key");
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "Idempotency-Key: " + new string('k', 256)))
            .Blames("Idempotency-Key");
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "Idempotency-Key:")).Blames("Idempotency-Key");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
        Assert.Equal(HttpStatusCode.Created,
            (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "Idempotency-Key: " + new string('k', 255))).Status);
    }
}
