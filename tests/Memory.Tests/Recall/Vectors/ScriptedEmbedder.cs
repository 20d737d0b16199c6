using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Memory.Tests.Recall.Vectors;

/// <summary>Makes a vector of a text's letters; fails as the test says.</summary>
internal sealed class ScriptedEmbedder : ITextEmbedder
{
    public string Model => "letters";

    public int? Dimensions => null;

    public bool RanksInIndex { get; set; }

    public EmbedderState State => EmbedderState.Unknown;

    public List<IReadOnlyList<string>> Calls { get; } = [];

    /// <summary>Why a call fails, or null.</summary>
    public Func<IReadOnlyList<string>, EmbedderException?> Fails { get; set; } = static _ => null;

    /// <summary>What each call does first: turns the clock, for instance.</summary>
    public Action Begins { get; set; } = static () => { };

    /// <summary>While set, calls wait for it.</summary>
    public Task? Holds { get; set; }

    public static float[] VectorOf(string text)
    {
        var vector = new float[26];
        foreach (var letter in text.ToLowerInvariant().Where(static each => each is >= 'a' and <= 'z'))
            vector[letter - 'a']++;
        var length = MathF.Sqrt(vector.Sum(static each => each * each));
        return length == 0 ? [1, .. new float[25]] : Array.ConvertAll(vector, each => each / length);
    }

    public async ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
    {
        Calls.Add(texts);
        Begins();
        if (Holds is { } hold)
            await hold.WaitAsync(cancel);
        return Fails(texts) is { } failure ? throw failure : [.. texts.Select(VectorOf)];
    }
}
