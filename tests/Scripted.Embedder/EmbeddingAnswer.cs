using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MemoryOrleans.Scripted;

/// <summary>Reads requests of both protocols and writes their answers, right or wrong as the behaviour says.</summary>
internal static class EmbeddingAnswer
{
    public static SeenRequest ReadOpenAi(string path, string body, string? authorization)
    {
        var json = JsonNode.Parse(body)!;
        string[] texts = json["input"] is JsonArray many
            ? [.. many.Select(static each => each!.GetValue<string>())] : [json["input"]!.GetValue<string>()];
        return new SeenRequest(path, json["model"]!.GetValue<string>(), texts, json["dimensions"]?.GetValue<int>(), null, authorization,
            null, body);
    }

    public static SeenRequest ReadGemini(string path, string body, string? apiKey)
    {
        var requests = JsonNode.Parse(body)!["requests"]!.AsArray();
        return new SeenRequest(
            path,
            requests[0]!["model"]!.GetValue<string>(),
            [.. requests.Select(static each => each!["content"]!["parts"]![0]!["text"]!.GetValue<string>())],
            requests[0]!["outputDimensionality"]?.GetValue<int>(),
            requests[0]!["taskType"]?.GetValue<string>(),
            null, apiKey, body);
    }

    public static string Write(SeenRequest request, Behaviour behaviour, int ownDimensions, bool isGemini)
    {
        var dimensions = (request.Dimensions ?? ownDimensions) + (behaviour.Act == Act.WrongDimensions ? 1 : 0);
        var vectors = request.Texts.Select((text, i) => Vector(text, dimensions, behaviour, i == request.Texts.Count - 1)).ToList();
        if (behaviour.Act == Act.OneTooFew)
            vectors.RemoveAt(vectors.Count - 1);
        return isGemini
            ? $$"""{"embeddings":[{{string.Join(',', vectors.Select(static vector => $$"""{"values":{{vector}}}"""))}}]}"""
            : $$"""{"object":"list","data":[{{string.Join(',', Data(vectors, behaviour.Act))}}],"model":"scripted"}""";
    }

    private static IEnumerable<string> Data(List<string> vectors, Act act)
    {
        var data = vectors.Select((vector, i) =>
            $$"""{"object":"embedding","index":{{(act == Act.SameIndex ? 0 : i)}},"embedding":{{vector}}}""");
        return act == Act.Reversed ? data.Reverse() : data;
    }

    private static string Vector(string text, int dimensions, Behaviour behaviour, bool isLast)
    {
        var act = isLast ? behaviour.Act : Act.Answer;
        var vector = act == Act.Zeros ? new float[dimensions] : WordHashVector.Of(text, dimensions + (act == Act.Uneven ? 1 : 0));
        if (behaviour.Base64)
        {
            vector[^1] = act switch
            {
                Act.NotANumber => float.NaN,
                Act.Infinite => float.PositiveInfinity,
                _ => vector[^1],
            };
            return JsonSerializer.Serialize(ToBytes(vector));
        }

        var last = act switch
        {
            Act.NanLetters => "NaN",
            Act.NotANumber => "null",
            Act.Infinite => "1e39",
            _ => null,
        };
        var numbers = vector.Select(static value => JsonSerializer.Serialize(value)).ToArray();
        numbers[^1] = last ?? numbers[^1];
        return new StringBuilder("[").AppendJoin(',', numbers).Append(']').ToString();
    }

    private static byte[] ToBytes(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return bytes;
    }
}
