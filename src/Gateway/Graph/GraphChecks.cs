using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>Checks what callers say of the graph and turns it into the core's drafts.</summary>
internal static class GraphChecks
{
    public static EntityDraft ToDraft(EntityRequest request, FieldErrors errors)
    {
        errors.AddFault("name", TextRules.EntityNameFault(request.Name, required: true));
        errors.AddFault("type", TextRules.TypeFault(request.Type, required: false));
        errors.AddFault("user_id", TextRules.IdFault(request.UserId));
        errors.AddFault("agent_id", TextRules.IdFault(request.AgentId));
        CheckAliases(request.Aliases, errors);
        return new EntityDraft(
            request.Name ?? string.Empty, request.Type, new GraphScope(request.UserId, request.AgentId),
            ReadMetadata(request.Metadata, errors))
        {
            Aliases = request.Aliases ?? [],
        };
    }

    public static EntityEdit ToEdit(EntityPatch patch, FieldErrors errors)
    {
        errors.AddFault("name", TextRules.EntityNameFault(patch.Name, required: false));
        errors.AddFault("type", TextRules.TypeFault(patch.Type, required: false));
        CheckAliases(patch.Aliases, errors);
        if (patch is { Name: null, Type: null, Metadata: null, Aliases: null })
            errors.Add("body", "must change something: name, type, aliases or metadata");
        return new EntityEdit(patch.Name, patch.Type, ReadReplacement(patch.Metadata, errors)) { Aliases = patch.Aliases };
    }

    private static void CheckAliases(IReadOnlyList<string>? aliases, FieldErrors errors)
    {
        if (TextRules.AliasesFault(aliases) is { } fault)
            errors.Add(fault.Field, fault.Fault);
    }

    public static IReadOnlyList<ObservationDraft> ToDrafts(ObservationsRequest request, FieldErrors errors)
    {
        if (request.Observations is not { } several)
            return [ToDraft(request, string.Empty, errors)];
        if (several.Count is 0 or > GraphLimits.ObservationsPerRequestMax)
            errors.Add("observations", $"must have 1 to {GraphLimits.ObservationsPerRequestMax} observations, but has {several.Count}");
        if (request is not { EntityId: null, Content: null, Sources: null, Importance: null, ValidFrom: null, ValidTo: null,
            Supersedes: null })
            errors.Add("observations", "must stand alone: either one observation or several");
        var drafts = new List<ObservationDraft>();
        for (var i = 0; i < several.Count && i < GraphLimits.ObservationsPerRequestMax; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"observations[{i}]");
            if (several[i] is { } one)
                drafts.Add(ToDraft(one, place + ".", errors));
            else
                errors.Add(place, "must be a JSON object");
        }

        return drafts;
    }

    public static RelationDraft ToDraft(RelationRequest request, FieldErrors errors)
    {
        errors.AddFault("from_id", request.FromId is null ? "is required" : TextRules.IdFault(request.FromId));
        errors.AddFault("to_id", request.ToId is null ? "is required" : TextRules.IdFault(request.ToId));
        errors.AddFault("type", TextRules.TypeFault(request.Type, required: true));
        errors.AddFault("supersedes", TextRules.IdFault(request.Supersedes));
        return new RelationDraft(
            request.FromId ?? string.Empty, request.ToId ?? string.Empty, request.Type ?? string.Empty,
            ReadMetadata(request.Metadata, errors), request.ValidFrom, request.ValidTo, request.Supersedes);
    }

    public static RelationEdit ToEdit(RelationPatch patch, FieldErrors errors)
    {
        if (patch is { ValidFrom: null, ValidTo: null, Metadata: null })
            errors.Add("body", "must change something: valid_from, valid_to or metadata");
        return new RelationEdit(patch.ValidFrom, patch.ValidTo, ReadReplacement(patch.Metadata, errors));
    }

    public static EntityQuery ToQuery(string tenant, EntitySearchRequest request, int resultsMax, FieldErrors errors)
    {
        const int limitDefault = 10;
        errors.AddFault("query", TextRules.QueryFault(request.Query));
        errors.AddFault("type", TextRules.TypeFault(request.Type, required: false));
        errors.AddFault("user_id", TextRules.IdFault(request.UserId));
        errors.AddFault("agent_id", TextRules.IdFault(request.AgentId));
        if (request.Limit is < 1 || request.Limit > resultsMax)
            errors.Add("limit", $"must be a whole number from 1 to {resultsMax}");
        if (request.MinScore is not null and not (>= 0 and <= 1))
            errors.Add("min_score", "must be a number from 0 to 1");
        return new EntityQuery(
            tenant, request.Query ?? string.Empty, request.Limit
            ?? Math.Min(limitDefault, resultsMax), request.Type, request.UserId, request.AgentId,
            request.MinScore, request.Explain ?? false);
    }

    private static ObservationDraft ToDraft(ObservationInput input, string place, FieldErrors errors)
    {
        errors.AddFault(place + "entity_id", input.EntityId is null ? "is required" : TextRules.IdFault(input.EntityId));
        errors.AddFault(place + "content", TextRules.ContentFault(input.Content));
        errors.AddFault(place + "supersedes", TextRules.IdFault(input.Supersedes));
        if (input.Importance is not null and not (>= 0 and <= 1))
            errors.Add(place + "importance", "must be a number from 0 to 1");
        return new ObservationDraft(
            input.EntityId ?? string.Empty, input.Content ?? string.Empty, ReadSources(input.Sources ?? [], place, errors),
            input.Importance, input.ValidFrom, input.ValidTo, input.Supersedes);
    }

    private static List<SourceTurn> ReadSources(IReadOnlyList<SourceInput> sources, string place, FieldErrors errors)
    {
        if (sources.Count > GraphLimits.SourcesMax)
            errors.Add(place + "sources", $"must have at most {GraphLimits.SourcesMax} turns, but has {sources.Count}");
        var read = new List<SourceTurn>();
        for (var i = 0; i < sources.Count && i < GraphLimits.SourcesMax; i++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"{place}sources[{i}]");
            if (sources[i] is not { } source)
            {
                errors.Add(field, "must be a JSON object");
                continue;
            }

            errors.AddFault(field + ".session_id", source.SessionId is null ? "is required" : TextRules.IdFault(source.SessionId));
            errors.AddFault(field + ".turn_id", source.TurnId is null ? "is required" : TextRules.IdFault(source.TurnId));
            read.Add(new SourceTurn(source.SessionId ?? string.Empty, source.TurnId ?? string.Empty, 0));
        }

        return read;
    }

    /// <summary>Metadata that take the place of others: an empty object is the empty text, which removes them.</summary>
    private static string? ReadReplacement(JsonElement? metadata, FieldErrors errors) =>
        ReadMetadata(metadata, errors) is var text && text == "{}" ? string.Empty : text;

    private static string? ReadMetadata(JsonElement? value, FieldErrors errors)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } metadata)
            return null;
        errors.AddFault("metadata", MetadataRules.FaultIn(metadata, out var text));
        return text;
    }

    private static void AddFault(this FieldErrors errors, string field, string? fault)
    {
        if (fault is not null)
            errors.Add(field, fault);
    }
}
