using System.Buffers.Binary;
using System.Text.Json;

namespace MemoryOrleans.Models.Neural.Providers;

/// <summary>Reads a vector in either of the forms that servers use, whichever was asked for.</summary>
internal static class VectorJson
{
    /// <summary>An array of numbers, of which null is NaN, or little-endian floats in base64.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static float[] Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().Select(ReadNumber)],
        JsonValueKind.String => ReadBase64(element.GetBytesFromBase64()),
        _ => throw new FormatException(),
    };

    private static float ReadNumber(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null ? float.NaN : element.GetSingle();

    private static float[] ReadBase64(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
            throw new FormatException();
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return vector;
    }
}
