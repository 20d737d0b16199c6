using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// One call of <c>commit_memories_2</c>: a commit as JSON, in one round trip. The settings are for what the transaction does at its end:
/// telling of it.
/// </summary>
internal static class MemoryCommitCall
{
    private const string Sql = 
        "SELECT commit_memories_2($1, $2, $3), set_config('memory.now', $3::text, true), set_config('memory.quiet', $4, true)";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly short[] Recallable =
        [.. Enum.GetValues<MemoryStatus>().Where(MemoryDocument.IsRecallable).Select(static status => (short)status)];

    /// <param name="redacted">Earlier versions as they must read from now on.</param>
    /// <param name="seal">What texts are sealed with; null: nothing is.</param>
    public static NpgsqlCommand Build(MemoryCommit commit, IReadOnlyList<MemoryRecord> redacted, TenantSeal? seal, DateTimeOffset now)
    {
        var command = new NpgsqlCommand(Sql);
        command.Parameters.AddText(commit.Tenant);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Write(commit, redacted, seal),
            NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.AddBigint(Timestamp.Of(now));
        command.Parameters.AddText(commit.IsTold ? string.Empty : "on");
        return command;
    }

    private static string Write(MemoryCommit commit, IReadOnlyList<MemoryRecord> redacted, TenantSeal? seal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            WriteAll(json, "writes", commit.Writes, (to, write) => WriteVersion(to, write, seal));
            WriteAll(json, "redacted", redacted, (to, version) => WriteRedacted(to, version, seal));
            WriteAll(json, "wakes", commit.Wakes, WriteWake);
            json.WriteStartObject("distilled");
            if (commit.Distilled is { } range)
            {
                json.WriteString("session", range.SessionId);
                json.WriteNumber("from_seq", range.FromSeq);
                json.WriteNumber("to_seq", range.ToSeq);
                json.WriteNumber("version", range.Read.Version);
                json.WriteNumber("created", Timestamp.Of(range.Read.CreatedAt));
            }

            json.WriteEndObject();
            json.WriteStartObject("owner");
            if (commit.Owner is { } owner)
            {
                json.WriteString("user_id", UserName.ToColumn(owner.UserId));
                json.WriteNumber("version", owner.Version);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteVersion(Utf8JsonWriter json, MemoryWrite write, TenantSeal? seal)
    {
        var after = write.After;
        json.WriteString("user_id", UserName.ToColumn(after.Owner.UserId));
        json.WriteString("kind", after.Kind);
        json.WriteNumber("tier", (short)after.Tier);
        json.WriteString("agent_id", after.Owner.AgentId);
        json.WriteString("agent_class", after.Owner.AgentClass);
        json.WriteString("session_id", after.Owner.SessionId);
        json.WriteNumber("importance", after.Importance);
        json.WriteNumber("salience", after.Salience.Value);
        json.WriteNumber("salience_at", Timestamp.Of(after.Salience.At));
        json.WriteBoolean("is_pinned", after.IsPinned);
        json.WriteNumber("valid_from", Timestamp.Of(after.ValidFrom));
        WriteTime(json, "valid_to", after.ValidTo);
        WriteTime(json, "confirmed_at", after.ConfirmedAt);
        json.WriteNumber("recorded_at", Timestamp.Of(after.RecordedAt));
        json.WriteString("superseded_by", after.SupersededBy);
        json.WriteString("origin", after.Origin);
        json.WriteNumber("made_by", (short)after.Change);
        json.WriteString("operation", after.Operation);
        json.WriteBoolean("is_recallable", MemoryDocument.IsRecallable(after.Status));
        json.WriteStartArray("was_recallable");
        foreach (var status in Recallable)
            json.WriteNumberValue(status);
        json.WriteEndArray();
        WriteTexts(json, "keys", write.AllDigests.Select(digest => $@"\x{Convert.ToHexString(seal.SealedKey(digest))}"));
        WriteTexts(json, "cited", after.Sources.Select(static source => source.SessionId));
        WriteRedacted(json, after, seal);
    }

    private static void WriteRedacted(Utf8JsonWriter json, MemoryRecord version, TenantSeal? seal)
    {
        var texts = MemoryTexts.Of(seal, version);
        json.WriteString("id", version.Id);
        json.WriteNumber("version", version.Version);
        json.WriteNumber("status", (short)version.Status);
        json.WriteString("sources", MemoryColumns.OfSources(version.Sources));
        json.WriteString("content", texts.Content);
        json.WriteString("metadata", texts.Metadata);
        json.WriteString("topics", texts.Topics);
        json.WriteString("entities", texts.Entities);
        json.WriteString("claim", texts.Claim);
        json.WriteString("aliases", texts.Aliases);
    }

    private static void WriteWake(Utf8JsonWriter json, (string Kind, string Subject, DateTimeOffset DueAt) wake)
    {
        json.WriteString("kind", wake.Kind);
        json.WriteString("subject", wake.Subject);
        json.WriteNumber("due", Timestamp.Of(wake.DueAt));
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteNumber(name, Timestamp.Of(known));
        else
            json.WriteNull(name);
    }
}
