using System.Text;

namespace MemoryOrleans.Bench.Load.Texts;

/// <summary>
/// 30,000 words by falling frequency: a few hundred common English ones, then made-up ones of English-like syllables
/// and endings. Frequencies follow Zipf and Mandelbrot, p ∝ 1/(rank + 2.7)^1.05, drawn by the alias method (Vose 1991).
/// </summary>
internal sealed class Vocabulary
{
    public const int Size = 30_000;

    /// <summary>From this rank on words carry content; before it are mostly words any stop list has.</summary>
    public const int ContentRank = 150;

    private const double Offset = 2.7;
    private const double Exponent = 1.05;
    private static readonly string[] Onsets =
        ["b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "sh", "st", "t", "tr", "v",
        "w"];
    private static readonly string[] Nuclei = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oo", "ou"];
    private static readonly string[] Codas = ["", "", "n", "r", "l", "s", "t", "nd", "ck", "m", "st", "ng"];
    private static readonly string[] Endings = ["s", "ed", "ing", "ly", "er", "ness", "ation", "ment"];

    private readonly byte[][] _words;
    private readonly byte[][] _names;
    private readonly double[] _keep = new double[Size];
    private readonly int[] _alias = new int[Size];

    public Vocabulary(long seed)
    {
        _names = [.. ReadList("names.txt").Select(Encoding.ASCII.GetBytes)];
        _words = MakeWords(SplitMix.Of(seed, 0, 0), ReadList("common-words.txt"));
        BuildAliases();
    }

    public int Names => _names.Length;

    public ReadOnlySpan<byte> Word(int rank) => _words[rank];

    public ReadOnlySpan<byte> Name(int index) => _names[index];

    /// <summary>The rank (from 0) of a word drawn by frequency.</summary>
    public int Draw(ref SplitMix random)
    {
        var column = random.Below(Size);
        return random.Share() < _keep[column] ? column : _alias[column];
    }

    private static string[] ReadList(string resource)
    {
        using var stream = typeof(Vocabulary).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static byte[][] MakeWords(SplitMix random, string[] common)
    {
        var words = new List<string>(common);
        var seen = words.ToHashSet(StringComparer.Ordinal);
        var stems = new List<string>();
        while (words.Count < Size)
        {
            var inflected = stems.Count > 100 && random.Below(10) < 3;
            var word = inflected
                ? stems[random.Below(stems.Count)] + Endings[random.Below(Endings.Length)]
                : MakeStem(ref random, syllables: words.Count < 5_000 ? 2 : 2 + random.Below(2));
            if (!seen.Add(word))
                continue;
            words.Add(word);
            if (!inflected)
                stems.Add(word);
        }

        return [.. words.Select(Encoding.ASCII.GetBytes)];
    }

    private static string MakeStem(ref SplitMix random, int syllables)
    {
        var word = "";
        for (var i = 0; i < syllables; i++)
            word += Onsets[random.Below(Onsets.Length)] + Nuclei[random.Below(Nuclei.Length)];
        return word + Codas[random.Below(Codas.Length)];
    }

    private void BuildAliases()
    {
        var weights = Enumerable.Range(0, Size).Select(rank => Math.Pow(rank + Offset, -Exponent)).ToArray();
        var scale = Size / weights.Sum();
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < Size; i++)
        {
            _keep[i] = weights[i] * scale;
            (_keep[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var poor = small.Pop();
            var rich = large.Pop();
            _alias[poor] = rich;
            _keep[rich] -= 1 - _keep[poor];
            (_keep[rich] < 1 ? small : large).Push(rich);
        }
    }
}
