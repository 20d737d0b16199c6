using MemoryOrleans.Models;

namespace MemoryOrleans.Bench.Vectors;

/// <summary>Where the vectors that are measured come from.</summary>
internal interface IVectorSource
{
    /// <summary>The vectors of the next session's turns.</summary>
    float[][] NextSession(int turns);

    /// <param name="near">A turn's vector, for sources that make a question up from one.</param>
    float[] NextQuestion(float[] near);
}

/// <summary>
/// Vectors of 300 dimensions from texts people wrote, and from their questions: the static embedding of the whole, of the
/// first half and of the second. Texts and questions begin again when they run out.
/// </summary>
internal sealed class TextVectors(FileInfo texts, FileInfo questions) : IVectorSource
{
    public const int Dimensions = 300;

    public static readonly StaticEmbedder Embedder = new();

    private readonly IEnumerator<string> text = Endless(File.ReadAllLines(texts.FullName));
    private readonly IEnumerator<string> question = Endless(File.ReadAllLines(questions.FullName));

    public float[][] NextSession(int turns) => [.. Enumerable.Range(0, turns).Select(_ => Next(text))];

    public float[] NextQuestion(float[] near) => Next(question);

    public static float[] Embed(string content)
    {
        var vector = new float[Dimensions];
        var third = Dimensions / 3;
        var middle = content.IndexOf(' ', content.Length / 2) is >= 0 and var space ? space : content.Length;
        Embedder.TryEmbed(content, vector.AsSpan(0, third));
        Embedder.TryEmbed(content.AsSpan(0, middle), vector.AsSpan(third, third));
        Embedder.TryEmbed(content.AsSpan(middle), vector.AsSpan(2 * third, third));
        return Normalize(vector);
    }

    public static float[] Normalize(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(static element => (double)element * element));
        return length > 0 ? [.. vector.Select(element => (float)(element / length))] : vector;
    }

    // A text without a word the model knows has no vector.
    private static float[] Next(IEnumerator<string> lines)
    {
        while (lines.MoveNext())
        {
            if (Embed(lines.Current) is var vector && vector.AsSpan().ContainsAnyExcept(0f))
                return vector;
        }

        throw new InvalidOperationException("No line holds a word the model knows.");
    }

    private static IEnumerator<string> Endless(string[] lines)
    {
        while (lines.Length > 0)
        {
            foreach (var line in lines)
                yield return line;
        }
    }
}
