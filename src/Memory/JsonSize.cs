using System.Buffers;
using System.Text.Json;

namespace MemoryOrleans;

/// <summary>
/// Counts what JSON from outside holds before anything is made of it: an array of millions of nulls is few bytes, and much
/// work for whoever makes a list of it.
/// </summary>
public static class JsonSize
{
    /// <summary>Elements of one array, or members of one object, that are read.</summary>
    public const int ElementsMax = 10_000;

    private const int DepthMax = 64;

    /// <summary>Whether some array or object has more than <see cref="ElementsMax"/>. False too for what is no JSON.</summary>
    public static bool IsBeyond(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        Span<int> counts = stackalloc int[DepthMax + 1];
        try
        {
            while (reader.Read())
            {
                // A member's name and its value are two tokens, and an end is none of what it ends.
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject)
                    continue;
                if (++counts[reader.CurrentDepth] > ElementsMax)
                    return true;
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                    counts[reader.CurrentDepth + 1] = 0;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }
}
