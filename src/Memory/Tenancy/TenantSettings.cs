using System.Text;
using System.Text.Json;
using MemoryOrleans.Redaction;

namespace MemoryOrleans.Tenancy;

/// <summary>What a tenant may have so much of in a minute.</summary>
public enum LimitKind
{
    Requests,
    Turns,
    Memories,
    Bytes,
    Recalls,
}

/// <summary>What an operator may set for one tenant; null: as many as can be, or what the process's settings say.</summary>
/// <param name="TurnsPerMinuteMax">Turns that may be appended in a minute over all processes, 1..10,000,000.</param>
public sealed record TenantSettings(int? TurnsPerMinuteMax = null)
{
    public const int Least = 1;
    public const int TurnsPerMinuteMost = 10_000_000;
    public const int OthersPerMinuteMost = 100_000_000;
    public const long BytesPerMinuteMost = 1_000_000_000_000;

    private static readonly (string Name, long Most, Func<TenantSettings, long?> Of)[] Members =
    [
        ("turns_per_minute_max", TurnsPerMinuteMost, static set => set.TurnsPerMinuteMax),
        ("requests_per_minute_max", OthersPerMinuteMost, static set => set.RequestsPerMinuteMax),
        ("memories_per_minute_max", OthersPerMinuteMost, static set => set.MemoriesPerMinuteMax),
        ("bytes_per_minute_max", BytesPerMinuteMost, static set => set.BytesPerMinuteMax),
        ("recalls_per_minute_max", OthersPerMinuteMost, static set => set.RecallsPerMinuteMax),
        ("key_share_percent", 100, static set => set.KeySharePercent),
    ];

    /// <summary>How long processes go by settings they have read.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>Requests over HTTP in a minute, over all processes.</summary>
    public int? RequestsPerMinuteMax { get; init; }

    /// <summary>Memories that agents write in a minute.</summary>
    public int? MemoriesPerMinuteMax { get; init; }

    /// <summary>Bytes of bodies in a minute.</summary>
    public long? BytesPerMinuteMax { get; init; }

    /// <summary>Recalls in a minute, those for a context among them.</summary>
    public int? RecallsPerMinuteMax { get; init; }

    /// <summary>What one key may have of each of the limits, 1..100; null: all of it.</summary>
    public int? KeySharePercent { get; init; }

    /// <summary>What is taken out of the tenant's texts before they are stored; null: what MEMORY_REDACT says.</summary>
    public RedactionPacks? Redact { get; init; }

    /// <summary>The tenant is being erased as a whole: nothing of it is taken or answered until that is done. Not set, but found.</summary>
    public bool IsBeingErased { get; init; }

    /// <summary>What there is of a kind in a minute; null: as many as can be.</summary>
    public long? PerMinuteOf(LimitKind kind) => kind switch
    {
        LimitKind.Requests => RequestsPerMinuteMax,
        LimitKind.Turns => TurnsPerMinuteMax,
        LimitKind.Memories => MemoriesPerMinuteMax,
        LimitKind.Bytes => BytesPerMinuteMax,
        LimitKind.Recalls => RecallsPerMinuteMax,
        _ => null,
    };

    /// <summary>These, and where they say nothing what the others say.</summary>
    public TenantSettings Or(TenantSettings others) => new(TurnsPerMinuteMax ?? others.TurnsPerMinuteMax)
    {
        RequestsPerMinuteMax = RequestsPerMinuteMax ?? others.RequestsPerMinuteMax,
        MemoriesPerMinuteMax = MemoriesPerMinuteMax ?? others.MemoriesPerMinuteMax,
        BytesPerMinuteMax = BytesPerMinuteMax ?? others.BytesPerMinuteMax,
        RecallsPerMinuteMax = RecallsPerMinuteMax ?? others.RecallsPerMinuteMax,
        KeySharePercent = KeySharePercent ?? others.KeySharePercent,
        Redact = Redact ?? others.Redact, IsBeingErased = IsBeingErased,
    };

    /// <summary>What is out of range, by the name callers know the field by; null when nothing is.</summary>
    public MemoryError? FindError()
    {
        foreach (var (name, most, of) in Members)
        {
            if (of(this) is { } value && (value < Least || value > most))
                return new MemoryError(ErrorCode.InvalidInput, $"It must be {Least} to {most}, or null for no limit.", name);
        }

        return null;
    }

    /// <summary>As a store keeps it: a JSON object with what is set.</summary>
    public string ToColumn()
    {
        var column = new StringBuilder("{");
        foreach (var (name, _, of) in Members)
        {
            if (of(this) is { } value)
                column.Append(column.Length > 1 ? "," : string.Empty).Append('"').Append(name).Append("\":").Append(value);
        }

        if (Redact is { } packs)
            column.Append(column.Length > 1 ? "," : string.Empty)
                .Append($"\"redact\":[{string.Join(',', RedactionNames.Of(packs).Select(static name => $"\"{name}\""))}]");
        return column.Append('}').ToString();
    }

    /// <summary>Settings from a store's column; members that this release does not know are passed over.</summary>
    public static TenantSettings FromColumn(string column)
    {
        using var document = JsonDocument.Parse(column);
        var json = document.RootElement;
        return new TenantSettings((int?)Read(json, "turns_per_minute_max"))
        {
            RequestsPerMinuteMax = (int?)Read(json, "requests_per_minute_max"),
                MemoriesPerMinuteMax = (int?)Read(json, "memories_per_minute_max"),
            BytesPerMinuteMax = Read(json, "bytes_per_minute_max"), RecallsPerMinuteMax = (int?)Read(json, "recalls_per_minute_max"),
            KeySharePercent = (int?)Read(json, "key_share_percent"),
            Redact = ReadPacks(json),
        };
    }

    private static RedactionPacks? ReadPacks(JsonElement json) => json.TryGetProperty("redact", out var names)
        ? names.EnumerateArray().Aggregate(RedactionPacks.None,
        static (packs, name) => packs | (RedactionNames.TryParse([name.GetString()]) ?? RedactionPacks.None))
        : null;

    private static long? Read(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;
}
