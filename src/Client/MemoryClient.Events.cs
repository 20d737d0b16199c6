using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>Webhooks, and events as they come.</content>
public sealed partial class MemoryClient
{
    /// <summary>The tenant's webhooks, the first made first.</summary>
    public Task<WebhookList> ListWebhooksAsync(CancellationToken cancel = default) => GetAsync("v1/webhooks", Json.WebhookList, cancel);

    public Task<WebhookResponse> GetWebhookAsync(string id, CancellationToken cancel = default) =>
        GetAsync(WebhookPath(id), Json.WebhookResponse, cancel);

    /// <summary>Makes a webhook. Its secret is in this answer and nowhere else.</summary>
    public async Task<ShownWebhookResponse> MakeWebhookAsync(WebhookRequest webhook, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, "v1/webhooks", null);
        request.Content = Body(webhook, Json.WebhookRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.ShownWebhookResponse, cancel);
    }

    /// <summary>Changes a webhook; members that are null stay.</summary>
    public async Task<WebhookResponse> ChangeWebhookAsync(string id, WebhookPatch patch, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Patch, WebhookPath(id), null);
        request.Content = Body(patch, Json.WebhookPatch);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.WebhookResponse, cancel);
    }

    /// <summary>Gives a webhook a new secret; deliveries are signed with the one before too for the overlap.</summary>
    public async Task<ShownWebhookResponse> RotateWebhookAsync(string id, RotateWebhookRequest rotation, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, WebhookPath(id) + "/rotate", null);
        request.Content = Body(rotation, Json.RotateWebhookRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.ShownWebhookResponse, cancel);
    }

    /// <summary>Removes a webhook with its deliveries.</summary>
    public async Task RemoveWebhookAsync(string id, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Delete, WebhookPath(id), null);
        using var response = await SendAsync(request, cancel);
    }

    /// <summary>Has a test sent; what comes of it is in <see cref="ListDeliveriesAsync"/>.</summary>
    public async Task<DeliveryResponse> TestWebhookAsync(string id, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, WebhookPath(id) + "/test", null);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.DeliveryResponse, cancel);
    }

    /// <summary>One page of a webhook's deliveries, the newest event's first.</summary>
    public Task<DeliveryPage> ListDeliveriesAsync(
        string id, int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync(WebhookPath(id) + "/deliveries" + Query(("limit", Text(limit)), ("cursor", cursor)), Json.DeliveryPage, cancel);

    /// <summary>
    /// Events as they come, until cancelled or the connection breaks; then ask again with the last <see cref="EventResponse.Seq"/> that was
    /// read. One of type <c>events.missed</c> says that older ones are not kept any more: its <c>seq</c> is where the stream begins.
    /// </summary>
    /// <param name="after">The last event that was read, 0 for all that are kept; null: from now on.</param>
    /// <param name="types">Only these; null: all that the key may see.</param>
    public async IAsyncEnumerable<EventResponse> StreamEventsAsync(
        long? after = null, IReadOnlyList<string>? types = null, string? userId = null, string? agentId = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var query = Query(("types", types is null ? null : string.Join(',', types)), ("user_id", userId), ("agent_id", agentId));
        using var request = Request(HttpMethod.Get, "v1/events" + query, null);
        if (after is { } last)
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        using var response = await SendAsync(request, cancel);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(cancel)).EnumerateAsync(cancel))
            yield return Read(item);
    }

    private static EventResponse Read(SseItem<string> item) => item.EventType == "events.missed"
        ? new EventResponse(item.EventType, default, string.Empty, JsonElement.Parse(item.Data).GetProperty("first").GetInt64() - 1,
        default)
        : JsonSerializer.Deserialize(item.Data, Json.EventResponse)!;

    private static string WebhookPath(string id) => $"v1/webhooks/{Uri.EscapeDataString(id)}";
}
