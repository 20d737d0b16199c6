using System.Text.Json;

namespace MemoryOrleans.Cli.Import;

internal enum InputFormat
{
    /// <summary>Told by how the input begins.</summary>
    Auto,

    /// <summary>One turn a line.</summary>
    Ndjson,

    /// <summary>Conversations with questions, as in samples/conversations.json.</summary>
    Eval,
}

/// <summary>Tells the two formats apart.</summary>
internal static class DetectFormat
{
    private const int LookedAtMax = 64 * 1024;

    /// <summary>The eval format is an object whose first member is <c>conversations</c>; all else is taken for lines.</summary>
    public static async Task<InputFormat> RunAsync(InputBuffer input, CancellationToken cancel)
    {
        while (true)
        {
            if (BeginsWithConversations(input.Unread.Span) is { } certain)
                return certain ? InputFormat.Eval : InputFormat.Ndjson;
            if (input.Unread.Length > LookedAtMax || !await input.FillAsync(cancel))
                return InputFormat.Ndjson;
        }
    }

    // Null: too little has come to tell.
    private static bool? BeginsWithConversations(ReadOnlySpan<byte> head)
    {
        var json = new Utf8JsonReader(head, isFinalBlock: false, default);
        try
        {
            if (!json.Read())
                return null;
            if (json.TokenType != JsonTokenType.StartObject)
                return false;
            if (!json.Read())
                return null;
            return json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(EvalReader.RootMember);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
