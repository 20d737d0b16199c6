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

    /// <summary>A tenant's export, as `memory export` writes it.</summary>
    Export,
}

/// <summary>Tells the formats apart.</summary>
internal static class DetectFormat
{
    private const int LookedAtMax = 64 * 1024;

    /// <summary>
    /// The eval format is an object whose first member is <c>conversations</c>, an export's first is <c>format</c>; all else is taken
    /// for lines of turns.
    /// </summary>
    public static async Task<InputFormat> RunAsync(InputBuffer input, CancellationToken cancel)
    {
        while (true)
        {
            if (FormatOf(input.Unread.Span) is { } certain)
                return certain;
            if (input.Unread.Length > LookedAtMax || !await input.FillAsync(cancel))
                return InputFormat.Ndjson;
        }
    }

    // Null: too few bytes have been read to tell.
    private static InputFormat? FormatOf(ReadOnlySpan<byte> head)
    {
        var json = new Utf8JsonReader(head, isFinalBlock: false, default);
        try
        {
            if (!json.Read())
                return null;
            if (json.TokenType != JsonTokenType.StartObject)
                return InputFormat.Ndjson;
            if (!json.Read())
                return null;
            if (json.TokenType != JsonTokenType.PropertyName)
                return InputFormat.Ndjson;
            return json.ValueTextEquals(EvalReader.RootMember) ? InputFormat.Eval : json.ValueTextEquals("format"u8)
                ? InputFormat.Export : InputFormat.Ndjson;
        }
        catch (JsonException)
        {
            return InputFormat.Ndjson;
        }
    }
}
