using System.Globalization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Scheduling;

/// <summary>The tenant's due work: what waits, what is dead, and trying that again.</summary>
internal sealed class JobEndpoints(IDueOperations due, IUpkeepOperations upkeep)
{
    private const string Tag = "Jobs";
    private const int LimitDefault = 50;
    private const int KindLengthMax = 64;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/admin/jobs", ListAsync,
            new Operation("listJobs", Tag, "The tenant's recurring jobs, and its due work, oldest first", Requirement.Admin)
        {
            Answer = typeof(JobPage),
            Parameters =
            [
                new Parameter("state", Place.Query, "Only ready, or only dead ones.", Words: ["ready", "dead"]),
                new Parameter("kind", Place.Query, "Only kinds that begin so, for instance embed:"),
                Parameters.Limit, Parameters.Cursor,
            ],
        });
        routes.Map("POST", "/v1/admin/jobs/{id}/requeue", RequeueAsync,
            new Operation("requeueJob", Tag, "Makes dead work ready, due now", Requirement.Admin)
        {
            Answer = typeof(JobResponse), Problems = [404],
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        var state = query.Text("state");
        if (state is not (null or "ready" or "dead"))
            errors.Add("state", "must be ready or dead");
        var kind = query.Text("kind");
        if (kind is not null && (kind.Length > KindLengthMax || !TextRules.IsStorable(kind)))
            errors.Add("kind", "must be the beginning of a kind, at most 64 characters");
        if (await http.RefuseAsync(errors))
            return;

        DueState? wanted = state switch
        {
            "ready" => DueState.Ready,
            "dead" => DueState.Dead,
            _ => null,
        };
        var (tenant, cursor) = (http.GetRequestContext().Caller.Tenant, query.Text("cursor"));
        var page = await due.ListAsync(tenant, wanted, kind, cursor, limit, http.RequestAborted);
        if (await http.RefuseAsync(page.Error))
            return;

        var recurring = cursor is null ? await upkeep.ListJobsAsync(tenant, http.RequestAborted) : [];
        await http.AnswerAsync(
            StatusCodes.Status200OK,
            new JobPage(page.Value.Items.Select(ToResponse).ToArray(), page.Value.NextCursor, recurring.Select(ToResponse).ToArray()),
            MemoryJsonContext.Default.JobPage);
    }

    private async Task RequeueAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (!long.TryParse((string?)http.Request.RouteValues["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            errors.Add("id", "must be the id of a job");
        if (await http.RefuseAsync(errors))
            return;

        var work = await due.RequeueAsync(http.GetRequestContext().Caller.Tenant, id, http.RequestAborted);
        await http.AnswerAsync(work, static each => ToResponse(each), MemoryJsonContext.Default.JobResponse);
    }

    private static JobResponse ToResponse(DueWork work) => new(
        work.Id, work.Kind, work.Subject, work.State == DueState.Dead ? "dead" : "ready",
        work.DueAt, work.Cursor, work.Attempts, work.LastError, work.LastRunAt, work.CreatedAt);

    private static RecurringJobResponse ToResponse(RecurringJobState job) => new(
        job.Kind,
        job switch
        {
            { Work: null } => "new",
            { Work.State: DueState.Dead } => "dead",
            { Work.LastError: not null } => "failing",
            { Run.StartedAt: not null } => "running",
            _ => "waiting",
        },
        job.Run?.HeartbeatAt, job.Run?.LastRunAt, job.Work?.LastError, job.Work?.DueAt, job.Work?.Id,
        (job.Run?.LastCounts ?? JobCounts.None).Values);
}
