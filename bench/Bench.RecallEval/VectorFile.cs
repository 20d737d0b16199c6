using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>
/// Embeds texts, and keeps the vectors in a file by their texts' digests, so that a second run need not: the model's name is
/// part of the file's. Holds no text.
/// </summary>
internal sealed class VectorFile : IDisposable
{
    private const int KeyBytes = 16;
    private const int BatchTexts = 256;
    private readonly Dictionary<UInt128, float[]> known = [];
    private readonly ITextEmbedder embedder;
    private readonly FileStream? file;

    /// <param name="folder">Where the file is, or is made; null: nothing is kept.</param>
    public VectorFile(ITextEmbedder embedder, int dimensions, string? folder)
    {
        this.embedder = embedder;
        if (folder is null)
            return;
        Directory.CreateDirectory(folder);
        file = new FileStream(Path.Combine(folder, $"{embedder.Model}.vectors"), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var row = new byte[KeyBytes + (dimensions * sizeof(float))];
        while (file.Length - file.Position >= row.Length)
        {
            file.ReadExactly(row);
            known[MemoryMarshal.Read<UInt128>(row)] = MemoryMarshal.Cast<byte, float>(row.AsSpan(KeyBytes)).ToArray();
        }
    }

    /// <summary>Texts that had to be embedded.</summary>
    public int Embedded { get; private set; }

    /// <summary>The vectors of texts, in their order.</summary>
    public async Task<IReadOnlyList<float[]>> ReadAsync(IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
    {
        var keys = texts.Select(text => KeyOf(text, role)).ToArray();
        var missing = Enumerable.Range(0, keys.Length).Where(i => !known.ContainsKey(keys[i])).DistinctBy(i => keys[i]).ToArray();
        foreach (var batch in missing.Chunk(BatchTexts))
        {
            var made = await embedder.EmbedAsync(embedder.Model, null, [.. batch.Select(i => texts[i])], role, cancel);
            for (var i = 0; i < batch.Length; i++)
                Keep(keys[batch[i]], made[i]);
        }

        Embedded += missing.Length;
        return [.. keys.Select(key => known[key])];
    }

    public void Dispose() => file?.Dispose();

    private void Keep(UInt128 key, float[] vector)
    {
        known[key] = vector;
        file?.Write(MemoryMarshal.AsBytes([key]));
        file?.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
    }

    private static UInt128 KeyOf(string text, TextRole role) =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes($"{role}\n{text}")));
}
