using System.Globalization;
using MemoryOrleans.Gateway.OpenApi;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>
/// Reads the query parameters that the endpoint declares; any other, and one given twice, is an error. An empty value
/// counts as none.
/// </summary>
internal readonly struct QueryReader
{
    private readonly IQueryCollection query;
    private readonly FieldErrors errors;

    public QueryReader(HttpContext http, FieldErrors errors)
    {
        query = http.Request.Query;
        this.errors = errors;
        if (query.Count == 0 || http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not { Lenient: false } operation)
            return;
        foreach (var (name, values) in query)
        {
            if (!operation.Parameters.Any(p => p.In == Place.Query && p.Name == name))
                errors.Add(name, "is not a parameter of this call");
            else if (values.Count > 1)
                errors.Add(name, "must be given once");
        }
    }

    public string? Text(string name) => query[name] is { Count: > 0 } values && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    public string? Id(string name)
    {
        var id = Text(name);
        if (TextRules.IdFault(id) is { } fault)
            errors.Add(name, fault);
        return id;
    }

    /// <summary>Entries with commas between; null when there are none.</summary>
    public IReadOnlyList<string>? List(string name) => Text(name)?.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>A number from 0 to 1.</summary>
    public double? Share(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1)
            return value;
        errors.Add(name, "must be a number from 0 to 1");
        return null;
    }

    public int? Integer(string name, int min, int max)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return null;
    }
}
