using System.Globalization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Events;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Events;

/// <summary>
/// The tenant's webhooks: make, list, change, rotate, remove, try out. A secret is in the answer that makes it, and nowhere else.
/// </summary>
internal sealed class WebhookEndpoints(IEventOperations events)
{
    private const string Tag = "Events";
    private const string Path = "/v1/webhooks";
    private const int LimitDefault = 50;
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync,
            new Operation("listWebhooks", Tag, "The tenant's webhooks", Requirement.Admin) { Answer = typeof(WebhookList) });
        routes.Map("POST", Path, MemoryJsonContext.Default.WebhookRequest, MakeAsync, new Operation(
            "makeWebhook", Tag, "Makes a webhook; its secret is shown this once", Requirement.Admin)
        {
            Answer = typeof(ShownWebhookResponse), Status = StatusCodes.Status201Created, Problems = [409, 413, 415],
        });
        routes.Map("GET", Path + "/{id}", GetAsync, new Operation("getWebhook", Tag, "One webhook, without its secret", Requirement.Admin)
        {
            Answer = typeof(WebhookResponse), Problems = [404],
        });
        routes.Map("PATCH", Path + "/{id}", MemoryJsonContext.Default.WebhookPatch, ChangeAsync, new Operation(
            "changeWebhook", Tag, "Changes a webhook, or switches it off or on", Requirement.Admin)
        {
            Answer = typeof(WebhookResponse), Problems = [404, 413, 415],
        });
        routes.Map("DELETE", Path + "/{id}", RemoveAsync,
            new Operation("removeWebhook", Tag, "Removes a webhook with its deliveries", Requirement.Admin)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404],
        });
        routes.Map("POST", Path + "/{id}/rotate", MemoryJsonContext.Default.RotateWebhookRequest, RotateAsync, new Operation(
            "rotateWebhook", Tag, "Gives a webhook a new secret, shown this once; deliveries are signed with both for the overlap",
            Requirement.Admin)
        {
            Answer = typeof(ShownWebhookResponse), Problems = [404, 413, 415],
        });
        routes.Map("POST", Path + "/{id}/test", TestAsync,
            new Operation("testWebhook", Tag, "Has a test sent to a webhook", Requirement.Admin)
        {
            Answer = typeof(DeliveryResponse), Status = StatusCodes.Status202Accepted, Problems = [404],
        });
        routes.Map("GET", Path + "/{id}/deliveries", ListDeliveriesAsync, new Operation(
            "listDeliveries", Tag, "How deliveries to a webhook stand, the newest event's first", Requirement.Admin)
        {
            Answer = typeof(DeliveryPage), Problems = [404], Parameters = [Parameters.Limit, Parameters.Cursor],
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        if (await http.RefuseAsync(ReadNothing(http)))
            return;
        var webhooks = await events.ListAsync(TenantOf(http), http.RequestAborted);
        await http.AnswerAsync(webhooks, static each => new WebhookList([.. each.Select(ToResponse)]),
            MemoryJsonContext.Default.WebhookList);
    }

    private async Task MakeAsync(HttpContext http, WebhookRequest request)
    {
        if (await http.RefuseAsync(ReadNothing(http)))
            return;
        var draft = new WebhookDraft
        {
            Url = request.Url, Name = request.Name, Events = request.Events, IncludesContent = request.IncludeContent,
                IsEnabled = request.Enabled,
        };
        var made = await events.MakeAsync(TenantOf(http), draft, http.GetRequestContext().Caller.Id, http.RequestAborted);
        await AnswerShownAsync(http, made, StatusCodes.Status201Created);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = ReadNothing(http);
        var id = IdOf(http, errors);
        if (!await http.RefuseAsync(errors))
            await http.AnswerAsync(await events.GetAsync(TenantOf(http), id, http.RequestAborted), ToResponse,
                MemoryJsonContext.Default.WebhookResponse);
    }

    private async Task ChangeAsync(HttpContext http, WebhookPatch patch)
    {
        var errors = ReadNothing(http);
        var id = IdOf(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        var draft = new WebhookDraft
        {
            Url = patch.Url, Name = patch.Name, Events = patch.Events, IncludesContent = patch.IncludeContent, IsEnabled = patch.Enabled,
        };
        await http.AnswerAsync(await events.ChangeAsync(TenantOf(http), id, draft, http.RequestAborted), ToResponse,
            MemoryJsonContext.Default.WebhookResponse);
    }

    private async Task RemoveAsync(HttpContext http)
    {
        var errors = ReadNothing(http);
        var id = IdOf(http, errors);
        if (!await http.RefuseAsync(errors))
            await http.AnswerEmptyAsync(await events.RemoveAsync(TenantOf(http), id, http.RequestAborted));
    }

    private async Task RotateAsync(HttpContext http, RotateWebhookRequest request)
    {
        var errors = ReadNothing(http);
        var id = IdOf(http, errors);
        if (request.OverlapSeconds is < 0 or > Tenants.KeyEndpoints.OverlapSecondsMax)
            errors.Add("overlap_seconds", $"must be a whole number from 0 to {Tenants.KeyEndpoints.OverlapSecondsMax}");
        if (await http.RefuseAsync(errors))
            return;
        var overlap = request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Overlap;
        await AnswerShownAsync(http, await events.RotateAsync(TenantOf(http), id, overlap, http.RequestAborted), StatusCodes.Status200OK);
    }

    private async Task TestAsync(HttpContext http)
    {
        var errors = ReadNothing(http);
        var id = IdOf(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        var test = await events.TestAsync(TenantOf(http), id, http.RequestAborted);
        await http.AnswerAsync(test, ToResponse, MemoryJsonContext.Default.DeliveryResponse, StatusCodes.Status202Accepted);
    }

    private async Task ListDeliveriesAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        var before = long.MaxValue;
        if (query.Text("cursor") is { } cursor && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            errors.Add("cursor", "is not one that a listing of deliveries gave out");
        var id = IdOf(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        var page = await events.ListDeliveriesAsync(TenantOf(http), id, before, limit + 1, http.RequestAborted);
        await http.AnswerAsync(page, each => ToPage(each, limit), MemoryJsonContext.Default.DeliveryPage);
    }

    private static DeliveryPage ToPage(IReadOnlyList<WebhookDelivery> found, int limit) => new(
        [.. found.Take(limit).Select(ToResponse)],
        found.Count > limit ? found[limit - 1].Event.Seq.ToString(CultureInfo.InvariantCulture) : null);

    private static FieldErrors ReadNothing(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        return errors;
    }

    private static string TenantOf(HttpContext http) => http.GetRequestContext().Caller.Tenant;

    private static string IdOf(HttpContext http, FieldErrors errors)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (TextRules.IdFault(id) is { } fault)
            errors.Add("id", fault);
        else
            http.GetRequestContext().Subject = $"webhook:{id}";
        return id;
    }

    private static Task AnswerShownAsync(HttpContext http, Outcome<ShownWebhook> shown, int status)
    {
        if (shown.IsSuccess)
            http.GetRequestContext().Subject = $"webhook:{shown.Value.Webhook.Id}";
        return http.AnswerAsync(
            shown, static each => new ShownWebhookResponse(each.Secret, ToResponse(each.Webhook)),
            MemoryJsonContext.Default.ShownWebhookResponse, status);
    }

    private static WebhookResponse ToResponse(Webhook webhook) => new(
        webhook.Id, webhook.Url, webhook.Events, webhook.Name, webhook.IncludesContent, webhook.IsEnabled, webhook.Version, webhook.MadeAt,
        webhook.MadeBy,
        webhook.RotatedAt, webhook.PreviousUntil);

    private static DeliveryResponse ToResponse(WebhookDelivery delivery) => new(
        delivery.Id, delivery.Event.Seq, delivery.Event.Kind, StateOf(delivery.State), delivery.Event.At, delivery.Attempts,
        delivery.LastStatus,
        delivery.LastError, delivery.LastAt);

    private static string StateOf(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => "delivered",
        DeliveryState.Dead => "dead",
        DeliveryState.Dropped => "dropped",
        _ => "pending",
    };
}
