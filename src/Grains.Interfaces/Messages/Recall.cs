using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Outdated;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="AsOf"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.AsOf")]
public readonly record struct AsOfMessage([property: Id(0)] DateTimeOffset? Valid, [property: Id(1)] DateTimeOffset? Known);

[RegisterConverter]
public sealed class AsOfConverter : IConverter<AsOf, AsOfMessage>
{
    public AsOf ConvertFromSurrogate(in AsOfMessage surrogate) => new(surrogate.Valid, surrogate.Known);

    public AsOfMessage ConvertToSurrogate(in AsOf value) => new(value.Valid, value.Known);
}

/// <summary><see cref="RecallFilter"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.RecallFilter")]
public readonly record struct RecallFilterMessage(
    [property: Id(0)] string? Role,
    [property: Id(1)] string? Name,
    [property: Id(2)] DateTimeOffset? OccurredFrom,
    [property: Id(3)] DateTimeOffset? OccurredTo,
    [property: Id(4)] Dictionary<string, string>? Metadata);

[RegisterConverter]
public sealed class RecallFilterConverter : IConverter<RecallFilter, RecallFilterMessage>
{
    public RecallFilter ConvertFromSurrogate(in RecallFilterMessage surrogate) =>
        new(surrogate.Role, surrogate.Name, surrogate.OccurredFrom, surrogate.OccurredTo, surrogate.Metadata);

    public RecallFilterMessage ConvertToSurrogate(in RecallFilter value) => new(
        value.Role, value.Name, value.OccurredFrom, value.OccurredTo,
        value.Metadata is null ? null : new Dictionary<string, string>(value.Metadata, StringComparer.Ordinal));
}

/// <summary><see cref="RecallQuery"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.RecallQuery")]
public struct RecallQueryMessage
{
    [Id(0)] public string Tenant;
    [Id(1)] public string Query;
    [Id(2)] public int Limit;
    [Id(3)] public string? UserId;
    [Id(4)] public string? AgentId;
    [Id(5)] public string? SessionId;
    [Id(6)] public string[]? Kinds;
    [Id(7)] public string[]? Tiers;
    [Id(8)] public AsOf? AsOf;
    [Id(9)] public RecallFilter? Filter;
    [Id(10)] public double? MinScore;
    [Id(11)] public int? MaxTokens;
    [Id(12)] public bool Explain;
    [Id(13)] public string[]? Scopes;
    [Id(14)] public string? AgentClass;
    [Id(15)] public bool WithArchived;
    [Id(16)] public string? InheritedAgentId;
    [Id(17)] public bool IsCurrentOnly;
    [Id(18)] public string? TimeZone;
}

[RegisterConverter]
public sealed class RecallQueryConverter : IConverter<RecallQuery, RecallQueryMessage>
{
    public RecallQuery ConvertFromSurrogate(in RecallQueryMessage surrogate) => new(
        surrogate.Tenant, surrogate.Query, surrogate.Limit, surrogate.UserId, surrogate.AgentId, surrogate.SessionId, surrogate.Kinds,
        surrogate.Tiers,
        surrogate.AsOf, surrogate.Filter, surrogate.MinScore, surrogate.MaxTokens, surrogate.Explain)
    {
        Scopes = surrogate.Scopes, AgentClass = surrogate.AgentClass, WithArchived = surrogate.WithArchived,
            InheritedAgentId = surrogate.InheritedAgentId,
        IsCurrentOnly = surrogate.IsCurrentOnly, TimeZone = surrogate.TimeZone,
    };

    public RecallQueryMessage ConvertToSurrogate(in RecallQuery value) => new()
    {
        Tenant = value.Tenant,
        Query = value.Query,
        Limit = value.Limit,
        UserId = value.UserId,
        AgentId = value.AgentId,
        SessionId = value.SessionId,
        Kinds = value.Kinds?.ToArray(),
        Tiers = value.Tiers?.ToArray(),
        AsOf = value.AsOf,
        Filter = value.Filter,
        MinScore = value.MinScore,
        MaxTokens = value.MaxTokens,
        Explain = value.Explain,
        Scopes = value.Scopes?.ToArray(),
        AgentClass = value.AgentClass,
        WithArchived = value.WithArchived,
        InheritedAgentId = value.InheritedAgentId,
        IsCurrentOnly = value.IsCurrentOnly,
        TimeZone = value.TimeZone,
    };
}

