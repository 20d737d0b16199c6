using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Problems;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>Says what a caller got wrong when a body could not be parsed: bad JSON, an unknown member, or a wrong type.</summary>
internal static class JsonFault
{
    public static Problem Explain(JsonException failure, JsonTypeInfo root)
    {
        // The reader's own exception is a subclass, and the inner one when the serializer adds where it was.
        if (failure.InnerException is JsonException || failure.GetType() != typeof(JsonException))
        {
            return ProblemMap.MalformedJson(string.Create(
                CultureInfo.InvariantCulture,
                $"The body is not JSON in UTF-8: it goes wrong in line {(failure.LineNumber ?? 0) + 1} at byte "
                + $"{(failure.BytePositionInLine ?? 0) + 1}."));
        }

        var steps = StepsOf(failure.Path ?? "$");
        var field = NameOf(steps);
        var type = Follow(root, steps);
        if (type is null)
            return ProblemMap.UnknownField([new FieldErrorResponse(field, "is not a field of this request")]);
        if (failure.Message.StartsWith("Duplicate", StringComparison.Ordinal))
            return ProblemMap.InvalidInput(field, "has the same member twice");
        return ProblemMap.InvalidInput(field, TypeFault(type));
    }

    /// <summary>What the value at the path should have been; null when there is no such member.</summary>
    private static Type? Follow(JsonTypeInfo root, List<string> steps)
    {
        var at = root;
        foreach (var step in steps)
        {
            if (step.StartsWith('['))
            {
                at = at.ElementType is null ? at : at.Options.GetTypeInfo(at.ElementType);
                continue;
            }

            // Inside a dictionary or free JSON any member may stand.
            if (at.Kind != JsonTypeInfoKind.Object)
                return at.Type;
            var property = at.Properties.FirstOrDefault(p => p.Name == step);
            if (property is null)
                return null;
            at = at.Options.GetTypeInfo(property.PropertyType);
        }

        return Nullable.GetUnderlyingType(at.Type) ?? at.Type;
    }

    private static string TypeFault(Type type)
    {
        if (type == typeof(string))
            return "must be a string of valid Unicode";
        if (type == typeof(DateTimeOffset))
            return Rfc3339.Form;
        if (type == typeof(bool))
            return "must be true or false";
        if (type == typeof(int) || type == typeof(long))
            return "must be a whole number within range";
        if (type == typeof(double))
            return "must be a number";
        if (type == typeof(JsonElement))
            return "must be valid JSON";
        return typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
            && !typeof(IReadOnlyDictionary<string, JsonElement>).IsAssignableFrom(type)
            ? "must be an array"
            : "must be a JSON object";
    }

    private static string NameOf(List<string> steps) =>
        steps.Count == 0 ? "body" : string.Join('.', steps).Replace(".[", "[", StringComparison.Ordinal);

    /// <summary>Splits <c>$.turns[3]['odd name']</c> into <c>turns</c>, <c>[3]</c> and <c>odd name</c>.</summary>
    private static List<string> StepsOf(string path)
    {
        var steps = new List<string>();
        for (var i = 1; i < path.Length;)
        {
            var quoted = path.AsSpan(i).StartsWith("['", StringComparison.Ordinal);
            var (start, stop) = quoted
                ? (i + 2, path.IndexOf("']", i + 2, StringComparison.Ordinal))
                : (path[i] == '.' ? i + 1 : i, path.IndexOfAny(['.', '['], i + 1));
            stop = stop < 0 ? path.Length : stop;
            steps.Add(path[start..stop]);
            i = quoted ? stop + 2 : stop;
        }

        return steps;
    }
}
