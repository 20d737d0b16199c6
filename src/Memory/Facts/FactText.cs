using MemoryOrleans.Embeddings;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Facts;

/// <summary>A fact's sentence taken apart for comparison with others (<see cref="NearDuplicatePolicy"/>).</summary>
public sealed class FactText
{
    private const string User = "user";

    private FactText()
    {
    }

    /// <summary>The text as <see cref="NormalizedText"/> has it.</summary>
    public required string Form { get; init; }

    /// <summary>Stems of the words that carry content, less numbers and dates; synonyms by one of them.</summary>
    public required IReadOnlySet<ulong> Stems { get; init; }

    /// <summary>The same in the order in which they first stand there.</summary>
    public required IReadOnlyList<ulong> Order { get; init; }

    /// <summary>Every word, stop words included.</summary>
    public required IReadOnlySet<string> Words { get; init; }

    /// <summary>Numbers in digits or words, and dates' months and days of the week.</summary>
    public required IReadOnlySet<string> Numbers { get; init; }

    /// <summary>Capitalised words in their order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The same, each once.</summary>
    public required IReadOnlySet<string> NameSet { get; init; }

    /// <summary>Whom it is about: the first name, or the user whose name is not known; empty where there is neither.</summary>
    public required string Subject { get; init; }

    public required IReadOnlySet<string> Relations { get; init; }

    public required IReadOnlySet<int> Frames { get; init; }

    public required IReadOnlySet<int> Sides { get; init; }

    /// <summary>Stems of words in the past tense.</summary>
    public required IReadOnlySet<ulong> PastStems { get; init; }

    /// <summary>L2-normalised; null when the embedder knows none of the words.</summary>
    public required float[]? Vector { get; init; }

    public static FactText Of(string content, IEmbedder embedder)
    {
        var form = NormalizedText.Of(content);
        var words = form.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (order, past) = StemsOf(content, words);
        var names = NamesIn(content).ToArray();
        var nameSet = names.ToHashSet(StringComparer.Ordinal);
        var vector = new float[embedder.Dimensions];
        return new FactText
        {
            Form = form,
            Stems = order.ToHashSet(),
            Order = order,
            PastStems = past,
            Words = words.ToHashSet(StringComparer.Ordinal),
            Numbers = NumberWords.In(content, words.Distinct(StringComparer.Ordinal)),
            Names = names,
            NameSet = nameSet,
            Relations = words.Select(Unpossessed).Where(ContrastWords.Relations.Contains).ToHashSet(StringComparer.Ordinal),
            Frames = words.SelectMany(static word => ContrastWords.FramesOf(word).ToArray()).ToHashSet(),
            Sides = words.SelectMany(static word => ContrastWords.SidesOf(word).ToArray()).ToHashSet(),
            Subject = words.Distinct(StringComparer.Ordinal).FirstOrDefault(
                word => word == User || (nameSet.Contains(word) && NumberWords.Find(content, word) is null)) ?? "",
            Vector = embedder.TryEmbed(content, vector) ? vector : null,
        };
    }

    /// <summary>Cosine of the two vectors; null when either is missing.</summary>
    internal static double? Cosine(FactText left, FactText right)
    {
        if (left.Vector is not { } a || right.Vector is not { } b)
            return null;
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * (double)b[i];
        return sum;
    }

    private static (List<ulong> Order, HashSet<ulong> Past) StemsOf(string content, string[] words)
    {
        var analyzer = new TextAnalyzer();
        var (order, stems, past, found) = (new List<ulong>(), new HashSet<ulong>(), new HashSet<ulong>(), new List<ulong>());
        foreach (var word in words.Distinct(StringComparer.Ordinal))
        {
            if (ContrastWords.Light.Contains(word) || NumberWords.Find(content, word) is not null)
                continue;
            found.Clear();
            analyzer.Analyze(ContrastWords.Synonyms.GetValueOrDefault(word, word), found);
            order.AddRange(found.Where(stems.Add));
            if (IsPast(word))
                past.UnionWith(found);
        }

        return (order, past);
    }

    private static bool IsPast(string word) => (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal))
        || (IrregularForms.TryFold(word, out _) && !ContrastWords.IrregularNouns.Contains(word));

    // A capital after a sentence's first word is a name's, and so is the first word's when it is no common one.
    private static IEnumerable<string> NamesIn(string content)
    {
        foreach (var part in content.Split([' ', '\t', '\n', '\r', '-', '/', '—', '–'], StringSplitOptions.RemoveEmptyEntries))
        {
            var start = 0;
            while (start < part.Length && !char.IsLetterOrDigit(part[start]))
                start++;
            if (start == part.Length || !char.IsUpper(part[start]))
                continue;
            var name = Unpossessed(NormalizedText.Of(WithoutPossessive(part[start..])));
            if (name.Length > 0 && (!StopWords.Contains(name) || name.Length == 1) && name != "i" && !ContrastWords.Light.Contains(name))
                yield return name;
        }
    }

    private static string WithoutPossessive(string part)
    {
        var at = part.LastIndexOfAny(['\'', '’']);
        return at > 0 && part.Length - at <= 3 ? part[..at] : part;
    }

    private static string Unpossessed(string word) =>
        word.EndsWith('s') && ContrastWords.Relations.Contains(word[..^1]) ? word[..^1] : word;
}
