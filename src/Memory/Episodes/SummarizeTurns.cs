using MemoryOrleans.Embeddings;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Episodes;

/// <summary>
/// An extractive summary: sentences ranked by centrality (continuous LexRank: Erkan and Radev, "LexRank: Graph-based Lexical
/// Centrality as Salience in Text Summarization", 2004, damping 0.15) times (0.02 + importance), chosen one by one against
/// redundancy (MMR: Carbonell and Goldstein, 1998, λ = 0.7), and set in their own order after their speakers' names.
/// </summary>
internal static class SummarizeTurns
{
    /// <summary>Sentences the graph may have; beyond that the most important are taken.</summary>
    public const int GraphSentencesMax = 160;

    private const double Jump = 0.15;
    private const int Rounds = 20;
    private const double ImportanceFloor = 0.02;
    private const double Relevance = 0.7;

    /// <summary>A sentence longer than this share of the budget is cut.</summary>
    private const double ShareMax = 0.5;
    private const string Cut = "…";

    /// <summary>At most that many estimated tokens; empty only when no sentence has a word.</summary>
    public static string Summarize(IReadOnlyList<WeighedSentence> sentences, int tokensMax, IEmbedder embedder)
    {
        var (candidates, chosen) = Rank(sentences, tokensMax, embedder);
        return Write(candidates, chosen, tokensMax);
    }

    /// <summary>The same sentences, each as a line of its own after its speaker's name.</summary>
    public static IEnumerable<(
        WeighedSentence Sentence, string Line)> Pick(IReadOnlyList<WeighedSentence> sentences, int tokensMax, IEmbedder embedder)
    {
        var (candidates, chosen) = Rank(sentences, tokensMax, embedder);
        return chosen.Select(index => (candidates[index], Line(candidates[index].Sentence, tokensMax, isLabelled: true)));
    }

    private static (IReadOnlyList<WeighedSentence> Candidates, List<int> Chosen) Rank(
        IReadOnlyList<WeighedSentence> sentences, int tokensMax, IEmbedder embedder)
    {
        var candidates = sentences.Count <= GraphSentencesMax
            ? sentences
            : [.. sentences.Select(static (sentence, index) => (sentence, index))
                .OrderByDescending(static pair => pair.sentence.Importance).ThenBy(static pair => pair.index)
                .Take(GraphSentencesMax).OrderBy(static pair => pair.index).Select(static pair => pair.sentence)];
        if (candidates.Count == 0)
            return (candidates, []);
        var space = new SentenceSpace([.. candidates.Select(static candidate => candidate.Sentence.Text)], embedder);
        var similarity = Similarities(space, candidates.Count);
        var centrality = Centrality(similarity);
        var scores = new double[candidates.Count];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = centrality[i] * (ImportanceFloor + candidates[i].Importance);
        return (candidates, Choose(candidates, scores, similarity, tokensMax));
    }

    private static double[][] Similarities(SentenceSpace space, int count)
    {
        var rows = new double[count][];
        for (var a = 0; a < count; a++)
        {
            rows[a] = new double[count];
            for (var b = 0; b < a; b++)
                rows[a][b] = rows[b][a] = space.Similarity(a, b);
        }

        return rows;
    }

    /// <summary>Each sentence's share of the random walk over similarities, as a multiple of the even share.</summary>
    private static double[] Centrality(double[][] similarity)
    {
        var count = similarity.Length;
        var sums = Array.ConvertAll(similarity, static row => row.Sum());
        var ranks = new double[count];
        Array.Fill(ranks, 1);
        for (var round = 0; round < Rounds; round++)
        {
            var next = new double[count];
            Array.Fill(next, Jump);
            for (var from = 0; from < count; from++)
            {
                for (var to = 0; sums[from] > 0 && to < count; to++)
                    next[to] += (1 - Jump) * ranks[from] * similarity[from][to] / sums[from];
            }

            ranks = next;
        }

        return ranks;
    }

    private static List<int> Choose(IReadOnlyList<WeighedSentence> candidates, double[] scores, double[][] similarity, int tokensMax)
    {
        var best = Math.Max(scores.Max(), double.Epsilon);
        var left = tokensMax;
        var chosen = new List<int>();
        var open = Enumerable.Range(0, scores.Length).ToList();
        while (open.Count > 0)
        {
            var (next, value) = (-1, double.NegativeInfinity);
            foreach (var i in open)
            {
                var redundancy = chosen.Count == 0 ? 0 : chosen.Max(other => similarity[i][other]);
                var worth = (Relevance * scores[i] / best) - ((1 - Relevance) * redundancy);
                if (worth > value)
                    (next, value) = (i, worth);
            }

            open.Remove(next);
            var cost = TokenEstimate.Of(Line(candidates[next].Sentence, tokensMax, isLabelled: true));
            if (value <= 0 && chosen.Count > 0)
                break;
            if (cost > left)
                continue;
            left -= cost;
            chosen.Add(next);
        }

        chosen.Sort();
        return chosen;
    }

    private static string Write(IReadOnlyList<WeighedSentence> candidates, List<int> chosen, int tokensMax)
    {
        var lines = new List<string>();
        Speaker? before = null;
        foreach (var index in chosen)
        {
            var sentence = candidates[index].Sentence;
            lines.Add(Line(sentence, tokensMax, isLabelled: sentence.Speaker != before));
            before = sentence.Speaker;
        }

        return string.Join(' ', lines);
    }

    /// <summary>A sentence as it enters the summary; never dearer without its label than with it.</summary>
    private static string Line(Sentence sentence, int tokensMax, bool isLabelled)
    {
        var share = Math.Max(1, (int)(tokensMax * ShareMax));
        var label = $"{sentence.Speaker.Label}: ";
        var labelTokens = TokenEstimate.Of(label);
        var text = Shorten(sentence.Text, share);
        return isLabelled && labelTokens <= share ? label + text : text;
    }

    private static string Shorten(string text, int tokensMax)
    {
        if (TokenEstimate.Of(text) <= tokensMax)
            return text;
        var (low, high) = (0, text.Length);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (TokenEstimate.Of(text.AsSpan(0, middle)) < tokensMax)
                low = middle;
            else
                high = middle - 1;
        }

        var blank = low > 0 ? text.LastIndexOf(' ', low - 1, low) : -1;
        var end = blank > low / 2 ? blank : SplitTurn.Head(text, Math.Max(1, low)).Length;
        return text[..end].TrimEnd(' ', ',', ';', '-') + Cut;
    }
}