/// <summary><see cref="TierExplanation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.TierExplanation")]
public readonly record struct TierExplanationMessage(
    [property: Id(0)] double Part,
    [property: Id(1)] double Weight,
    [property: Id(2)] double Salience,
    [property: Id(3)] double SalienceFactor,
    [property: Id(4)] double RecencyFactor,
    [property: Id(5)] string Scope,
    [property: Id(6)] double ScopeFactor);

[RegisterConverter]
public sealed class TierExplanationConverter : IConverter<TierExplanation, TierExplanationMessage>
{
    public TierExplanation ConvertFromSurrogate(in TierExplanationMessage surrogate) => new(
        surrogate.Part, surrogate.Weight, surrogate.Salience, surrogate.SalienceFactor, surrogate.RecencyFactor, surrogate.Scope,
        surrogate.ScopeFactor);

    public TierExplanationMessage ConvertToSurrogate(in TierExplanation value) => new(
        value.Part, value.Weight, value.Salience, value.SalienceFactor, value.RecencyFactor, value.Scope, value.ScopeFactor);
}

/// <summary><see cref="MeaningExplanation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.MeaningExplanation")]
public readonly record struct MeaningExplanationMessage(
    [property: Id(0)] double Piece,
    [property: Id(1)] double Context,
    [property: Id(2)] double StandIn,
    [property: Id(3)] double Window,
    [property: Id(4)] double Date);

[RegisterConverter]
public sealed class MeaningExplanationConverter : IConverter<MeaningExplanation, MeaningExplanationMessage>
{
    public MeaningExplanation ConvertFromSurrogate(in MeaningExplanationMessage surrogate) =>
        new(surrogate.Piece, surrogate.Context, surrogate.StandIn, surrogate.Window, surrogate.Date);

    public MeaningExplanationMessage ConvertToSurrogate(in MeaningExplanation value) =>
        new(value.Piece, value.Context, value.StandIn, value.Window, value.Date);
}

/// <summary><see cref="ScoreExplanation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.ScoreExplanation")]
public readonly record struct ScoreExplanationMessage(
    [property: Id(0)] double Lexical,
    [property: Id(1)] double Vector,
    [property: Id(2)] double Smoothing,
    [property: Id(3)] double SessionPrior,
    [property: Id(4)] double Subject,
    [property: Id(5)] string[] MatchedTerms,
    [property: Id(6)] double SubjectMultiplier,
    [property: Id(7)] string? VectorModel,
    [property: Id(8)] TierExplanation? Tier,
    [property: Id(9)] MeaningExplanation? Meaning,
    [property: Id(10)] double Quote);

[RegisterConverter]
public sealed class ScoreExplanationConverter : IConverter<ScoreExplanation, ScoreExplanationMessage>
{
    public ScoreExplanation ConvertFromSurrogate(in ScoreExplanationMessage surrogate) => new(
        surrogate.Lexical, surrogate.Vector, surrogate.Smoothing, surrogate.SessionPrior, surrogate.Subject, surrogate.MatchedTerms,
        surrogate.SubjectMultiplier, surrogate.VectorModel)
    {
        Tier = surrogate.Tier, Meaning = surrogate.Meaning, Quote = surrogate.Quote,
    };

    public ScoreExplanationMessage ConvertToSurrogate(in ScoreExplanation value) => new(
        value.Lexical, value.Vector, value.Smoothing, value.SessionPrior, value.Subject, [.. value.MatchedTerms],
        value.SubjectMultiplier, value.VectorModel, value.Tier, value.Meaning, value.Quote);
}

/// <summary><see cref="UpdateNote"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.UpdateNote")]
public readonly record struct UpdateNoteMessage(
    [property: Id(0)] double Part,
    [property: Id(1)] string Rule,
    [property: Id(2)] string? Updates,
    [property: Id(3)] string? UpdatedBy);

[RegisterConverter]
public sealed class UpdateNoteConverter : IConverter<UpdateNote, UpdateNoteMessage>
{
    public UpdateNote ConvertFromSurrogate(in UpdateNoteMessage surrogate) =>
        new(surrogate.Part, surrogate.Rule, surrogate.Updates, surrogate.UpdatedBy);

    public UpdateNoteMessage ConvertToSurrogate(in UpdateNote value) => new(value.Part, value.Rule, value.Updates, value.UpdatedBy);
}

