using MemoryOrleans.Erasures;
using MemoryOrleans.Redaction;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="TenantSettings"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.TenantSettings")]
public readonly record struct TenantSettingsMessage(
    [property: Id(0)] int? TurnsPerMinuteMax,
    [property: Id(1)] int? RequestsPerMinuteMax,
    [property: Id(2)] int? MemoriesPerMinuteMax,
    [property: Id(3)] long? BytesPerMinuteMax,
    [property: Id(4)] int? RecallsPerMinuteMax,
    [property: Id(5)] int? KeySharePercent,
    [property: Id(6)] RedactionPacks? Redact,
    [property: Id(7)] bool IsBeingErased);

[RegisterConverter]
public sealed class TenantSettingsConverter : IConverter<TenantSettings, TenantSettingsMessage>
{
    public TenantSettings ConvertFromSurrogate(in TenantSettingsMessage surrogate) => new(surrogate.TurnsPerMinuteMax)
    {
        RequestsPerMinuteMax = surrogate.RequestsPerMinuteMax, MemoriesPerMinuteMax = surrogate.MemoriesPerMinuteMax,
        BytesPerMinuteMax = surrogate.BytesPerMinuteMax, RecallsPerMinuteMax = surrogate.RecallsPerMinuteMax,
        KeySharePercent = surrogate.KeySharePercent,
        Redact = surrogate.Redact, IsBeingErased = surrogate.IsBeingErased,
    };

    public TenantSettingsMessage ConvertToSurrogate(in TenantSettings value) => new(
        value.TurnsPerMinuteMax, value.RequestsPerMinuteMax, value.MemoriesPerMinuteMax, value.BytesPerMinuteMax,
        value.RecallsPerMinuteMax, value.KeySharePercent,
        value.Redact, value.IsBeingErased);
}

/// <summary><see cref="LeaseGrant"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.LeaseGrant")]
public readonly record struct LeaseGrantMessage(
    [property: Id(0)] long Granted, [property: Id(1)] long Left, [property: Id(2)] TimeSpan RetryAfter);

/// <summary><see cref="ErasureCounts"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.ErasureCounts")]
public readonly record struct ErasureCountsMessage(
    [property: Id(0)] long Turns,
    [property: Id(1)] long Vectors,
    [property: Id(2)] long IdempotencyRecords,
    [property: Id(3)] long DueWork,
    [property: Id(4)] long Memories,
    [property: Id(5)] long Versions,
    [property: Id(6)] long Redacted,
    [property: Id(7)] long Observations,
    [property: Id(8)] long Entities,
    [property: Id(9)] long Relations);

[RegisterConverter]
public sealed class ErasureCountsConverter : IConverter<ErasureCounts, ErasureCountsMessage>
{
    public ErasureCounts ConvertFromSurrogate(in ErasureCountsMessage surrogate) => new(
        surrogate.Turns, surrogate.Vectors, surrogate.IdempotencyRecords, surrogate.DueWork, surrogate.Memories, surrogate.Versions,
        surrogate.Redacted, surrogate.Observations, surrogate.Entities, surrogate.Relations);

    public ErasureCountsMessage ConvertToSurrogate(in ErasureCounts value) => new(
        value.Turns, value.Vectors, value.IdempotencyRecords, value.DueWork, value.Memories, value.Versions,
        value.Redacted, value.Observations, value.Entities, value.Relations);
}
