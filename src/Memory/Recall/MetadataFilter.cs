using System.Text.Json;

namespace MemoryOrleans.Recall;

/// <summary>
/// Compares top-level members of metadata with what is wanted of each, given as JSON: a value, which the member is, or holds
/// when it is a list; or an object of conditions that all hold: <c>any</c> (a list, one of which it is or holds), <c>not</c>
/// (a value, or a list, none of which it is or holds; an absent member passes), <c>gt</c>, <c>gte</c>, <c>lt</c>, <c>lte</c>
/// (numbers by value, texts by their code units).
/// </summary>
public static class MetadataFilter
{
    public const string Any = "any";
    public const string Not = "not";

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <param name="wanted">Member name to its JSON; null: everything passes.</param>
    /// <param name="metadata">JSON of an object, or null.</param>
    public static bool Allows(IReadOnlyDictionary<string, string>? wanted, string? metadata)
    {
        if (wanted is null || wanted.Count == 0)
            return true;
        using var parsed = metadata is null ? null : JsonDocument.Parse(metadata);
        var held = parsed?.RootElement ?? Nothing;
        foreach (var (name, json) in wanted)
        {
            using var value = JsonDocument.Parse(json);
            if (!IsMet(held.TryGetProperty(name, out var member) ? member : default, value.RootElement))
                return false;
        }

        return true;
    }

    /// <summary>Whether an object is made of conditions; any other is a value.</summary>
    public static bool IsCondition(JsonElement wanted) => wanted.ValueKind == JsonValueKind.Object
        && wanted.EnumerateObject().Any() && wanted.EnumerateObject().All(static each => each.Name is Any or Not || IsBound(each.Name));

    /// <summary>Whether a condition's name is that of a bound.</summary>
    public static bool IsBound(string name) => name is "gt" or "gte" or "lt" or "lte";

    // An absent member is undefined.
    private static bool IsMet(JsonElement held, JsonElement wanted)
    {
        if (!IsCondition(wanted))
            return Holds(held, wanted);
        foreach (var condition in wanted.EnumerateObject())
        {
            var isMet = condition.Name switch
            {
                Any => HoldsOneOf(held, condition.Value),
                Not => !HoldsOneOf(held, condition.Value),
                _ => true,
            };
            if (!isMet)
                return false;
        }

        return IsWithin(held, wanted);
    }

    private static bool HoldsOneOf(JsonElement held, JsonElement wanted) => wanted.ValueKind == JsonValueKind.Array
        ? wanted.EnumerateArray().Any(each => Holds(held, each))
        : Holds(held, wanted);

    private static bool Holds(JsonElement held, JsonElement wanted) => held.ValueKind != JsonValueKind.Undefined
        && (AreEqual(held, wanted) || (held.ValueKind == JsonValueKind.Array && held.EnumerateArray().Any(each => AreEqual(each, wanted))));

    // One value lies within all the bounds; of a list, one of its elements.
    private static bool IsWithin(JsonElement held, JsonElement bounds)
    {
        var all = bounds.EnumerateObject().Where(static each => IsBound(each.Name)).ToList();
        return all.Count == 0 || (held.ValueKind == JsonValueKind.Array
            ? held.EnumerateArray().Any(each => all.TrueForAll(bound => IsWithin(each, bound)))
            : all.TrueForAll(bound => IsWithin(held, bound)));
    }

    private static bool IsWithin(JsonElement held, JsonProperty bound) => Compare(held, bound.Value) is { } order && bound.Name switch
    {
        "gt" => order > 0,
        "gte" => order >= 0,
        "lt" => order < 0,
        _ => order <= 0,
    };

    // Null: they are not of one kind.
    private static int? Compare(JsonElement held, JsonElement bound)
    {
        if (held.ValueKind != bound.ValueKind)
            return null;
        return held.ValueKind switch
        {
            JsonValueKind.String => Math.Sign(string.CompareOrdinal(held.GetString(), bound.GetString())),
            JsonValueKind.Number => held.TryGetDecimal(out var left) && bound.TryGetDecimal(out var right)
                ? left.CompareTo(right)
                : held.GetDouble().CompareTo(bound.GetDouble()),
            _ => null,
        };
    }

    // Numbers compare by value, save those whose exponent is beyond what the runtime reads: they compare as written.
    private static bool AreEqual(JsonElement held, JsonElement wanted)
    {
        try
        {
            return JsonElement.DeepEquals(held, wanted);
        }
        catch (ArgumentOutOfRangeException)
        {
            return held.GetRawText() == wanted.GetRawText();
        }
    }
}
