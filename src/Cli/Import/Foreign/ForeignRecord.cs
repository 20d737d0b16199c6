using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>What one record of another system's export becomes.</summary>
/// <param name="Place">Where it stands in the export, for people.</param>
internal abstract record ForeignRecord(string Place);

/// <summary>A turn of a session.</summary>
internal sealed record ForeignTurn(string Place, ImportTurn Turn) : ForeignRecord(Place);

/// <summary>A memory; its metadata say where it comes from, so that a second import finds it again.</summary>
/// <param name="SourceId">Its id in the other system.</param>
internal sealed record ForeignMemory(string Place, string SourceId, WriteMemoryRequest Memory) : ForeignRecord(Place);

/// <summary>An entity, with what is known of it.</summary>
internal sealed record ForeignEntity(string Place, EntityRequest Entity, string? Observation) : ForeignRecord(Place);

/// <summary>Something that has no place in a memory.</summary>
internal sealed record Skipped(string Place, string Why) : ForeignRecord(Place);

/// <summary>Makes records out of what other systems write.</summary>
internal static class ForeignForms
{
    private const int ContentMax = 100_000;
    private const int NameMax = 128;

    /// <summary>An id of the API's form: the other system's, where it has that form, else a digest of it.</summary>
    public static string IdOf(string text) => Identifiers.IsValid(text) ? text : "x" + Digest(text);

    /// <summary>Sixteen bytes of SHA-256, in hexadecimal digits.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>A turn, or why there is none.</summary>
    public static ForeignRecord Turn(
        string place, string session, string? user, string? agent, string role, string? text, string? id, DateTimeOffset? at,
        string? name = null, JsonElement? metadata = null)
    {
        if (role is not ("user" or "assistant"))
            return new Skipped(place, $"said by {role}: only what users and assistants say is kept");
        if (string.IsNullOrWhiteSpace(text))
            return new Skipped(place, "has no text");
        var content = Storable(text);
        var isKept = metadata is { } given && MetadataRules.FaultIn(given, out _) is null && given.EnumerateObject().Any();
        var turn = new TurnInput
        {
            Id = IdOf(id ?? $"{place} {role} {content}"), Role = role, Content = content, OccurredAt = at,
            Name = string.IsNullOrWhiteSpace(name) || name.Length > NameMax ? null : Storable(name),
            Metadata = isKept ? metadata : null,
        };
        var (userId, agentId) = (user is null ? null : IdOf(user), agent is null ? null : IdOf(agent));
        return new ForeignTurn(place, new ImportTurn(place, IdOf(session), userId, agentId, turn));
    }

    /// <summary>
    /// A memory, or why there is none. What the other system has as metadata is kept under its own names, or with the system's name before
    /// them where they are taken, as far as metadata may be long. Of what is known only to have ended, the last second is kept.
    /// </summary>
    /// <param name="more">The other system's own metadata; what is no object is none.</param>
    public static ForeignRecord Memory(
        string place, string system, string sourceId, string kind, string? text, string? user, string? agent, DateTimeOffset? from,
        DateTimeOffset? to, JsonElement? more, params ReadOnlySpan<(string Name, string? Value)> metadata)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Skipped(place, "has no text");
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = system, ["source_id"] = sourceId };
        foreach (var (name, value) in metadata)
        {
            if (value is not null)
                members[name] = Storable(value);
        }

        if (to is not null && (from is null ? to < TimeProvider.System.GetUtcNow() : from >= to))
            from = to.Value.AddSeconds(-1);
        return new ForeignMemory(place, sourceId, new WriteMemoryRequest
        {
            Kind = kind, Content = Storable(text), UserId = user is null ? null : IdOf(user), AgentId = agent is null ? null : IdOf(agent),
            ValidFrom = from, ValidTo = to, Metadata = Joined(members, system, more),
        });
    }

    private static JsonElement Joined(Dictionary<string, string> members, string system, JsonElement? more)
    {
        var own = JsonSerializer.SerializeToElement(members);
        if (more is not { ValueKind: JsonValueKind.Object } theirs)
            return own;
        var all = own.EnumerateObject().ToDictionary(static each => each.Name, static each => each.Value, StringComparer.Ordinal);
        foreach (var member in theirs.EnumerateObject().Where(static each => each.Value.ValueKind != JsonValueKind.Null))
            all[members.ContainsKey(member.Name) ? $"{system}_{member.Name}" : member.Name] = member.Value;
        var joined = JsonSerializer.SerializeToElement(all);
        return MetadataRules.FaultIn(joined, out _) is null ? joined : own;
    }

    // The memory takes neither NUL nor half a surrogate pair, nor more than 100,000 characters.
    private static string Storable(string text)
    {
        var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", string.Empty, StringComparison.Ordinal);
        return clean.Length <= ContentMax ? clean : clean[..(char.IsHighSurrogate(clean[ContentMax - 1]) ? ContentMax - 1 : ContentMax)];
    }
}
