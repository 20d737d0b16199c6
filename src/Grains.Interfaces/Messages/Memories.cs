using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="SourceTurn"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.SourceTurn")]
public readonly record struct SourceTurnMessage(
    [property: Id(0)] string SessionId, [property: Id(1)] string TurnId, [property: Id(2)] long Seq);

[RegisterConverter]
public sealed class SourceTurnConverter : IConverter<SourceTurn, SourceTurnMessage>
{
    public SourceTurn ConvertFromSurrogate(in SourceTurnMessage surrogate) => new(surrogate.SessionId, surrogate.TurnId, surrogate.Seq);

    public SourceTurnMessage ConvertToSurrogate(in SourceTurn value) => new(value.SessionId, value.TurnId, value.Seq);
}

/// <summary><see cref="Salience"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Salience")]
public readonly record struct SalienceMessage([property: Id(0)] double Value, [property: Id(1)] DateTimeOffset At);

[RegisterConverter]
public sealed class SalienceConverter : IConverter<Salience, SalienceMessage>
{
    public Salience ConvertFromSurrogate(in SalienceMessage surrogate) => new(surrogate.Value, surrogate.At);

    public SalienceMessage ConvertToSurrogate(in Salience value) => new(value.Value, value.At);
}

/// <summary><see cref="MemoryOwner"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Owner")]
public readonly record struct OwnerMessage(
    [property: Id(0)] string? UserId, [property: Id(1)] string? AgentId, [property: Id(2)] string? AgentClass,
    [property: Id(3)] string? SessionId);

[RegisterConverter]
public sealed class OwnerConverter : IConverter<MemoryOwner, OwnerMessage>
{
    public MemoryOwner ConvertFromSurrogate(in OwnerMessage surrogate) =>
        new(surrogate.UserId, surrogate.AgentId, surrogate.AgentClass, surrogate.SessionId);

    public OwnerMessage ConvertToSurrogate(in MemoryOwner value) => new(value.UserId, value.AgentId, value.AgentClass, value.SessionId);
}

/// <summary><see cref="FactClaim"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Claim")]
public readonly record struct ClaimMessage(
    [property: Id(0)] string Subject, [property: Id(1)] string Attribute, [property: Id(2)] string Value,
    [property: Id(3)] bool IsSingleValued);

[RegisterConverter]
public sealed class ClaimConverter : IConverter<FactClaim, ClaimMessage>
{
    public FactClaim ConvertFromSurrogate(in ClaimMessage surrogate) =>
        new(surrogate.Subject, surrogate.Attribute, surrogate.Value, surrogate.IsSingleValued);

    public ClaimMessage ConvertToSurrogate(in FactClaim value) => new(value.Subject, value.Attribute, value.Value, value.IsSingleValued);
}

/// <summary><see cref="MemoryRecord"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Record")]
public struct RecordMessage
{
    [Id(0)] public string Id;
    [Id(1)] public long Version;
    [Id(2)] public string Kind;
    [Id(3)] public MemoryTier Tier;
    [Id(4)] public MemoryStatus Status;
    [Id(5)] public string Content;
    [Id(6)] public MemoryOwner Owner;
    [Id(7)] public double Importance;
    [Id(8)] public Salience Salience;
    [Id(9)] public bool IsPinned;
    [Id(10)] public DateTimeOffset ValidFrom;
    [Id(11)] public DateTimeOffset? ValidTo;
    [Id(12)] public DateTimeOffset? ConfirmedAt;
    [Id(13)] public DateTimeOffset RecordedAt;
    [Id(14)] public DateTimeOffset? SupersededAt;
    [Id(15)] public string? SupersededBy;
    [Id(16)] public SourceTurn[] Sources;
    [Id(17)] public FactClaim? Claim;
    [Id(18)] public string[] Topics;
    [Id(19)] public string[] Entities;
    [Id(20)] public string? Metadata;
    [Id(21)] public string Origin;
    [Id(22)] public MemoryChange Change;
    [Id(23)] public string Operation;
    [Id(24)] public string[]? Aliases;
}

[RegisterConverter]
public sealed class RecordConverter : IConverter<MemoryRecord, RecordMessage>
{
    public MemoryRecord ConvertFromSurrogate(in RecordMessage surrogate) => new()
    {
        Id = surrogate.Id,
        Version = surrogate.Version,
        Kind = surrogate.Kind,
        Tier = surrogate.Tier,
        Status = surrogate.Status,
        Content = surrogate.Content,
        Owner = surrogate.Owner,
        Importance = surrogate.Importance,
        Salience = surrogate.Salience,
        IsPinned = surrogate.IsPinned,
        ValidFrom = surrogate.ValidFrom,
        ValidTo = surrogate.ValidTo,
        ConfirmedAt = surrogate.ConfirmedAt,
        RecordedAt = surrogate.RecordedAt,
        SupersededAt = surrogate.SupersededAt,
        SupersededBy = surrogate.SupersededBy,
        Sources = surrogate.Sources,
        Claim = surrogate.Claim,
        Topics = surrogate.Topics,
        Entities = surrogate.Entities,
        Aliases = surrogate.Aliases ?? [],
        Metadata = surrogate.Metadata,
        Origin = surrogate.Origin,
        Change = surrogate.Change,
        Operation = surrogate.Operation,
    };

    public RecordMessage ConvertToSurrogate(in MemoryRecord value) => new()
    {
        Id = value.Id,
        Version = value.Version,
        Kind = value.Kind,
        Tier = value.Tier,
        Status = value.Status,
        Content = value.Content,
        Owner = value.Owner,
        Importance = value.Importance,
        Salience = value.Salience,
        IsPinned = value.IsPinned,
        ValidFrom = value.ValidFrom,
        ValidTo = value.ValidTo,
        ConfirmedAt = value.ConfirmedAt,
        RecordedAt = value.RecordedAt,
        SupersededAt = value.SupersededAt,
        SupersededBy = value.SupersededBy,
        Sources = [.. value.Sources],
        Claim = value.Claim,
        Topics = [.. value.Topics],
        Entities = [.. value.Entities],
        Aliases = [.. value.Aliases],
        Metadata = value.Metadata,
        Origin = value.Origin,
        Change = value.Change,
        Operation = value.Operation,
    };
}
