using System.Net;
using System.Text.Json;
using MemoryOrleans.Engine;
using MemoryOrleans.Events;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>Webhooks where the gateway that is told of them has no grains, and silos send.</summary>
public sealed class WebhookTests
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_a_gateway_commits_a_silo_delivers_once_and_every_process_has_one_log()
    {
        using var receiver = new HttpListener();
        var url = $"http://127.0.0.1:{FreePorts.Next()}/";
        receiver.Prefixes.Add(url);
        receiver.Start();
        await using var under = await ClusterUnderTest.StartAsync(
            new EngineOptions { Webhooks =
            new WebhookLimits { AllowsPrivate = true,
            Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(10), 2, TimeSpan.FromSeconds(1)) } });
        var hook = (await under.Host.Events.MakeAsync(Tenant, new WebhookDraft { Url = url, Events = [EventKinds.MemoryMade] }, "test",
            default)).Value;
        for (var i = 0; i < 5; i++)
            Assert.True((await under.Host.Memories.WriteAsync(Tenant, new MemoryDraft("note", $"Loaf {i}.", MemoryOwner.Tenant), [],
                default)).IsSuccess);

        // The first answer is a failure, so that one comes twice.
        var seen = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            var call = await receiver.GetContextAsync().WaitAsync(Patience);
            using var body = await JsonDocument.ParseAsync(call.Request.InputStream);
            seen.Add(body.RootElement.GetProperty("seq").GetInt64());
            Assert.Equal($"{hook.Webhook.Id}-{seen[^1]}", call.Request.Headers["webhook-id"]);
            call.Response.StatusCode = i == 0 ? 500 : 204;
            call.Response.Close();
        }

        Assert.Equal([1, 2, 3, 4, 5], seen.Distinct().Order());
        Assert.Equal(2, seen.Count(seq => seq == seen[0]));
        var told = await under.Host.Events.ReadAsync(Tenant, 0, new EventFilter(EventKinds.All), 10, default);
        Assert.Equal([1, 2, 3, 4, 5], told.Select(static each => each.Seq));
    }
}
