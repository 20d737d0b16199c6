using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>Reads a record from its line's fields, as <see cref="WriteRecord"/> writes it. What is wrong is in the fields' fault.</summary>
internal static class ReadRecord
{
    private const int KeyDigestChars = 2 * MemoryKeyDigest.Length;

    /// <summary>Null when the kind is none this release knows.</summary>
    public static TransferRecord? Of(string kind, LineFields fields) => kind switch
    {
        TransferFormat.Session => ReadSession(fields),
        TransferFormat.Turn => new TurnRecord(ReadTurn(fields)),
        TransferFormat.DeletedSession => new DeletedSessionRecord(fields.Id("id"), fields.Number("version", 1), fields.Time("deleted_at")),
        TransferFormat.Memory => ReadMemory(fields),
        TransferFormat.Entity => new EntityRecord(ReadEntity(fields)),
        TransferFormat.Observation => new ObservationRecord(ReadObservation(fields)),
        TransferFormat.Relation => new RelationRecord(ReadRelation(fields)),
        _ => null,
    };

    private static SessionRecord ReadSession(LineFields fields)
    {
        var session = new Session(
            fields.Id("id"), fields.IdOrNull("user_id"), fields.IdOrNull("agent_id"), fields.Name<SessionStatus>("status"),
            fields.Number("last_seq"), fields.Number("version", 1), fields.Time("created_at"), fields.Time("updated_at"))
        {
            TimeZone = fields.TextOrNull("time_zone"),
        };
        return new SessionRecord(session, fields.Number("distilled", max: session.LastSeq));
    }

    private static Turn ReadTurn(LineFields fields)
    {
        var isErased = fields.Flag("erased", needed: false);
        return new Turn(
            fields.Id("session_id"), fields.Number("seq", 1), fields.Id("id"), fields.Text("role"),
            isErased ? null : fields.TextOrNull("name"), isErased ? string.Empty : fields.Text("content", mayBeEmpty: true),
            fields.LocalTime("occurred_at"), fields.Time("recorded_at"),
            isErased ? null : fields.ObjectOrNull("metadata"), isErased ? 0 : (int)fields.Number("tokens", max: int.MaxValue))
        {
            IsErased = isErased,
        };
    }

    private static MemoryVersionRecord ReadMemory(LineFields fields)
    {
        var version = new MemoryRecord
        {
            Id = fields.Id("id"),
            Version = fields.Number("version", 1),
            Kind = fields.Text("memory_kind"),
            Tier = fields.Name<MemoryTier>("tier"),
            Status = fields.Name<MemoryStatus>("status"),
            Content = fields.Text("content", mayBeEmpty: true),
            Owner = new MemoryOwner(fields.IdOrNull("user_id"), fields.IdOrNull("agent_id"), fields.TextOrNull("agent_class"),
            fields.IdOrNull("session_id")),
            Importance = fields.Share("importance"),
            Salience = new Salience(fields.Share("salience"), fields.Time("salience_at")),
            IsPinned = fields.Flag("pinned"),
            ValidFrom = fields.Time("valid_from"),
            ValidTo = fields.TimeOrNull("valid_to"),
            ConfirmedAt = fields.TimeOrNull("confirmed_at"),
            RecordedAt = fields.Time("recorded_at"),
            SupersededAt = fields.TimeOrNull("superseded_at"),
            SupersededBy = fields.IdOrNull("superseded_by"),
            Sources = fields.All("sources", ReadSource),
            Claim = ReadClaim(fields),
            Topics = fields.Texts("topics"),
            Entities = fields.Texts("entities"),
            Aliases = fields.Texts("aliases"),
            Metadata = fields.ObjectOrNull("metadata"),
            Origin = fields.Text("origin"),
            Change = fields.Name<MemoryChange>("change"),
            Operation = fields.Text("operation"),
        };
        return new MemoryVersionRecord(version, ReadKeys(fields));
    }

    private static byte[][] ReadKeys(LineFields fields)
    {
        var keys = fields.Texts("keys");
        if (keys.All(static key => key.Length == KeyDigestChars && key.All(char.IsAsciiHexDigitLower)))
            return [.. keys.Select(static key => Convert.FromHexString(key))];
        fields.Refuse("keys", "must be digests in lower-case hex");
        return [];
    }

    private static FactClaim? ReadClaim(LineFields fields)
    {
        if (fields.Inner("claim") is not { } inner)
            return null;
        var claim = new FactClaim(inner.Text("subject"), inner.Text("attribute"), inner.Text("value", mayBeEmpty: true),
            inner.Flag("single_valued"));
        fields.Adopt("claim", inner);
        return claim;
    }

    private static SourceTurn ReadSource(LineFields fields) => new(fields.Id("session_id"), fields.Id("turn_id"), fields.Number("seq", 1));

    private static Entity ReadEntity(LineFields fields) => new(
        fields.Id("id"), fields.Text("name"), fields.Text("type"), new GraphScope(fields.IdOrNull("user_id"), fields.IdOrNull("agent_id")),
        fields.ObjectOrNull("metadata"), fields.Number("version", 1), fields.Time("created_at"), fields.Time("updated_at"))
    {
        Aliases = fields.Texts("aliases"),
    };

    private static Observation ReadObservation(LineFields fields) => new(
        fields.Id("id"), fields.Id("entity_id"), fields.Text("content"), fields.All("sources", ReadSource),
        fields.ShareOrNull("importance"),
        fields.Time("valid_from"), fields.TimeOrNull("valid_to"), fields.Time("recorded_at"), fields.TimeOrNull("superseded_at"),
        fields.IdOrNull("superseded_by"));

    private static Relation ReadRelation(LineFields fields) => new(
        fields.Id("id"), fields.Number("version", 1), fields.Id("from"), fields.Id("to"), fields.Text("type"),
        fields.ObjectOrNull("metadata"),
        fields.Time("valid_from"), fields.TimeOrNull("valid_to"), fields.Time("recorded_at"), fields.TimeOrNull("superseded_at"),
        fields.IdOrNull("superseded_by"));
}
