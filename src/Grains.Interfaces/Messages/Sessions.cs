using MemoryOrleans.Episodes;
using MemoryOrleans.Redaction;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="SessionKey"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.SessionKey")]
public readonly record struct SessionKeyMessage([property: Id(0)] string Tenant, [property: Id(1)] string Id);

[RegisterConverter]
public sealed class SessionKeyConverter : IConverter<SessionKey, SessionKeyMessage>
{
    public SessionKey ConvertFromSurrogate(in SessionKeyMessage surrogate) => new(surrogate.Tenant, surrogate.Id);

    public SessionKeyMessage ConvertToSurrogate(in SessionKey value) => new(value.Tenant, value.Id);
}

/// <summary><see cref="TurnDraft"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.TurnDraft")]
public readonly record struct TurnDraftMessage(
    [property: Id(0)] string? Id,
    [property: Id(1)] string Role,
    [property: Id(2)] string? Name,
    [property: Id(3)] string Content,
    [property: Id(4)] DateTimeOffset? OccurredAt,
    [property: Id(5)] string? Metadata);

[RegisterConverter]
public sealed class TurnDraftConverter : IConverter<TurnDraft, TurnDraftMessage>
{
    public TurnDraft ConvertFromSurrogate(in TurnDraftMessage surrogate) =>
        new(surrogate.Id, surrogate.Role, surrogate.Name, surrogate.Content, surrogate.OccurredAt, surrogate.Metadata);

    public TurnDraftMessage ConvertToSurrogate(in TurnDraft value) =>
        new(value.Id, value.Role, value.Name, value.Content, value.OccurredAt, value.Metadata);
}

/// <summary><see cref="AppendCommand"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.AppendCommand")]
public readonly record struct AppendCommandMessage(
    [property: Id(0)] SessionKey Session,
    [property: Id(1)] string? UserId,
    [property: Id(2)] string? AgentId,
    [property: Id(3)] TurnDraft[] Turns,
    [property: Id(4)] string? IdempotencyScope,
    [property: Id(5)] string? IdempotencyKey,
    [property: Id(6)] byte[]? RequestDigest,
    [property: Id(7)] long? IfMatchVersion,
    [property: Id(8)] bool HasFreshIds,
    [property: Id(9)] string? TimeZone);

[RegisterConverter]
public sealed class AppendCommandConverter : IConverter<AppendCommand, AppendCommandMessage>
{
    public AppendCommand ConvertFromSurrogate(in AppendCommandMessage surrogate) => new(
        surrogate.Session, surrogate.UserId, surrogate.AgentId, surrogate.Turns,
        surrogate.IdempotencyKey is null
        ? null : new IdempotencyKey(surrogate.IdempotencyScope!, surrogate.IdempotencyKey, surrogate.RequestDigest!),
        surrogate.IfMatchVersion)
    {
        HasFreshIds = surrogate.HasFreshIds, TimeZone = surrogate.TimeZone,
    };

    public AppendCommandMessage ConvertToSurrogate(in AppendCommand value) => new(
        value.Session, value.UserId, value.AgentId, [.. value.Turns],
        value.Idempotency?.Scope, value.Idempotency?.Key, value.Idempotency?.RequestDigest, value.IfMatchVersion, value.HasFreshIds,
        value.TimeZone);
}

/// <summary><see cref="Turn"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Turn")]
public readonly record struct TurnMessage(
    [property: Id(0)] string SessionId,
    [property: Id(1)] long Seq,
    [property: Id(2)] string Id,
    [property: Id(3)] string Role,
    [property: Id(4)] string? Name,
    [property: Id(5)] string Content,
    [property: Id(6)] DateTimeOffset OccurredAt,
    [property: Id(7)] DateTimeOffset RecordedAt,
    [property: Id(8)] string? Metadata,
    [property: Id(9)] int Tokens,
    [property: Id(10)] bool IsErased);

[RegisterConverter]
public sealed class TurnConverter : IConverter<Turn, TurnMessage>
{
    public Turn ConvertFromSurrogate(in TurnMessage surrogate) => new(
        surrogate.SessionId, surrogate.Seq, surrogate.Id, surrogate.Role, surrogate.Name, surrogate.Content,
        surrogate.OccurredAt, surrogate.RecordedAt, surrogate.Metadata, surrogate.Tokens)
    {
        IsErased = surrogate.IsErased,
    };

    public TurnMessage ConvertToSurrogate(in Turn value) => new(
        value.SessionId, value.Seq, value.Id, value.Role, value.Name, value.Content,
        value.OccurredAt, value.RecordedAt, value.Metadata, value.Tokens, value.IsErased);
}

/// <summary><see cref="RedactionCounts"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.RedactionCounts")]
public readonly record struct RedactionCountsMessage(
    [property: Id(0)] int Secrets, [property: Id(1)] int Emails, [property: Id(2)] int Ibans, [property: Id(3)] int Cards,
    [property: Id(4)] int Addresses, [property: Id(5)] int Phones);

