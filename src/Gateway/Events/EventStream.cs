using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MemoryOrleans.Events;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Events;

/// <summary>
/// A tenant's events as server-sent events, from the durable log: in its order, each once, and on from <c>Last-Event-ID</c> after a break,
/// for as long as the log keeps them. A stream begins with now where none is named. It ends, a heartbeat later at most, with the
/// credential it was opened by.
/// </summary>
internal sealed class EventStream(
    IEventOperations events, EventStreamOptions options, Credentials credentials, TenantRates rates, TimeProvider clock,
    CancellationToken stopping)
{
    private const string LastEventId = "Last-Event-ID";
    private const int EventsAtOnce = 100;

    private static readonly byte[] HeartbeatLine = ": nothing new\n\n"u8.ToArray();

    private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes) => routes.Map("GET", "/v1/events", RunAsync, new Operation(
        "streamEvents", "Events", "What happens to the tenant's memories, as server-sent events", Requirement.Read)
    {
        AnswerType = "text/event-stream", Unhurried = true, Lasting = true, Reach = Reach.Query,
        Parameters =
        [
            new Parameter("types", Place.Query,
            "Only these, with commas between; default all that the caller may see. job.dead is for administrators."),
            Parameters.UserId, Parameters.AgentId,
            new Parameter(LastEventId, Place.Header,
            "The id of the last event that was read: the stream goes on behind it. 0: from the oldest that is kept."),
        ],
    });

    private async Task RunAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var filter = ReadFilter(http, errors);
        var after = ReadLast(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        var caller = http.GetRequestContext().Caller;
        if (!TryOpen(caller.Tenant))
        {
            await http.AnswerAsync(ProblemMap.StreamsBusy());
            return;
        }

        try
        {
            var bounds = await events.FindBoundsAsync(caller.Tenant, http.RequestAborted);
            await StreamAsync(http, caller.Tenant, filter, after is { } last ? Math.Min(last, bounds.Last) : bounds.Last);
        }
        finally
        {
            open.AddOrUpdate(caller.Tenant, 0, static (_, count) => count - 1);
        }
    }

    private async Task StreamAsync(HttpContext http, string tenant, EventFilter filter, long after)
    {
        // Nothing slower than the pace of events, which may be none for hours; a reader that takes nothing is cut off below.
        if (http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await WriteAsync(http, ": events\n\n"u8.ToArray(), ends.Token);
            var first = (await events.FindBoundsAsync(tenant, ends.Token)).First;
            if (after < first - 1)
                await WriteAsync(http, Missed(first), ends.Token);
            await FollowAsync(http, tenant, filter, after, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader went away, was cut off, or this process stops: it goes on elsewhere from its last id.
            if (!http.RequestAborted.IsCancellationRequested && !stopping.IsCancellationRequested)
                http.Abort();
        }
    }

    private async Task FollowAsync(HttpContext http, string tenant, EventFilter filter, long after, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(options.Poll, clock);
        var wroteAt = clock.GetTimestamp();
        var checkedAt = wroteAt;
        do
        {
            if (clock.GetElapsedTime(checkedAt) >= options.Heartbeat)
            {
                if (!await MayGoOnAsync(http, tenant, cancel))
                    return;
                checkedAt = clock.GetTimestamp();
            }

            IReadOnlyList<MemoryEvent> news;
            do
            {
                // Read before: what is behind it has been looked through when fewer come than there may.
                var last = (await events.FindBoundsAsync(tenant, cancel)).Last;
                news = last > after ? await events.ReadAsync(tenant, after, filter, EventsAtOnce, cancel) : [];
                if (news.Count > 0)
                {
                    await WriteAsync(http, Write(tenant, news), cancel);
                    wroteAt = clock.GetTimestamp();
                }

                after = news.Count == EventsAtOnce ? news[^1].Seq : Math.Max(last, news.Count > 0 ? news[^1].Seq : 0);
            }
            while (news.Count == EventsAtOnce);
            if (clock.GetElapsedTime(wroteAt) >= options.Heartbeat)
            {
                await WriteAsync(http, HeartbeatLine, cancel);
                wroteAt = clock.GetTimestamp();
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    // Who opens it again is told why not.
    private async ValueTask<bool> MayGoOnAsync(HttpContext http, string tenant, CancellationToken cancel) =>
        await credentials.HoldsAsync(http.Request, cancel) && !await rates.IsBeingErasedAsync(tenant, cancel);

    // A reader that takes nothing leaves its buffers full, and then the write waits.
    private async Task WriteAsync(HttpContext http, byte[] bytes, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(options.WriteMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        await http.Response.Body.WriteAsync(bytes, either.Token);
        await http.Response.Body.FlushAsync(either.Token);
    }

    private static byte[] Write(string tenant, IReadOnlyList<MemoryEvent> news)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var told in news)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {told.Seq}\nevent: {told.Kind}\ndata: "), buffer);
            buffer.Write(EventPayload.Of(tenant, told));
            buffer.Write("\n\n"u8);
        }

        return buffer.WrittenSpan.ToArray();
    }

    // Without an id: who breaks off here asks for the same again.
    private static byte[] Missed(long first) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"event: events.missed\ndata: {{\"type\":\"events.missed\",\"first\":{first}}}\n\n"));

    private static EventFilter ReadFilter(HttpContext http, FieldErrors errors)
    {
        var query = new QueryReader(http, errors);
        var isAdmin = http.GetRequestContext().Caller.Scopes.HasFlag(Scopes.Admin);
        IReadOnlyList<string> seen = isAdmin ? EventKinds.All : [.. EventKinds.All.Where(static kind => kind != EventKinds.JobDead)];
        var kinds = query.List("types") ?? seen;
        if (kinds.Any(kind => !seen.Contains(kind)))
            errors.Add("types", $"must be of {string.Join(", ", seen)}");
        return new EventFilter(kinds, query.Id("user_id"), query.Id("agent_id"));
    }

    private static long? ReadLast(HttpContext http, FieldErrors errors)
    {
        var text = http.Request.Headers[LastEventId].ToString();
        if (text.Length == 0)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return last;
        errors.Add(LastEventId, "must be the id of an event of this stream");
        return null;
    }

    private bool TryOpen(string tenant)
    {
        if (open.AddOrUpdate(tenant, 1, static (_, count) => count + 1) <= options.StreamsMax)
            return true;
        open.AddOrUpdate(tenant, 0, static (_, count) => count - 1);
        return false;
    }
}
