using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import;

/// <summary>One line of an NDJSON import.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NdjsonLine
{
    public string? SessionId { get; init; }

    public string? UserId { get; init; }

    public string? AgentId { get; init; }

    public string? Id { get; init; }

    public string? Role { get; init; }

    public string? Name { get; init; }

    public string? Content { get; init; }

    public DateTimeOffset? OccurredAt { get; init; }

    public JsonElement? Metadata { get; init; }

    private static readonly string[] Fields =
        ["session_id", "user_id", "agent_id", "id", "role", "name", "content", "occurred_at", "metadata"];

    /// <exception cref="BadTurnException">The line is not the JSON of a turn.</exception>
    public static NdjsonLine Parse(ReadOnlySpan<byte> line, string place)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ImportJson.Default.NdjsonLine)
                ?? throw new BadTurnException(place, null, "is null, but must be a JSON object");
        }
        catch (JsonException failure)
        {
            throw Explain(failure, place);
        }
    }

    /// <summary>The turn of this line; <paramref name="user"/> and <paramref name="session"/> stand in for what it does not say.</summary>
    /// <param name="line">The line itself, which an id is made of when it has none.</param>
    public ImportTurn ToTurn(string? user, string? session, long number, ReadOnlySpan<byte> line)
    {
        var place = PlaceOf(number);
        var sessionId = SessionId ?? session ?? throw new BadTurnException(place, "session_id", "is missing; --session can supply it");
        if (Role is null)
            throw new BadTurnException(place, "role", "is missing");
        if (Content is null)
            throw new BadTurnException(place, "content", "is missing");
        return new ImportTurn(place, ImportTurn.CheckedSession(sessionId, place), UserId ?? user, AgentId, new TurnInput
        {
            Id = Id ?? MakeId(number, line), Role = Role, Name = Name, Content = Content, OccurredAt = OccurredAt, Metadata = Metadata,
        });
    }

    public static string PlaceOf(long number) => string.Create(CultureInfo.InvariantCulture, $"line {number}");

    // The same line at the same place gets the same id, so that an import can run again.
    private static string MakeId(long number, ReadOnlySpan<byte> line)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, digest);
        return string.Create(CultureInfo.InvariantCulture, $"line-{number}-{Convert.ToHexStringLower(digest[..8])}");
    }

    private static BadTurnException Explain(JsonException failure, string place)
    {
        // The reader's own exception is a subclass, and the inner one when the serializer adds where it was.
        if (failure.InnerException is JsonException || failure.GetType() != typeof(JsonException))
        {
            return new BadTurnException(place, null, string.Create(
                CultureInfo.InvariantCulture,
                $"is not JSON in UTF-8 from byte {(failure.BytePositionInLine ?? 0) + 1} on; every line must be one JSON object"));
        }

        var field = (failure.Path ?? "$").TrimStart('$', '.');
        if (field.Length == 0)
            return new BadTurnException(place, null, "must be a JSON object");
        if (!Fields.Contains(field))
            return new BadTurnException(place, field,
                $"is not a field of a turn; the fields are {string.Join(", ", Fields)}. Anything else can go into metadata");
        if (failure.Message.StartsWith("Duplicate", StringComparison.Ordinal))
            return new BadTurnException(place, field, "is there twice");
        return new BadTurnException(place, field, field == "occurred_at" ? Rfc3339.Form : "must be a string of valid Unicode");
    }
}

/// <summary>JSON of both import formats; times as in the API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    Converters = [typeof(Rfc3339Converter)])]
[JsonSerializable(typeof(NdjsonLine))]
[JsonSerializable(typeof(EvalConversation))]
internal sealed partial class ImportJson : JsonSerializerContext;