[RegisterConverter]
public sealed class RedactionCountsConverter : IConverter<RedactionCounts, RedactionCountsMessage>
{
    public RedactionCounts ConvertFromSurrogate(in RedactionCountsMessage surrogate) =>
        new(surrogate.Secrets, surrogate.Emails, surrogate.Ibans, surrogate.Cards, surrogate.Addresses, surrogate.Phones);

    public RedactionCountsMessage ConvertToSurrogate(in RedactionCounts value) =>
        new(value.Secrets, value.Emails, value.Ibans, value.Cards, value.Addresses, value.Phones);
}

/// <summary><see cref="AppendResult"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.AppendResult")]
public readonly record struct AppendResultMessage(
    [property: Id(0)] Turn[] Turns, [property: Id(1)] long Version, [property: Id(2)] bool Replayed,
    [property: Id(3)] RedactionCounts Redacted);

[RegisterConverter]
public sealed class AppendResultConverter : IConverter<AppendResult, AppendResultMessage>
{
    public AppendResult ConvertFromSurrogate(in AppendResultMessage surrogate) =>
        new(surrogate.Turns, surrogate.Version, surrogate.Replayed)
    {
        Redacted = surrogate.Redacted,
    };

    public AppendResultMessage ConvertToSurrogate(in AppendResult value) =>
        new([.. value.Turns], value.Version, value.Replayed, value.Redacted);
}

/// <summary><see cref="Session"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Session")]
public readonly record struct SessionMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string? UserId,
    [property: Id(2)] string? AgentId,
    [property: Id(3)] SessionStatus Status,
    [property: Id(4)] long LastSeq,
    [property: Id(5)] long Version,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset UpdatedAt,
    [property: Id(8)] string? TimeZone);

[RegisterConverter]
public sealed class SessionConverter : IConverter<Session, SessionMessage>
{
    public Session ConvertFromSurrogate(in SessionMessage surrogate) => new(
        surrogate.Id, surrogate.UserId, surrogate.AgentId, surrogate.Status, surrogate.LastSeq, surrogate.Version, surrogate.CreatedAt,
        surrogate.UpdatedAt)
    {
        TimeZone = surrogate.TimeZone,
    };

    public SessionMessage ConvertToSurrogate(in Session value) => new(
        value.Id, value.UserId, value.AgentId, value.Status, value.LastSeq, value.Version, value.CreatedAt, value.UpdatedAt,
        value.TimeZone);
}

/// <summary><see cref="DistillationReport"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.DistillationReport")]
public readonly record struct DistillationReportMessage(
    [property: Id(0)] string[] Episodes,
    [property: Id(1)] string[] Facts,
    [property: Id(2)] long Turns,
    [property: Id(3)] long Distilled,
    [property: Id(4)] bool IsComplete);

[RegisterConverter]
public sealed class DistillationReportConverter : IConverter<DistillationReport, DistillationReportMessage>
{
    public DistillationReport ConvertFromSurrogate(in DistillationReportMessage surrogate) =>
        new(surrogate.Episodes, surrogate.Facts, surrogate.Turns, surrogate.Distilled, surrogate.IsComplete);

    public DistillationReportMessage ConvertToSurrogate(in DistillationReport value) =>
        new([.. value.Episodes], [.. value.Facts], value.Turns, value.Distilled, value.IsComplete);
}

/// <summary><see cref="SummaryPart"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.SummaryPart")]
public readonly record struct SummaryPartMessage(
    [property: Id(0)] string Text,
    [property: Id(1)] int Tokens,
    [property: Id(2)] double Importance,
    [property: Id(3)] DateTimeOffset OccurredFrom,
    [property: Id(4)] string? Memory,
    [property: Id(5)] SourceTurn[] Sources);

[RegisterConverter]
public sealed class SummaryPartConverter : IConverter<SummaryPart, SummaryPartMessage>
{
    public SummaryPart ConvertFromSurrogate(in SummaryPartMessage surrogate) => new(
        surrogate.Text, surrogate.Tokens, surrogate.Importance, surrogate.OccurredFrom, surrogate.Memory, surrogate.Sources);

    public SummaryPartMessage ConvertToSurrogate(in SummaryPart value) =>
        new(value.Text, value.Tokens, value.Importance, value.OccurredFrom, value.Memory, [.. value.Sources]);
}

/// <summary><see cref="WorkingMemoryView"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.WorkingMemoryView")]
public readonly record struct WorkingMemoryViewMessage(
    [property: Id(0)] Session Session,
    [property: Id(1)] Turn[] Turns,
    [property: Id(2)] int Tokens,
    [property: Id(3)] long TurnsBefore,
    [property: Id(4)] SummaryPart[] Summary);

[RegisterConverter]
public sealed class WorkingMemoryViewConverter : IConverter<WorkingMemoryView, WorkingMemoryViewMessage>
{
    public WorkingMemoryView ConvertFromSurrogate(in WorkingMemoryViewMessage surrogate) =>
        new(surrogate.Session, surrogate.Turns, surrogate.Tokens, surrogate.TurnsBefore) { Summary = surrogate.Summary };

    public WorkingMemoryViewMessage ConvertToSurrogate(in WorkingMemoryView value) =>
        new(value.Session, [.. value.Turns], value.Tokens, value.TurnsBefore, [.. value.Summary]);
}
