using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Redaction;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Transfer;

/// <summary>
/// Takes out of an import's records what the tenant does not want stored. The same record is redacted the same way again, so that
/// an import may be repeated. Names that must be unique are told apart by the ids of what has them; aliases are dropped.
/// </summary>
internal static class RedactRecords
{
    /// <summary>InvalidInput when a text grew beyond its limit; it names line and field.</summary>
    public static Outcome<IReadOnlyList<NumberedRecord>> Of(IReadOnlyList<NumberedRecord> records, Redactor redactor, DateTimeOffset now)
    {
        var redacted = new NumberedRecord[records.Count];
        for (var i = 0; i < redacted.Length; i++)
        {
            var (line, record) = records[i];
            var before = redactor.Counts;
            var kept = Of(record, redactor);
            if (redactor.Counts != before && RecordRules.FaultIn(kept, now) is { } fault)
                return RedactedTexts.FaultIn(ArchiveReader.FieldOf(line, fault.Field), fault.Detail)!;
            redacted[i] = new NumberedRecord(line, redactor.Counts == before ? record : kept);
        }

        return Outcome.Of<IReadOnlyList<NumberedRecord>>(redacted);
    }

    private static TransferRecord Of(TransferRecord record, Redactor redactor) => record switch
    {
        TurnRecord { Turn.IsErased: false } turn => new TurnRecord(Of(turn.Turn, redactor)),
        MemoryVersionRecord memory => Of(memory, redactor),
        EntityRecord entity => new EntityRecord(Of(entity.Entity, redactor)),
        ObservationRecord observation =>
        new ObservationRecord(observation.Observation with { Content = redactor.Of(observation.Observation.Content) }),
        RelationRecord relation => new RelationRecord(relation.Relation with { Metadata = redactor.OfJson(relation.Relation.Metadata) }),
        _ => record,
    };

    private static Turn Of(Turn turn, Redactor redactor)
    {
        var content = redactor.Of(turn.Content);
        return turn with
        {
            Name = redactor.OfOrNull(turn.Name), Content = content, Metadata = redactor.OfJson(turn.Metadata),
            Tokens = ReferenceEquals(content, turn.Content) ? turn.Tokens : TokenEstimate.Of(content),
        };
    }

    // Digests of what was taken out would say what it was, to whoever tries.
    private static MemoryVersionRecord Of(MemoryVersionRecord record, Redactor redactor)
    {
        var version = record.Version;
        var redacted = version with
        {
            Content = redactor.Of(version.Content),
            Metadata = redactor.OfJson(version.Metadata),
            Topics = redactor.OfAll(version.Topics),
            Entities = redactor.OfAll(version.Entities),
            Aliases = WithoutRedacted(version.Aliases, redactor),
            Claim = version.Claim is { } claim
                ? claim with { Subject = redactor.Of(claim.Subject), Attribute = redactor.Of(claim.Attribute),
                Value = redactor.Of(claim.Value) }
                : null,
        };
        return new MemoryVersionRecord(redacted, record.KeyDigests.Count == 0 ? [] : [.. FactKeys.Of(redacted).Select(MemoryKeyDigest.Of)]);
    }

    private static Entity Of(Entity entity, Redactor redactor)
    {
        var before = redactor.Counts;
        var name = redactor.Of(entity.Name);
        if (redactor.Counts != before)
            name = $"{name} {entity.Id}";
        return entity with { Name = name, Aliases = WithoutRedacted(entity.Aliases, redactor),
            Metadata = redactor.OfJson(entity.Metadata) };
    }

    private static IReadOnlyList<string> WithoutRedacted(IReadOnlyList<string> aliases, Redactor redactor) => aliases.Count == 0
        ? aliases
        : [.. aliases.Where(alias => ReferenceEquals(redactor.Of(alias), alias))];
}
