using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Transfer;

/// <summary>
/// Reads the fields of a line's object and keeps the first thing wrong with them. Fields nobody asked for are wrong too: a
/// later release wrote them, and leaving them out would lose something.
/// </summary>
internal sealed class LineFields(JsonElement line)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private int taken;

    /// <summary>The field to blame and what is wrong with it; null while nothing is.</summary>
    public (string Field, string Detail)? Fault { get; private set; }

    public string Id(string name, bool needed = true) => Identifier(name, needed) ?? string.Empty;

    public string? IdOrNull(string name) => Identifier(name, needed: false);

    public string Text(string name, bool mayBeEmpty = false)
    {
        if (TextOrNull(name) is not { } text)
            return Refuse(name, "is missing");
        return text.Length > 0 || mayBeEmpty ? text : Refuse(name, "is empty");
    }

    public string? TextOrNull(string name) => Take(name) is { } value ? ReadText(name, value) : null;

    public long Number(string name, long min = 0, long max = long.MaxValue)
    {
        if (Take(name) is not { } value)
            Refuse(name, "is missing");
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
            return number;
        else
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number of at least {min}"));
        return min;
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string name)
    {
        if (ShareOrNull(name) is { } share)
            return share;
        Refuse(name, "is missing");
        return 0;
    }

    public double? ShareOrNull(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and <= 1)
            return number;
        Refuse(name, "must be a number from 0 to 1");
        return 0;
    }

    public bool Flag(string name, bool needed = true)
    {
        if (Take(name) is not { } value)
        {
            if (needed)
                Refuse(name, "is missing");
            return false;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Refuse(name, "must be true or false");
        return false;
    }

    public DateTimeOffset Time(string name)
    {
        if (TimeOrNull(name) is { } time)
            return time;
        Refuse(name, "is missing");
        return default;
    }

    /// <summary>A time with the offset of a person's clock.</summary>
    public DateTimeOffset LocalTime(string name)
    {
        var text = Text(name);
        if (text.EndsWith('Z'))
            return Time(name);
        if (DateTimeOffset.TryParseExact(text, WriteRecord.LocalTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var time))
            return time;
        Refuse(name, "must be a time like 2026-01-31T12:00:00.000000Z, or with an offset in place of the Z");
        return default;
    }

    public DateTimeOffset? TimeOrNull(string name)
    {
        if (TextOrNull(name) is not { } text)
            return null;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, WriteRecord.TimeFormat, CultureInfo.InvariantCulture, utc, out var time))
            return time;
        Refuse(name, "must be a time like 2026-01-31T12:00:00.000000Z");
        return null;
    }

    public T Name<T>(string name)
        where T : struct, Enum
    {
        var text = Text(name);
        if (Fault is null && !EnumNames.TryRead<T>(text, out _))
            Refuse(name, "is none of the words this field takes");
        return EnumNames.TryRead<T>(text, out var value) ? value : default;
    }

    /// <summary>An object, as it stands in the line; null when there is none.</summary>
    public string? ObjectOrNull(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object && !value.GetRawText().Contains("\\u0000", StringComparison.Ordinal))
            return value.GetRawText();
        Refuse(name, "must be an object without the character U+0000");
        return null;
    }

    /// <summary>An array's elements, each read by the function from fields of its own or, of an array of texts, from a text.</summary>
    public IReadOnlyList<T> All<T>(string name, Func<LineFields, T> read)
    {
        var items = new List<T>();
        foreach (var element in Elements(name, JsonValueKind.Object))
        {
            var fields = new LineFields(element);
            items.Add(read(fields));
            fields.RefuseOthers();
            if (fields.Fault is { } fault)
                Refuse(string.Create(CultureInfo.InvariantCulture, $"{name}[{items.Count - 1}].{fault.Field}"), fault.Detail);
        }

        return items;
    }

    public IReadOnlyList<string> Texts(string name) =>
        [.. Elements(name, JsonValueKind.String).Select(element => ReadText(name, element) ?? string.Empty)];

    public LineFields? Inner(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new LineFields(value);
        Refuse(name, "must be an object");
        return null;
    }

    /// <summary>Takes over what is wrong with an inner object.</summary>
    public void Adopt(string name, LineFields inner)
    {
        inner.RefuseOthers();
        if (inner.Fault is { } fault)
            Refuse($"{name}.{fault.Field}", fault.Detail);
    }

    /// <summary>Called last.</summary>
    public void RefuseOthers()
    {
        if (Fault is not null || line.GetPropertyCount() == taken)
            return;
        foreach (var property in line.EnumerateObject())
        {
            if (!known.Remove(property.Name))
            {
                Refuse(property.Name.Length <= Identifiers.LengthMax ? property.Name : "?", "is there twice, or not known to this release");
                return;
            }
        }
    }

    /// <summary>Keeps what is wrong, unless something was before.</summary>
    public string Refuse(string field, string detail)
    {
        Fault ??= (field, detail);
        return string.Empty;
    }

    private string? Identifier(string name, bool needed)
    {
        var text = TextOrNull(name);
        if (text is null && needed)
            return Refuse(name, "is missing");
        if (text is not null && !Identifiers.IsValid(text))
            return Refuse(name, $"must be {Identifiers.Form}");
        return text;
    }

    private JsonElement? Take(string name)
    {
        if (!line.TryGetProperty(name, out var value))
            return null;
        if (known.Add(name))
            taken++;
        return value;
    }

    private IEnumerable<JsonElement> Elements(string name, JsonValueKind kind)
    {
        if (Take(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(element => element.ValueKind == kind))
            return value.EnumerateArray();
        Refuse(name, "must be an array of the right elements");
        return [];
    }

    private string? ReadText(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return Refuse(name, "must be a text");
        try
        {
            var text = value.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? Refuse(name, "has the character U+0000") : text;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            return Refuse(name, "is not valid Unicode");
        }
    }
}
