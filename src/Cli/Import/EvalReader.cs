using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Cli.Import;

/// <summary>
/// Conversations out of <c>{"conversations": […]}</c>, one at a time: as much of the input is held as its longest one takes.
/// </summary>
internal sealed class EvalReader(InputBuffer input)
{
    private const int ConversationBytesMax = 256 * 1024 * 1024;

    private JsonReaderState state;
    private Where where;
    private int read;

    private enum Where
    {
        BeforeRoot,
        InRoot,
        BeforeConversations,
        InConversations,
        AtEnd,
    }

    /// <summary>The member of the root that holds the conversations.</summary>
    public static ReadOnlySpan<byte> RootMember => "conversations"u8;

    /// <summary>Where the conversation read last stands, for people.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"conversation {read}");

    /// <summary>The next conversation; null after the last.</summary>
    /// <exception cref="BadTurnException">The input is not of the eval format.</exception>
    public async ValueTask<EvalConversation?> ReadAsync(CancellationToken cancel)
    {
        var ended = false;
        while (where != Where.AtEnd)
        {
            if (Step(ended, out var found))
            {
                if (found is not null)
                    return found;
            }
            else if (input.Unread.Length > ConversationBytesMax)
            {
                throw new BadTurnException($"conversation {read + 1}", null, "is longer than 256 MiB");
            }
            else
            {
                ended = !await input.FillAsync(cancel);
            }
        }

        return null;
    }

    // False when more bytes are needed; nothing has changed then.
    private bool Step(bool ended, out EvalConversation? found)
    {
        var json = new Utf8JsonReader(input.Unread.Span, ended, state);
        found = null;
        try
        {
            if (!json.Read() || !TryAdvance(ref json, out var next, out found))
                return false;
            where = next;
        }
        catch (JsonException failure)
        {
            var place = $"conversation {read + 1}";
            throw failure.Path is { Length: > 1 } path && failure.InnerException is not JsonException
                ? new BadTurnException(place, path.TrimStart('$', '.'), "is not of the type it should be")
                : new BadTurnException(place, null,
                string.Create(CultureInfo.InvariantCulture,
                $"is not JSON in UTF-8; it goes wrong in line {(failure.LineNumber ?? 0) + 1}"));
        }

        state = json.CurrentState;
        input.Pass((int)json.BytesConsumed);
        return true;
    }

    private bool TryAdvance(ref Utf8JsonReader json, out Where next, out EvalConversation? found)
    {
        found = null;
        next = where;
        switch (where, json.TokenType)
        {
            case (Where.BeforeRoot, JsonTokenType.StartObject):
                next = Where.InRoot;
                return true;
            case (Where.InRoot, JsonTokenType.EndObject):
                next = Where.AtEnd;
                return true;
            case (Where.InRoot, JsonTokenType.PropertyName) when json.ValueTextEquals(RootMember):
                next = Where.BeforeConversations;
                return true;
            case (Where.InRoot, JsonTokenType.PropertyName):
                return json.TrySkip();
            case (Where.BeforeConversations, JsonTokenType.StartArray):
                next = Where.InConversations;
                return true;
            case (Where.InConversations, JsonTokenType.EndArray):
                next = Where.InRoot;
                return true;
            case (Where.InConversations, JsonTokenType.StartObject):
                return TryReadConversation(ref json, out found);
            default:
                throw new BadTurnException("the input", null,
                    """must be {"conversations": [{"id", "sessions": [{"id", "date", "turns": [{"id", "speaker", "text"}]}]}]}""");
        }
    }

    private bool TryReadConversation(ref Utf8JsonReader json, out EvalConversation? found)
    {
        found = null;
        var begin = json;
        if (!json.TrySkip())
            return false;
        found = JsonSerializer.Deserialize(ref begin, ImportJson.Default.EvalConversation);
        read++;
        return true;
    }
}
