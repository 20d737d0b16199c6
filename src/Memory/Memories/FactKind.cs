using System.Text.Json;
using System.Text.Json.Nodes;

namespace MemoryOrleans.Memories;

/// <summary>
/// What kind of thing a fact tells. It stands in the fact's metadata, <c>{"fact_kind":"plan"}</c>, so that it is filtered,
/// exported, undone and erased as metadata are; an agent may give the same of its own records.
/// </summary>
public static class FactKind
{
    /// <summary>The member of the metadata.</summary>
    public const string Member = "fact_kind";

    /// <summary>What somebody likes, dislikes or would rather have.</summary>
    public const string Preference = "preference";

    /// <summary>What somebody means to do; it ends with the day it is for.</summary>
    public const string Plan = "plan";

    /// <summary>What happened, from when it did.</summary>
    public const string Event = "event";

    /// <summary>What is so.</summary>
    public const string State = "state";

    /// <summary>Who somebody is to somebody else.</summary>
    public const string Relation = "relation";

    /// <summary>The kind that the record's metadata name; null: none, or another word.</summary>
    public static string? Of(MemoryRecord memory)
    {
        if (memory.Tier != MemoryTier.Semantic || memory.Metadata is not { } metadata
            || !metadata.Contains(Member, StringComparison.Ordinal))
            return null;
        using var json = JsonDocument.Parse(metadata);
        return json.RootElement.TryGetProperty(Member, out var value) && value.ValueKind == JsonValueKind.String
            ? Known(value.GetString()) : null;
    }

    /// <summary>The metadata of a fact of this kind; null for null.</summary>
    public static string? ToMetadata(string? kind) => Known(kind) is { } known ? $"{{\"{Member}\":\"{known}\"}}" : null;

    /// <summary>The metadata with this kind in place of any other, all else as it is; without one for null.</summary>
    public static string? Put(string? metadata, string? kind)
    {
        if (metadata is null || (Known(kind) is null && !metadata.Contains(Member, StringComparison.Ordinal)))
            return metadata ?? ToMetadata(kind);
        var members = JsonNode.Parse(metadata)!.AsObject();
        members.Remove(Member);
        if (Known(kind) is { } known)
            members[Member] = known;
        using var json = JsonDocument.Parse(members.ToJsonString());
        return members.Count > 0 && CanonicalJson.TryWrite(json.RootElement, int.MaxValue, out var text) ? text : null;
    }

    private static string? Known(string? kind) => kind switch
    {
        Preference => Preference,
        Plan => Plan,
        Event => Event,
        State => State,
        Relation => Relation,
        _ => null,
    };
}
