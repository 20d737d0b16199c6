using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Gateway.Recall;

/// <summary>Checks what is wanted of metadata, in bodies and in query parameters.</summary>
internal static class MetadataMasks
{
    private const int EntriesMax = 16;
    private const int NameLengthMax = 128;
    private const int ValueBytesMax = 1_024;
    private const int ConditionBytesMax = 4_096;
    private const string Form =
        "must be a string, number, boolean or null, or an object of any (1 to 16 of those), not (one, or 1 to 16 of those), gt, gte, lt "
        + "and lte (a string or number)";

    /// <summary>What is wanted of each member, as canonical JSON; null when nothing is.</summary>
    /// <param name="field">What a wrong one is called, for instance <c>filter.metadata</c>.</param>
    public static Dictionary<string, string>? Read(string field, IReadOnlyDictionary<string, JsonElement>? metadata, FieldErrors errors)
    {
        if (metadata is null)
            return null;
        if (metadata.Count > EntriesMax)
            errors.Add(field, $"must have at most {EntriesMax} members");
        var masks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in metadata.Take(EntriesMax))
        {
            if (name.Length > NameLengthMax || !TextRules.IsStorable(name))
                errors.Add(field, $"must have names of at most {NameLengthMax} characters, without NUL or lone surrogates");
            else if (!IsScalar(value) && !IsCondition(value))
                errors.Add($"{field}.{name}", Form);
            else if (CanonicalJson.TryWrite(value, IsScalar(value) ? ValueBytesMax : ConditionBytesMax, out var text))
                masks.Add(name, text);
            else
                errors.Add($"{field}.{name}",
                    $"must take at most {(IsScalar(value) ? ValueBytesMax : ConditionBytesMax)} bytes, without NUL or lone surrogates");
        }

        return masks;
    }

    /// <summary>The same of a parameter that holds a JSON object; null when it is absent or wrong.</summary>
    public static Dictionary<string, string>? Read(QueryReader query, string name, FieldErrors errors)
    {
        if (query.Text(name) is not { } text)
            return null;
        try
        {
            return Read(name, JsonSerializer.Deserialize(text, MemoryJsonContext.Default.IReadOnlyDictionaryStringJsonElement), errors);
        }
        catch (JsonException)
        {
            errors.Add(name, "must be a JSON object");
            return null;
        }
    }

    private static bool IsCondition(JsonElement value) =>
        MetadataFilter.IsCondition(value) && value.EnumerateObject().All(static each => each.Name switch
    {
        MetadataFilter.Any => IsList(each.Value),
        MetadataFilter.Not => IsScalar(each.Value) || IsList(each.Value),
        _ => each.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number,
    });

    private static bool IsList(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is >= 1 and <= EntriesMax && value.EnumerateArray().All(IsScalar);

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
}
