using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>The <c>Idempotency-Key</c> header.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>Set on the answer when an earlier request had already done the work.</summary>
    public const string ReplayedName = "Idempotency-Replayed";

    private const int LengthMax = 255;

    public static string? Read(IHeaderDictionary headers, FieldErrors errors)
    {
        if (!headers.TryGetValue(Name, out var values))
            return null;
        if (values is [{ Length: >= 1 and <= LengthMax } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return key;
        errors.Add(Name, "must be 1 to 255 visible ASCII characters, given once");
        return null;
    }
}
