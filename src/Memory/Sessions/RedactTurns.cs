using System.Security.Cryptography;
using System.Text.Json;
using MemoryOrleans.Redaction;

namespace MemoryOrleans.Sessions;

/// <summary>An append as it may be stored, and what was taken out of it.</summary>
public sealed record RedactedAppend(AppendCommand Command, RedactionCounts Counts);

/// <summary>Takes out of an append what its tenant does not want stored: of names, contents and metadata; ids stay as they are.</summary>
public static class RedactTurns
{
    /// <summary>InvalidInput when a text grew beyond its limit: a label may be longer than what it stands for.</summary>
    public static Outcome<RedactedAppend> Of(AppendCommand command, RedactionPacks packs)
    {
        if (packs == RedactionPacks.None)
            return new RedactedAppend(command, default);
        var redactor = new Redactor(packs);
        var turns = new TurnDraft[command.Turns.Count];
        for (var i = 0; i < turns.Length; i++)
        {
            var draft = command.Turns[i];
            turns[i] = draft with { Name = redactor.OfOrNull(draft.Name), Content = redactor.Of(draft.Content),
                Metadata = redactor.OfJson(draft.Metadata) };
            if (FaultIn(turns[i]) is { } fault)
                return fault;
        }

        if (redactor.Counts.IsEmpty)
            return new RedactedAppend(command, default);
        var redacted = command with { Turns = turns };
        return new RedactedAppend(
            command.Idempotency is { } key ? redacted with { Idempotency = key with { RequestDigest = DigestOf(redacted) } }
            : redacted, redactor.Counts);
    }

    private static MemoryError? FaultIn(TurnDraft draft) =>
        RedactedTexts.FaultIn("content", TextRules.ContentFault(draft.Content))
        ?? RedactedTexts.FaultIn("name", TextRules.NameFault(draft.Name))
        ?? RedactedTexts.FaultIn("metadata", MetadataRules.FaultIn(draft.Metadata));

    // A digest of the body would say what was taken out, to whoever tries all the numbers that a card can have.
    private static byte[] DigestOf(AppendCommand command)
    {
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            writer.WriteStartArray();
            foreach (var part in new[] { command.UserId, command.AgentId, command.TimeZone })
                writer.WriteStringValue(part);
            foreach (var turn in command.Turns)
            {
                foreach (var part in new[] { turn.Id, turn.Role, turn.Name, turn.Content, turn.OccurredAt?.ToString("O"), turn.Metadata })
                    writer.WriteStringValue(part);
            }

            writer.WriteEndArray();
        }

        return SHA256.HashData(written.ToArray());
    }
}
