using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>Checks memories as callers write and change them. What needs the memory itself, the core checks.</summary>
internal static class MemoryChecks
{
    private const int SourcesMax = 500;

    public static MemoryDraft ToDraft(WriteMemoryRequest request, FieldErrors errors)
    {
        if (request.Kind is null)
            errors.Add("kind", "is required");
        CheckId("kind", request.Kind, errors);
        if (TextRules.ContentFault(request.Content) is { } fault)
            errors.Add("content", fault);
        CheckId("user_id", request.UserId, errors);
        CheckId("agent_id", request.AgentId, errors);
        CheckId("agent_class", request.AgentClass, errors);
        CheckId("session_id", request.SessionId, errors);
        CheckImportance(request.Importance, errors);
        CheckAliases(request.Aliases, errors);
        var owner = new MemoryOwner(request.UserId, request.AgentId, request.AgentClass, request.SessionId);
        return new MemoryDraft(request.Kind ?? string.Empty, request.Content ?? string.Empty, owner)
        {
            Tier = TierOf(request.Tier, errors) ?? MemoryTier.Semantic,
            Importance = request.Importance,
            ValidFrom = request.ValidFrom,
            ValidTo = request.ValidTo,
            Metadata = request.Metadata is { } metadata ? MetadataOf(metadata, errors) : null,
            IsPinned = request.Pinned ?? false,
            Aliases = request.Aliases ?? [],
        };
    }

    public static IReadOnlyList<TurnReference> ToSources(IReadOnlyList<SourceInput>? sources, FieldErrors errors)
    {
        if (sources is null)
            return [];
        if (sources.Count > SourcesMax)
            errors.Add("sources", $"must have at most {SourcesMax} turns");
        var references = new List<TurnReference>();
        for (var i = 0; i < Math.Min(sources.Count, SourcesMax); i++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"sources[{i}]");
            if (sources[i] is not { SessionId: { } session, TurnId: { } turn })
            {
                errors.Add(field, "must be a JSON object with session_id and turn_id");
                continue;
            }

            CheckId(field + ".session_id", session, errors);
            CheckId(field + ".turn_id", turn, errors);
            references.Add(new TurnReference(session, turn));
        }

        return references;
    }

    public static MemoryPatch ToPatch(EditMemoryRequest request, FieldErrors errors)
    {
        if (request.Content is not null && TextRules.ContentFault(request.Content) is { } fault)
            errors.Add("content", fault);
        CheckImportance(request.Importance, errors);
        CheckId("superseded_by", request.SupersededBy, errors);
        CheckAliases(request.Aliases, errors);
        if (request.Status is not (null or "active" or "archived"))
            errors.Add("status", "must be active or archived");
        return new MemoryPatch
        {
            Content = request.Content,
            Importance = request.Importance,
            SetsValidTo = request.ValidTo.ValueKind != JsonValueKind.Undefined,
            ValidTo = TimeOf("valid_to", request.ValidTo, errors),
            SetsMetadata = request.Metadata.ValueKind != JsonValueKind.Undefined,
            Metadata = MetadataOf(request.Metadata, errors),
            IsPinned = request.Pinned,
            Aliases = request.Aliases,
            SupersededBy = request.SupersededBy,
            Status = request.Status switch
            {
                "active" => MemoryStatus.Active,
                "archived" => MemoryStatus.Archived,
                _ => null,
            },
        };
    }

    /// <summary>A tier by its word; null when there is none.</summary>
    public static MemoryTier? TierOf(string? tier, FieldErrors errors)
    {
        if (tier is not (null or "episodic" or "semantic"))
            errors.Add("tier", "must be episodic or semantic");
        return tier switch
        {
            "episodic" => MemoryTier.Episodic,
            "semantic" => MemoryTier.Semantic,
            _ => null,
        };
    }

    private static DateTimeOffset? TimeOf(string field, JsonElement element, FieldErrors errors)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (element.ValueKind == JsonValueKind.String && Rfc3339.TryParse(element.GetString(), out var time))
            return time;
        errors.Add(field, Rfc3339.Form);
        return null;
    }

    private static string? MetadataOf(JsonElement metadata, FieldErrors errors)
    {
        if (metadata.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (MetadataRules.FaultIn(metadata, out var text) is { } fault)
            errors.Add("metadata", fault);
        return text;
    }

    private static void CheckImportance(double? importance, FieldErrors errors)
    {
        if (importance is not null and not (>= 0 and <= 1))
            errors.Add("importance", "must be a number from 0 to 1");
    }

    private static void CheckAliases(IReadOnlyList<string>? aliases, FieldErrors errors)
    {
        if (TextRules.AliasesFault(aliases) is { } fault)
            errors.Add(fault.Field, fault.Fault);
    }

    private static void CheckId(string field, string? id, FieldErrors errors)
    {
        if (TextRules.IdFault(id) is { } fault)
            errors.Add(field, fault);
    }
}
