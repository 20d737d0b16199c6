using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private RunningGateway? running;

    private RunningGateway Gateway => running!;

    public async ValueTask InitializeAsync() => running = await RunningGateway.StartAsync();

    public async ValueTask DisposeAsync() => await Gateway.DisposeAsync();

    [Fact]
    public async Task A_dry_run_reports_by_kind_under_other_rules_and_changes_nothing()
    {
        foreach (var (kind, importance) in new[] { ("note", 0.1), ("note", 0.9), ("plan", 0.1) })
        {
            var body = $$"""{"kind":"{{kind}}","content":"something","importance":{{importance.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}""";
            Assert.Equal(HttpStatusCode.Created, (await Gateway.PostAsync("/v1/memories", body)).Status);
        }

        var run = await Gateway.PostAsync("/v1/admin/retention",
            """{"rules":[{"kind":"note","max_age_days":1,"importance_threshold":0.5}]}""");
        Assert.Equal(HttpStatusCode.OK, run.Status);
        Assert.True(run.Json.GetProperty("dry_run").GetBoolean());
        Assert.True(run.Json.GetProperty("complete").GetBoolean());
        Assert.Equal(
            """[{"kind":"note","kept":2,"archived":0,"deleted":0},{"kind":"plan","kept":1,"archived":0,"deleted":0}]""",
            run.Json.GetProperty("kinds").GetRawText());
        var real = await Gateway.PostAsync("/v1/admin/retention", """{"dry_run":false}""");
        Assert.Equal(run.Json.GetProperty("kinds").GetRawText(), real.Json.GetProperty("kinds").GetRawText());
        Assert.Equal(3, (await Gateway.GetAsync("/v1/memories")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Without_settings_no_rule_is_in_force_and_no_job_is_there_but_the_sweep()
    {
        await Gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("hello"));
        var retention = (await Gateway.GetAsync("/v1/admin/retention")).Json;
        Assert.Equal(0, retention.GetProperty("rules").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, retention.GetProperty("last_run_at").ValueKind);
        var jobs = (await Gateway.GetAsync("/v1/admin/jobs")).Json.GetProperty("recurring");
        Assert.Equal("decay_sweep", Assert.Single(jobs.EnumerateArray().ToArray()).GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("""{"rules":[{"max_age_days":0}]}""", "rules[0].max_age_days")]
    [InlineData("""{"rules":[{"importance_threshold":1.5}]}""", "rules[0].importance_threshold")]
    [InlineData("""{"rules":[{"delete_after_days":-1}]}""", "rules[0].delete_after_days")]
    [InlineData("""{"rules":[{"kind":"a b"}]}""", "rules[0].kind")]
    [InlineData("""{"rules":[{"kind":"a"},{"kind":"a"}]}""", "rules[1].kind")]
    [InlineData("""{"rules":[{},{}]}""", "rules[1].kind")]
    [InlineData("""{"rules":[null]}""", "rules[0]")]
    [InlineData("""{"dry_run":false,"rules":[]}""", "rules")]
    public async Task Bad_rules_name_the_field(string body, string field) =>
        (await Gateway.PostAsync("/v1/admin/retention", body)).Blames(field);

    [Fact]
    public async Task A_tenant_that_was_there_before_gets_its_jobs_at_the_start_and_their_counts_are_shown()
    {
        await using var store = await TestStore.OpenAsync();
        await using (var first = await RunningGateway.StartOverAsync(store))
            await first.PostAsync("/v1/memories", """{"kind":"note","content":"something"}""");
        await using var second = await RunningGateway.StartOverAsync(store);
        using var late = new CancellationTokenSource(Patience);
        JsonElement job;
        do
        {
            late.Token.ThrowIfCancellationRequested();
            job = (await second.GetAsync("/v1/admin/jobs")).Json.GetProperty("recurring")[0];
        }
        while (job.GetProperty("last_run_at").ValueKind == JsonValueKind.Null
            || job.GetProperty("next_due_at").GetDateTimeOffset() < job.GetProperty("last_run_at").GetDateTimeOffset().AddHours(1));

        Assert.Equal(("decay_sweep", "waiting"), (job.GetProperty("kind").GetString(), job.GetProperty("state").GetString()));
        Assert.Equal(1, job.GetProperty("counts").GetProperty("kept").GetInt64());
        Assert.Equal(job.GetProperty("last_run_at").GetDateTimeOffset().AddDays(1), job.GetProperty("next_due_at").GetDateTimeOffset());
    }
}
