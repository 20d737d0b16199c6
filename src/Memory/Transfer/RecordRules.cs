using System.Globalization;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>
/// What a record must be to be imported: nothing that the API would have refused (<see cref="TextRules"/>), and nothing that
/// the memory itself could not have written, like times of recording that lie ahead.
/// </summary>
internal static class RecordRules
{
    /// <summary>How far clocks may be apart.</summary>
    private static readonly TimeSpan AheadMax = TimeSpan.FromDays(1);

    // No session sees so many changes; what counts on from here never comes to an end.
    private const long VersionMax = 1L << 53;

    /// <summary>The field to blame and what is wrong with it; null when nothing is.</summary>
    /// <param name="now">The time of the import.</param>
    public static (string Field, string Detail)? FaultIn(TransferRecord record, DateTimeOffset now)
    {
        var faults = new FirstFault(now + AheadMax);
        switch (record)
        {
            case SessionRecord session:
                CheckSession(session.Session, faults);
                break;
            case TurnRecord turn:
                CheckTurn(turn.Turn, faults);
                break;
            case DeletedSessionRecord deleted:
                faults.OfVersion(deleted.Version);
                faults.OfRecording("deleted_at", deleted.DeletedAt);
                break;
            case MemoryVersionRecord memory:
                CheckMemory(memory.Version, faults);
                break;
            case EntityRecord entity:
                CheckEntity(entity.Entity, faults);
                break;
            case ObservationRecord observation:
                CheckObservation(observation.Observation, faults);
                break;
            case RelationRecord relation:
                CheckRelation(relation.Relation, faults);
                break;
        }

        return faults.First;
    }

    private static void CheckSession(Session session, FirstFault faults)
    {
        faults.OfVersion(session.Version);
        faults.Of("time_zone", session.TimeZone is { } zone && !PersonClock.IsName(zone) ? PersonClock.Form : null);
        faults.OfRecording("created_at", session.CreatedAt);
        faults.OfRecording("updated_at", session.UpdatedAt);
    }

    private static void CheckTurn(Turn turn, FirstFault faults)
    {
        faults.Of("role", TextRules.RoleFault(turn.Role));
        faults.OfRecording("recorded_at", turn.RecordedAt);
        if (turn.IsErased)
            return;
        faults.Of("name", TextRules.NameFault(turn.Name));
        faults.Of("content", TextRules.ContentFault(turn.Content));
        faults.Of("metadata", MetadataRules.FaultIn(turn.Metadata));

        // A character is at most one token, whatever release counted them.
        if (turn.Tokens > turn.Content.Length)
            faults.Of("tokens", "must not be more than the content has characters");
    }

    private static void CheckMemory(MemoryRecord memory, FirstFault faults)
    {
        faults.Of("memory_kind", memory.Kind == "turn" ? "must be a memory's, not turn" : TextRules.IdFault(memory.Kind));
        faults.Of("agent_class", TextRules.IdFault(memory.Owner.AgentClass));

        // The versions before an erasure lose their content with the last one.
        if (memory.Content.Length > 0 || (memory.Status != MemoryStatus.Erased && memory.SupersededAt is null))
            faults.Of("content", TextRules.ContentFault(memory.Content));
        faults.Of("metadata", MetadataRules.FaultIn(memory.Metadata));
        faults.Of("origin", TextRules.WordFault(memory.Origin));
        faults.Of("operation", TextRules.WordFault(memory.Operation));
        if (memory.Claim is { } claim)
        {
            faults.Of("claim.subject", TextRules.ContentFault(claim.Subject));
            faults.Of("claim.attribute", TextRules.ContentFault(claim.Attribute));
            faults.Of("claim.value", TextRules.PartFault(claim.Value));
        }

        faults.OfAll("topics", memory.Topics);
        faults.OfAll("entities", memory.Entities);
        if (TextRules.AliasesFault(memory.Aliases) is { } alias)
            faults.Of(alias.Field, alias.Fault);
        faults.OfRecording("salience_at", memory.Salience.At);
        faults.OfRecording("recorded_at", memory.RecordedAt);
        faults.OfRecording("superseded_at", memory.SupersededAt);
    }

    private static void CheckEntity(Entity entity, FirstFault faults)
    {
        faults.Of("name", TextRules.EntityNameFault(entity.Name, required: true));
        faults.Of("type", TextRules.TypeFault(entity.Type, required: true));
        if (TextRules.AliasesFault(entity.Aliases) is { } alias)
            faults.Of(alias.Field, alias.Fault);
        faults.Of("metadata", MetadataRules.FaultIn(entity.Metadata));
        faults.OfVersion(entity.Version);
        faults.OfRecording("created_at", entity.CreatedAt);
        faults.OfRecording("updated_at", entity.UpdatedAt);
    }

    private static void CheckObservation(Observation observation, FirstFault faults)
    {
        faults.Of("content", TextRules.ContentFault(observation.Content));
        if (observation.Sources.Count > GraphLimits.SourcesMax)
            faults.Of("sources", $"must have at most {GraphLimits.SourcesMax} turns");
        if (observation.ValidTo < observation.ValidFrom)
            faults.Of("valid_to", "must not be before valid_from");
        faults.OfRecording("recorded_at", observation.RecordedAt);
        faults.OfRecording("superseded_at", observation.SupersededAt);
    }

    private static void CheckRelation(Relation relation, FirstFault faults)
    {
        faults.OfVersion(relation.Version);
        faults.Of("type", TextRules.TypeFault(relation.Type, required: true));
        faults.Of("metadata", MetadataRules.FaultIn(relation.Metadata));
        if (relation.ValidTo < relation.ValidFrom)
            faults.Of("valid_to", "must not be before valid_from");
        faults.OfRecording("recorded_at", relation.RecordedAt);
        faults.OfRecording("superseded_at", relation.SupersededAt);
    }

    /// <summary>Keeps the first thing that is wrong.</summary>
    private sealed class FirstFault(DateTimeOffset latest)
    {
        public (string Field, string Detail)? First { get; private set; }

        public void Of(string field, string? fault)
        {
            if (fault is not null)
                First ??= (field, fault);
        }

        public void OfAll(string field, IReadOnlyList<string> parts)
        {
            for (var i = 0; i < parts.Count && First is null; i++)
                Of(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), TextRules.PartFault(parts[i]));
        }

        public void OfVersion(long version) =>
            Of("version", version > VersionMax ? string.Create(CultureInfo.InvariantCulture, $"must be at most {VersionMax}") : null);

        public void OfRecording(string field, DateTimeOffset? time) =>
            Of(field, time > latest ? "lies ahead: it is when the memory wrote it down" : null);
    }
}