/// <summary><see cref="OutdatedNote"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.OutdatedNote")]
public readonly record struct OutdatedNoteMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string SessionId,
    [property: Id(2)] string TurnId,
    [property: Id(3)] DateTimeOffset OccurredAt,
    [property: Id(4)] string Rule);

[RegisterConverter]
public sealed class OutdatedNoteConverter : IConverter<OutdatedNote, OutdatedNoteMessage>
{
    public OutdatedNote ConvertFromSurrogate(in OutdatedNoteMessage surrogate) =>
        new(surrogate.Id, surrogate.SessionId, surrogate.TurnId, surrogate.OccurredAt, surrogate.Rule);

    public OutdatedNoteMessage ConvertToSurrogate(in OutdatedNote value) =>
        new(value.Id, value.SessionId, value.TurnId, value.OccurredAt, value.Rule);
}

/// <summary><see cref="SaidAgain"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.SaidAgain")]
public readonly record struct SaidAgainMessage(
    [property: Id(0)] string SessionId,
    [property: Id(1)] string TurnId,
    [property: Id(2)] long Seq,
    [property: Id(3)] DateTimeOffset OccurredAt);

[RegisterConverter]
public sealed class SaidAgainConverter : IConverter<SaidAgain, SaidAgainMessage>
{
    public SaidAgain ConvertFromSurrogate(in SaidAgainMessage surrogate) =>
        new(surrogate.SessionId, surrogate.TurnId, surrogate.Seq, surrogate.OccurredAt);

    public SaidAgainMessage ConvertToSurrogate(in SaidAgain value) => new(value.SessionId, value.TurnId, value.Seq, value.OccurredAt);
}

/// <summary><see cref="RecalledItem"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.RecalledItem")]
public readonly record struct RecalledItemMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Tier,
    [property: Id(3)] string Content,
    [property: Id(4)] double Score,
    [property: Id(5)] double Relevance,
    [property: Id(6)] Turn Turn,
    [property: Id(7)] ScoreExplanation? Explanation,
    [property: Id(8)] MemoryRecord? Memory,
    [property: Id(9)] UpdateNote? Update,
    [property: Id(10)] OutdatedNote? OutdatedBy,
    [property: Id(11)] SaidAgain[]? AlsoSaid);

[RegisterConverter]
public sealed class RecalledItemConverter : IConverter<RecalledItem, RecalledItemMessage>
{
    public RecalledItem ConvertFromSurrogate(in RecalledItemMessage surrogate) => new(
        surrogate.Id, surrogate.Kind, surrogate.Tier, surrogate.Content, surrogate.Score, surrogate.Relevance, surrogate.Turn,
        surrogate.Explanation)
    {
        Memory = surrogate.Memory, Update = surrogate.Update, OutdatedBy = surrogate.OutdatedBy, AlsoSaid = surrogate.AlsoSaid ?? [],
    };

    public RecalledItemMessage ConvertToSurrogate(in RecalledItem value) => new(
        value.Id, value.Kind, value.Tier, value.Content, value.Score, value.Relevance, value.Turn, value.Explanation, value.Memory,
        value.Update, value.OutdatedBy, value.AlsoSaid.Count == 0 ? null : [.. value.AlsoSaid]);
}

/// <summary><see cref="RecallResult"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.RecallResult")]
public readonly record struct RecallResultMessage(
    [property: Id(0)] RecalledItem[] Items,
    [property: Id(1)] string Intent,
    [property: Id(2)] string[] Degraded,
    [property: Id(3)] string Watermark,
    [property: Id(4)] DateTimeOffset EvaluatedAt,
    [property: Id(5)] int BelowScore,
    [property: Id(6)] int OverBudget);

[RegisterConverter]
public sealed class RecallResultConverter : IConverter<RecallResult, RecallResultMessage>
{
    public RecallResult ConvertFromSurrogate(in RecallResultMessage surrogate) =>
        new(surrogate.Items, surrogate.Intent, surrogate.Degraded, surrogate.Watermark, surrogate.EvaluatedAt)
        {
            BelowScore = surrogate.BelowScore, OverBudget = surrogate.OverBudget,
        };

    public RecallResultMessage ConvertToSurrogate(in RecallResult value) =>
        new([.. value.Items], value.Intent, [.. value.Degraded], value.Watermark, value.EvaluatedAt, value.BelowScore, value.OverBudget);
}
