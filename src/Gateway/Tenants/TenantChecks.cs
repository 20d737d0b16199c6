using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Redaction;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>Checks a tenant's settings as operators send them; what is out of range the settings themselves say.</summary>
internal static class TenantChecks
{
    /// <summary>Packs by their names; null when none are given.</summary>
    public static RedactionPacks? PacksOf(IReadOnlyList<string?>? names, FieldErrors errors)
    {
        if (names is null)
            return null;
        if (RedactionNames.TryParse(names) is { } packs && names is not ["none" or "all"])
            return packs;
        errors.Add("redact", "must be a list of secrets, emails, ibans, cards, addresses and phones, each at most once; empty for nothing");
        return null;
    }

    /// <summary>What the request changes, as something to be done to the settings there are.</summary>
    public static Func<TenantSettings, TenantSettings> ToEdit(EditTenantRequest request, FieldErrors errors)
    {
        var turns = NumberOf("turns_per_minute_max", request.TurnsPerMinuteMax, int.MaxValue, errors);
        var requests = NumberOf("requests_per_minute_max", request.RequestsPerMinuteMax, int.MaxValue, errors);
        var memories = NumberOf("memories_per_minute_max", request.MemoriesPerMinuteMax, int.MaxValue, errors);
        var bytes = NumberOf("bytes_per_minute_max", request.BytesPerMinuteMax, long.MaxValue, errors);
        var recalls = NumberOf("recalls_per_minute_max", request.RecallsPerMinuteMax, int.MaxValue, errors);
        var share = NumberOf("key_share_percent", request.KeySharePercent, int.MaxValue, errors);
        var packs = PacksOf(NamesOf(request.Redact, errors), errors);
        return present => present with
        {
            TurnsPerMinuteMax = IsGiven(request.TurnsPerMinuteMax) ? (int?)turns : present.TurnsPerMinuteMax,
            RequestsPerMinuteMax = IsGiven(request.RequestsPerMinuteMax) ? (int?)requests : present.RequestsPerMinuteMax,
            MemoriesPerMinuteMax = IsGiven(request.MemoriesPerMinuteMax) ? (int?)memories : present.MemoriesPerMinuteMax,
            BytesPerMinuteMax = IsGiven(request.BytesPerMinuteMax) ? bytes : present.BytesPerMinuteMax,
            RecallsPerMinuteMax = IsGiven(request.RecallsPerMinuteMax) ? (int?)recalls : present.RecallsPerMinuteMax,
            KeySharePercent = IsGiven(request.KeySharePercent) ? (int?)share : present.KeySharePercent,
            Redact = IsGiven(request.Redact) ? packs : present.Redact,
        };
    }

    private static bool IsGiven(JsonElement element) => element.ValueKind != JsonValueKind.Undefined;

    private static long? NumberOf(string field, JsonElement element, long most, FieldErrors errors)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0 && number <= most)
            return number;
        errors.Add(field, "must be a whole number, or null");
        return null;
    }

    private static string?[]? NamesOf(JsonElement element, FieldErrors errors)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= RedactionNames.All.Count)
            return [.. element.EnumerateArray().Select(static each => each.ValueKind == JsonValueKind.String ? each.GetString() : null)];
        errors.Add("redact", "must be a list of names, or null");
        return null;
    }
}
