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

/// <summary>The tenant's rules of retention, and applying them now.</summary>
internal sealed class RetentionEndpoints(IUpkeepOperations upkeep)
{
    private const string Tag = "Jobs";
    private const string Path = "/v1/admin/retention";
    private const int RulesMax = 1_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, GetAsync,
            new Operation("getRetention", Tag, "The rules in force, and what the job last did", Requirement.Admin)
        {
            Answer = typeof(RetentionResponse),
        });
        routes.Map("POST", Path, MemoryJsonContext.Default.RetentionRequest, ApplyAsync, new Operation(
            "applyRetention", Tag, "Says what retention would do, or does it", Requirement.Admin)
        {
            Answer = typeof(RetentionRunResponse), Problems = [413, 415],
        });
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var tenant = http.GetRequestContext().Caller.Tenant;
        var run = (await upkeep.ListJobsAsync(tenant, http.RequestAborted))
            .FirstOrDefault(static job => job.Kind == DueKinds.Retention)?.Run;
        var answer = new RetentionResponse(
            ToResponse(upkeep.RulesOf(tenant)), run?.LastRunAt, ToResponse(RetentionCounts.Read(run?.LastCounts ?? JobCounts.None)));
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.RetentionResponse);
    }

    private async Task ApplyAsync(HttpContext http, RetentionRequest request)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        var dryRun = request.DryRun ?? true;
        var rules = ToRules(request.Rules, errors);
        if (rules is not null && !dryRun)
            errors.Add("rules", "are for a dry run only: those in force are settings");
        if (await http.RefuseAsync(errors))
            return;

        var result = await upkeep.ApplyRetentionAsync(http.GetRequestContext().Caller.Tenant, dryRun, rules, http.RequestAborted);
        await http.AnswerAsync(
            StatusCodes.Status200OK, new RetentionRunResponse(dryRun, result.IsComplete, ToResponse(result.Report)),
            MemoryJsonContext.Default.RetentionRunResponse);
    }

    private static RetentionRules? ToRules(IReadOnlyList<RetentionRuleInput>? inputs, FieldErrors errors)
    {
        if (inputs is null)
            return null;
        if (inputs.Count > RulesMax)
            errors.Add("rules", $"must be at most {RulesMax}");
        RetentionRule? standard = null;
        var byKind = new Dictionary<string, RetentionRule>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(inputs.Count, RulesMax); i++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"rules[{i}]");
            if (inputs[i] is not { } input)
            {
                errors.Add(field, "must be a JSON object");
                continue;
            }

            if (input.Kind is { } kind && !Identifiers.IsValid(kind))
                errors.Add(field + ".kind", $"must be {Identifiers.Form}");
            var rule = ToRule(input, field, errors);
            if (input.Kind is null ? standard is not null : !byKind.TryAdd(input.Kind, rule))
                errors.Add(field + ".kind", "has a rule already");
            if (input.Kind is null)
                standard = rule;
        }

        return new RetentionRules { Default = standard, ByKind = byKind };
    }

    private static RetentionRule ToRule(RetentionRuleInput input, string field, FieldErrors errors)
    {
        var standard = new RetentionRule();
        return new RetentionRule
        {
            MaxAgeDays = Check(input.MaxAgeDays ?? standard.MaxAgeDays, RetentionRule.MaxAgeRange, field + ".max_age_days", errors),
            ImportanceThreshold = Check(
                input.ImportanceThreshold ?? standard.ImportanceThreshold, RetentionRule.ImportanceRange, field + ".importance_threshold",
                errors),
            DeleteAfterDays = Check(input.DeleteAfterDays ?? standard.DeleteAfterDays, RetentionRule.DeleteAfterRange,
            field + ".delete_after_days", errors),
        };
    }

    private static double Check(double value, SettingRange range, string field, FieldErrors errors)
    {
        if (range.Check(value) is not null)
            errors.Add(field, string.Create(CultureInfo.InvariantCulture, $"must be a number from {range.Min} to {range.Max}"));
        return value;
    }

    private static RetentionRuleResponse[] ToResponse(RetentionRules rules)
    {
        var all = new List<RetentionRuleResponse>();
        if (rules.Default is { } standard)
            all.Add(ToResponse(null, standard));
        all.AddRange(rules.ByKind.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => ToResponse(pair.Key, pair.Value)));
        return [.. all];
    }

    private static RetentionRuleResponse ToResponse(string? kind, RetentionRule rule) =>
        new(kind, rule.MaxAgeDays, rule.ImportanceThreshold, rule.DeleteAfterDays);

    private static RetentionCountResponse[] ToResponse(RetentionReport report) =>
        [.. report.ByKind.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => new RetentionCountResponse(pair.Key, pair.Value.Kept, pair.Value.Archived, pair.Value.Deleted))];
}
