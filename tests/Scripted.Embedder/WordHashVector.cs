namespace MemoryOrleans.Scripted;

/// <summary>
/// A vector by the words of a text alone: equal texts give equal vectors, texts that share words near ones. Not of unit length.
/// </summary>
public static class WordHashVector
{
    private const int ComponentsPerWord = 8;

    public static float[] Of(string text, int dimensions)
    {
        var vector = new float[dimensions];
        vector[0] = 0.01f;
        foreach (var word in text.ToLowerInvariant()
            .Split([' ', '.', ',', '?', '!', ':', ';', '\n', '\t', '"', '\''], StringSplitOptions.RemoveEmptyEntries))
        {
            var hash = Hash(word);
            for (var i = 0; i < ComponentsPerWord; i++)
            {
                hash = Mix(hash);
                vector[(int)(hash % (ulong)dimensions)] += (hash >> 63) == 0 ? 3 : -3;
            }
        }

        return vector;
    }

    // FNV-1a.
    private static ulong Hash(string word)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var letter in word)
            hash = (hash ^ letter) * 1_099_511_628_211UL;
        return hash;
    }

    // The finalizer of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
