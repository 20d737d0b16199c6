using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>
/// The version a caller expects. A version is about state, not bytes, so the weak form that proxies make of an ETag
/// (<c>W/"5"</c>) counts like the strong one.
/// </summary>
/// <param name="Version">The version named; 0 means that there must be nothing.</param>
/// <param name="Any"><c>If-Match: *</c>: there must be something, of whatever version.</param>
internal readonly record struct Precondition(long? Version, bool Any)
{
    private const string Form = "must be one ETag like \"5\", or *";

    /// <summary>Reads <c>If-Match</c>, and <c>If-None-Match: *</c> as "must not exist".</summary>
    public static Precondition Read(IHeaderDictionary headers, FieldErrors errors)
    {
        if (headers.IfMatch is { Count: > 0 } match)
        {
            if (match is [var only])
            {
                if (only?.Trim() == "*")
                    return new Precondition(null, true);
                if (EntityTag.TryParse(only, out var version))
                    return new Precondition(version, false);
            }

            errors.Add("If-Match", Form);
        }
        else if (headers.IfNoneMatch is { Count: > 0 } none)
        {
            if (none is ["*"])
                return new Precondition(0, false);
            errors.Add("If-None-Match", "must be * here");
        }

        return default;
    }
}

/// <summary>The ETag of a session: its version in quotes.</summary>
internal static class EntityTag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static bool TryParse(string? text, out long version)
    {
        version = 0;
        var tag = text.AsSpan().Trim();
        if (tag.StartsWith("W/", StringComparison.Ordinal))
            tag = tag[2..];
        return tag.Length > 2 && tag[0] == '"' && tag[^1] == '"'
            && long.TryParse(tag[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    /// <summary>Whether <c>If-None-Match</c> names this version; then the caller has it already.</summary>
    public static bool IsNamedBy(StringValues ifNoneMatch, long version)
    {
        foreach (var line in ifNoneMatch)
        {
            foreach (var part in (line ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
            {
                if (part == "*" || (TryParse(part, out var named) && named == version))
                    return true;
            }
        }

        return false;
    }
}
