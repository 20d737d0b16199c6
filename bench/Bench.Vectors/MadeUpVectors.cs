namespace MemoryOrleans.Bench.Vectors;

/// <summary>
/// Vectors of 300 dimensions that lie as those of texts do: static embeddings of made-up turns, whole and by halves, and a
/// little noise. Two words in five are of their session's topic, the rest drawn by Zipf's law. The same seed gives the same.
/// </summary>
internal sealed class MadeUpVectors(int seed) : IVectorSource
{
    private const int WordsPerTurn = 26;
    private const int TopicWords = 30;
    private const double Noise = 0.02;

    private static readonly string[] Vocabulary = [.. TextVectors.Embedder.Words];

    private readonly Random random = new(seed);

    public float[][] NextSession(int turns)
    {
        var topic = Enumerable.Range(0, TopicWords).Select(_ => NextWord()).ToArray();
        return [.. Enumerable.Range(0, turns).Select(_ => Embed(Words(topic, WordsPerTurn)))];
    }

    /// <summary>A question near a stored turn's vector: that one with more noise.</summary>
    public float[] NextQuestion(float[] vector) =>
        TextVectors.Normalize([.. vector.Select(element => element + (float)(0.035 * NextNormal()))]);

    private string[] Words(string[] topic, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(5) < 2 ? topic[random.Next(topic.Length)] : NextWord())];

    private float[] Embed(string[] words)
    {
        var vector = TextVectors.Embed(string.Join(' ', words));
        for (var i = 0; i < vector.Length; i++)
            vector[i] += (float)(Noise * NextNormal());
        return TextVectors.Normalize(vector);
    }

    private string NextWord() => Vocabulary[(int)Math.Pow(Vocabulary.Length, random.NextDouble()) - 1];

    private double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
