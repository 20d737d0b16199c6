using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>Checks turns as callers send them and turns them into the core's drafts.</summary>
internal static class TurnChecks
{
    private const int BatchTurnsMax = 1_000;

    /// <summary>One draft; errors name fields as they are.</summary>
    public static IReadOnlyList<TurnDraft> ToDrafts(AppendTurnRequest request, FieldErrors errors)
    {
        CheckOwner(request.UserId, request.AgentId, errors);
        CheckZone(request.TimeZone, errors);
        return [ToDraft(request, errors, index: -1)];
    }

    /// <summary>The drafts of a batch; errors name fields like <c>turns[3].content</c>.</summary>
    public static IReadOnlyList<TurnDraft> ToDrafts(AppendTurnsRequest request, FieldErrors errors)
    {
        CheckOwner(request.UserId, request.AgentId, errors);
        CheckZone(request.TimeZone, errors);
        if (request.Turns is not { Count: >= 1 and <= BatchTurnsMax } turns)
        {
            errors.Add("turns", request.Turns is null
                ? "is required" : $"must have 1 to {BatchTurnsMax} turns, but has {request.Turns.Count}");
            return [];
        }

        var drafts = new List<TurnDraft>(turns.Count);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i] is not { } turn)
            {
                errors.Add(FieldOf(i, null), "must be a JSON object");
                continue;
            }

            drafts.Add(ToDraft(turn, errors, i));
            if (turn.Id is { } id && !ids.TryAdd(id, i))
                errors.Add(FieldOf(i, "id"), $"is also the id of turns[{ids[id]}]");
        }

        return drafts;
    }

    private static void CheckOwner(string? userId, string? agentId, FieldErrors errors)
    {
        if (TextRules.IdFault(userId) is { } userFault)
            errors.Add("user_id", userFault);
        if (TextRules.IdFault(agentId) is { } agentFault)
            errors.Add("agent_id", agentFault);
    }

    /// <summary>A time zone is one this system's database has.</summary>
    public static void CheckZone(string? zone, FieldErrors errors)
    {
        if (zone is not null && !PersonClock.Knows(zone))
            errors.Add("time_zone", PersonClock.Form);
    }

    private static TurnDraft ToDraft(TurnInput turn, FieldErrors errors, int index)
    {
        if (TextRules.IdFault(turn.Id) is { } idFault)
            errors.Add(FieldOf(index, "id"), idFault);
        if (TextRules.RoleFault(turn.Role) is { } roleFault)
            errors.Add(FieldOf(index, "role"), roleFault);
        if (TextRules.NameFault(turn.Name) is { } nameFault)
            errors.Add(FieldOf(index, "name"), nameFault);
        if (TextRules.ContentFault(turn.Content) is { } contentFault)
            errors.Add(FieldOf(index, "content"), contentFault);
        return new TurnDraft(
            turn.Id, turn.Role ?? string.Empty, turn.Name, turn.Content ?? string.Empty, turn.OccurredAt, MetadataOf(turn, errors, index));
    }

    private static string? MetadataOf(TurnInput turn, FieldErrors errors, int index)
    {
        if (turn.Metadata is not { ValueKind: not JsonValueKind.Null } metadata)
            return null;
        if (MetadataRules.FaultIn(metadata, out var text) is { } fault)
            errors.Add(FieldOf(index, "metadata"), fault);
        return text;
    }

    private static string FieldOf(int index, string? name)
    {
        if (index < 0)
            return name!;
        var element = string.Create(CultureInfo.InvariantCulture, $"turns[{index}]");
        return name is null ? element : $"{element}.{name}";
    }
}
