using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace MemoryOrleans;

/// <summary>
/// Finds what is no Unicode in JSON: an escape that is half of a surrogate pair, and bytes that are no UTF-8. The parser
/// lets both pass and throws only where a text is read, which may be long after it was stored. So everything that takes
/// JSON from outside asks here first.
/// </summary>
public static class JsonUnicode
{
    /// <summary>What is wrong with a field that <see cref="FaultIn(ReadOnlySequence{byte})"/> names.</summary>
    public const string Detail = "must be valid Unicode, with no lone surrogate";

    /// <summary>
    /// The first field whose text is no Unicode, as <c>turns[3].metadata.colour</c>; of a member's name the object that has
    /// it; empty for the outermost value. Null when all is well, and for what is no JSON: its parser says what is wrong.
    /// </summary>
    public static string? FaultIn(ReadOnlySequence<byte> json)
    {
        if (IsSurelyUnicode(json))
            return null;
        try
        {
            return Walk(new Utf8JsonReader(json));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? FaultIn(ReadOnlyMemory<byte> json) => FaultIn(new ReadOnlySequence<byte>(json));

    /// <summary>Tells in one quick pass for nearly all bodies. False says no more than that one must look closer.</summary>
    private static bool IsSurelyUnicode(ReadOnlySequence<byte> json)
    {
        if (json.IsSingleSegment)
            return Utf8.IsValid(json.FirstSpan) && json.FirstSpan.IndexOf(@"\ud"u8) < 0 && json.FirstSpan.IndexOf(@"\uD"u8) < 0;
        foreach (var part in json)
        {
            // An escape and a letter of several bytes may stand across two parts.
            if (!Ascii.IsValid(part.Span) || part.Span.IndexOf(@"\u"u8) >= 0 || (!part.IsEmpty && part.Span[^1] == (byte)'\\'))
                return false;
        }

        return true;
    }

    private static string? Walk(Utf8JsonReader reader)
    {
        var steps = new List<Step>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when !IsUnicode(ref reader):
                    return NameOf(steps.Take(steps.Count - 1));
                case JsonTokenType.PropertyName:
                    steps[^1] = new Step(reader.GetString(), 0);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.RemoveAt(steps.Count - 1);
                    continue;
            }

            if (steps.Count > 0 && steps[^1].Name is null)
                steps[^1] = new Step(null, steps[^1].Index + 1);
            if (reader.TokenType == JsonTokenType.String && !IsUnicode(ref reader))
                return NameOf(steps);
            if (reader.TokenType is JsonTokenType.StartObject)
                steps.Add(new Step(string.Empty, 0));
            else if (reader.TokenType is JsonTokenType.StartArray)
                steps.Add(new Step(null, -1));
        }

        return null;
    }

    private static bool IsUnicode(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
            return Utf8.IsValid(reader.ValueSpan);
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string NameOf(IEnumerable<Step> steps)
    {
        var name = new StringBuilder();
        foreach (var step in steps)
        {
            if (step.Name is null)
                name.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            else
                name.Append(name.Length > 0 ? "." : "").Append(step.Name);
        }

        return name.ToString();
    }

    /// <summary>A member's name, or null and the index of an array's element.</summary>
    private readonly record struct Step(string? Name, int Index);
}
