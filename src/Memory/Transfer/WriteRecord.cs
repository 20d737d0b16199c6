using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>Writes a record as the object its line is: always the same bytes for the same record. What is null is left out.</summary>
internal static class WriteRecord
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>A time by a person's clock, where that is not UTC.</summary>
    public const string LocalTimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffffzzz";

    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void To(Utf8JsonWriter json, TransferRecord record)
    {
        json.WriteStartObject();
        switch (record)
        {
            case SessionRecord session:
                WriteSession(json, session);
                break;
            case TurnRecord turn:
                WriteTurn(json, turn.Turn);
                break;
            case DeletedSessionRecord deleted:
                json.WriteString("kind", TransferFormat.DeletedSession);
                json.WriteString("id", deleted.Id);
                json.WriteNumber("version", deleted.Version);
                WriteTime(json, "deleted_at", deleted.DeletedAt);
                break;
            case MemoryVersionRecord memory:
                WriteMemory(json, memory);
                break;
            case EntityRecord entity:
                WriteEntity(json, entity.Entity);
                break;
            case ObservationRecord observation:
                WriteObservation(json, observation.Observation);
                break;
            case RelationRecord relation:
                WriteRelation(json, relation.Relation);
                break;
            default:
                throw new InvalidOperationException($"{record.GetType().Name} is no record this format knows.");
        }

        json.WriteEndObject();
    }

    public static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
    }

    private static void WriteSession(Utf8JsonWriter json, SessionRecord record)
    {
        var session = record.Session;
        json.WriteString("kind", TransferFormat.Session);
        json.WriteString("id", session.Id);
        WriteText(json, "user_id", session.UserId);
        WriteText(json, "agent_id", session.AgentId);
        json.WriteString("status", EnumNames.Of(session.Status));
        json.WriteNumber("last_seq", session.LastSeq);
        json.WriteNumber("version", session.Version);
        WriteTime(json, "created_at", session.CreatedAt);
        WriteTime(json, "updated_at", session.UpdatedAt);
        json.WriteNumber("distilled", record.Distilled);
        WriteText(json, "time_zone", session.TimeZone);
    }

    private static void WriteTurn(Utf8JsonWriter json, Turn turn)
    {
        json.WriteString("kind", TransferFormat.Turn);
        json.WriteString("session_id", turn.SessionId);
        json.WriteNumber("seq", turn.Seq);
        json.WriteString("id", turn.Id);
        json.WriteString("role", turn.Role);
        json.WriteString("occurred_at", turn.OccurredAt.Offset == TimeSpan.Zero
            ? turn.OccurredAt.ToString(TimeFormat, CultureInfo.InvariantCulture)
            : turn.OccurredAt.ToString(LocalTimeFormat, CultureInfo.InvariantCulture));
        WriteTime(json, "recorded_at", turn.RecordedAt);
        if (turn.IsErased)
        {
            json.WriteBoolean("erased", true);
            return;
        }

        WriteText(json, "name", turn.Name);
        json.WriteString("content", turn.Content);
        WriteObject(json, "metadata", turn.Metadata);
        json.WriteNumber("tokens", turn.Tokens);
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryVersionRecord record)
    {
        var version = record.Version;
        json.WriteString("kind", TransferFormat.Memory);
        json.WriteString("id", version.Id);
        json.WriteNumber("version", version.Version);
        json.WriteString("memory_kind", version.Kind);
        json.WriteString("tier", EnumNames.Of(version.Tier));
        json.WriteString("status", EnumNames.Of(version.Status));
        json.WriteString("content", version.Content);
        WriteText(json, "user_id", version.Owner.UserId);
        WriteText(json, "agent_id", version.Owner.AgentId);
        WriteText(json, "agent_class", version.Owner.AgentClass);
        WriteText(json, "session_id", version.Owner.SessionId);
        json.WriteNumber("importance", version.Importance);
        json.WriteNumber("salience", version.Salience.Value);
        WriteTime(json, "salience_at", version.Salience.At);
        json.WriteBoolean("pinned", version.IsPinned);
        WriteTime(json, "valid_from", version.ValidFrom);
        WriteTime(json, "valid_to", version.ValidTo);
        WriteTime(json, "confirmed_at", version.ConfirmedAt);
        WriteTime(json, "recorded_at", version.RecordedAt);
        WriteTime(json, "superseded_at", version.SupersededAt);
        WriteText(json, "superseded_by", version.SupersededBy);
        WriteSources(json, version.Sources);
        WriteClaim(json, version.Claim);
        WriteTexts(json, "topics", version.Topics);
        WriteTexts(json, "entities", version.Entities);
        WriteTexts(json, "aliases", version.Aliases);
        WriteObject(json, "metadata", version.Metadata);
        json.WriteString("origin", version.Origin);
        json.WriteString("change", EnumNames.Of(version.Change));
        json.WriteString("operation", version.Operation);
        WriteTexts(json, "keys", [.. record.KeyDigests.Select(Convert.ToHexStringLower).Order(StringComparer.Ordinal)]);
    }

    private static void WriteClaim(Utf8JsonWriter json, FactClaim? claim)
    {
        if (claim is null)
            return;
        json.WriteStartObject("claim");
        json.WriteString("subject", claim.Subject);
        json.WriteString("attribute", claim.Attribute);
        json.WriteString("value", claim.Value);
        json.WriteBoolean("single_valued", claim.IsSingleValued);
        json.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter json, Entity entity)
    {
        json.WriteString("kind", TransferFormat.Entity);
        json.WriteString("id", entity.Id);
        json.WriteString("name", entity.Name);
        json.WriteString("type", entity.Type);
        WriteTexts(json, "aliases", entity.Aliases);
        WriteText(json, "user_id", entity.Scope.UserId);
        WriteText(json, "agent_id", entity.Scope.AgentId);
        WriteObject(json, "metadata", entity.Metadata);
        json.WriteNumber("version", entity.Version);
        WriteTime(json, "created_at", entity.CreatedAt);
        WriteTime(json, "updated_at", entity.UpdatedAt);
    }

    private static void WriteObservation(Utf8JsonWriter json, Observation observation)
    {
        json.WriteString("kind", TransferFormat.Observation);
        json.WriteString("id", observation.Id);
        json.WriteString("entity_id", observation.EntityId);
        json.WriteString("content", observation.Content);
        WriteSources(json, observation.Sources);
        if (observation.Importance is { } importance)
            json.WriteNumber("importance", importance);
        WriteTime(json, "valid_from", observation.ValidFrom);
        WriteTime(json, "valid_to", observation.ValidTo);
        WriteTime(json, "recorded_at", observation.RecordedAt);
        WriteTime(json, "superseded_at", observation.SupersededAt);
        WriteText(json, "superseded_by", observation.SupersededBy);
    }

    private static void WriteRelation(Utf8JsonWriter json, Relation relation)
    {
        json.WriteString("kind", TransferFormat.Relation);
        json.WriteString("id", relation.Id);
        json.WriteNumber("version", relation.Version);
        json.WriteString("from", relation.FromId);
        json.WriteString("to", relation.ToId);
        json.WriteString("type", relation.Type);
        WriteObject(json, "metadata", relation.Metadata);
        WriteTime(json, "valid_from", relation.ValidFrom);
        WriteTime(json, "valid_to", relation.ValidTo);
        WriteTime(json, "recorded_at", relation.RecordedAt);
        WriteTime(json, "superseded_at", relation.SupersededAt);
        WriteText(json, "superseded_by", relation.SupersededBy);
    }

    private static void WriteSources(Utf8JsonWriter json, IReadOnlyList<SourceTurn> sources)
    {
        if (sources.Count == 0)
            return;
        json.WriteStartArray("sources");
        foreach (var source in sources)
        {
            json.WriteStartObject();
            json.WriteString("session_id", source.SessionId);
            json.WriteString("turn_id", source.TurnId);
            json.WriteNumber("seq", source.Seq);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    /// <summary>An object that is kept as text goes out as it is, so that it comes back to the byte.</summary>
    private static void WriteObject(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(text, skipInputValidation: true);
    }
}
