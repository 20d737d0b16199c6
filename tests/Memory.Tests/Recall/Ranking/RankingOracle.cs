using System.Globalization;
using System.Text.RegularExpressions;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>What the oracle says of one turn.</summary>
internal sealed record OracleScore(
    string SessionId, long Seq, double Lexical, double Vector, double Smoothing, double Session, double Multiplier, double Relevance)
{
    public double Quote { get; init; }

    public double Score => ((Lexical + Vector + Smoothing + Session) * Multiplier) + Quote;
}

/// <summary>
/// docs/ranking.md once more, in the plainest way: lists and doubles, every text analysed anew for every question, no
/// index. Text analysis, chunks and 8-bit rounding are the product's own; they have tests of their own.
/// </summary>
internal static partial class RankingOracle
{
    private static readonly string[] FirstPerson = ["i", "me", "my", "mine", "myself"];

    /// <summary>The scores of all turns, in the order given.</summary>
    public static IReadOnlyList<OracleScore> Score(IReadOnlyList<Turn> turns, string question, IEmbedder embedder)
    {
        var terms = Terms(question);
        var chunks = turns.Select(static turn => Pieces(turn.Content, 120).Select(Terms).ToList()).ToList();
        var dates = turns.Select(static turn => Terms(turn.OccurredAt.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)))
            .ToList();
        var lexical = Lexical(terms, chunks, dates);
        var cosines = Cosines(turns, question, embedder);
        var bases = turns.Select((_, i) => lexical[i] + (0.5 * (cosines?[i] ?? 0))).ToList();
        var places = turns.Select(static (turn, i) => (turn, i))
            .ToDictionary(static each => (each.turn.SessionId, each.turn.Seq), static each => each.i);
        var sessions = Sessions(terms, turns);
        var multipliers = Multipliers(turns, question);
        var coverages = Coverages(turns, question, chunks, dates);
        return [.. turns.Select((turn, i) => new OracleScore(
            turn.SessionId, turn.Seq, lexical[i], 0.5 * (cosines?[i] ?? 0), Smoothing(turns, places, bases, turn),
            0.3 * sessions[turn.SessionId], OnlyAsks(turn, chunks[i]) ? 0.85 * multipliers[i] : multipliers[i],
            cosines is null ? coverages[i] : (0.6 * coverages[i]) + (0.4 * Math.Min(1, cosines[i] / 0.8)))
        {
            Quote = Quote(turn.Content, question, chunks, dates),
        })];
    }

    private static List<double> Lexical(List<ulong> question, List<List<List<ulong>>> chunks, List<List<ulong>> dates)
    {
        var all = chunks.SelectMany(static each => each).ToList();
        if (all.Count == 0)
            return [];
        var mean = all.Average(static chunk => chunk.Count);
        var weighted = question.Select(term => (Term: term, Idf: Idf(term, chunks, dates))).ToList();
        var best = new List<double>();
        for (var i = 0; i < chunks.Count; i++)
        {
            best.Add(chunks[i].Max(chunk => weighted.Sum(each =>
                each.Idf * TermPart(Count(chunk, each.Term) + Count(dates[i], each.Term), chunk.Count, mean, k1: 0.9, b: 0.6))));
        }

        return DividedByMaximum(best);
    }

    // Of all runs of four words or more that turn and question share, the weightiest one's share of the question, to the third.
    private static double Quote(string content, string question, List<List<List<ulong>>> chunks, List<List<ulong>> dates)
    {
        var (asked, said) = (Words([question]), Words(Pieces(content, 120)));
        var weights = asked.ConvertAll(word => Math.Max(0.5, word.Term == 0 ? 0 : Idf(word.Term, chunks, dates)));
        var best = 0.0;
        for (var from = 0; from < asked.Count; from++)
        {
            for (var at = 0; at < said.Count; at++)
            {
                var length = 0;
                while (from + length < asked.Count && at + length < said.Count && asked[from + length] == said[at + length])
                    length++;
                best = length >= 4 ? Math.Max(best, weights.Skip(from).Take(length).Sum()) : best;
            }
        }

        return 2 * Math.Pow(best / Math.Max(1e-9, weights.Sum()), 3);
    }

    private static List<(ulong Term, string Stop)> Words(List<string> pieces)
    {
        var words = new List<(ulong, string)>();
        foreach (var piece in pieces)
            new TextAnalyzer().Analyze(piece, [], new Saying(words));
        return words;
    }

    private static double Idf(ulong term, List<List<List<ulong>>> chunks, List<List<ulong>> dates)
    {
        var count = chunks.Sum(static each => each.Count);
        var containing = chunks.Zip(dates).Sum(turn => turn.First.Count(chunk => Count(chunk, term) + Count(turn.Second, term) > 0));
        return Idf(count, containing);
    }

    // Of the three weightiest terms the share that is said; all, where the question says all that the turn does.
    private static List<double> Coverages(
        IReadOnlyList<Turn> turns, string question, List<List<List<ulong>>> chunks, List<List<ulong>> dates)
    {
        var kept = Terms(RewriteQuestion.ForEncoder(question, turns.Select(static turn => turn.Name).OfType<string>().Distinct()))
            .ToHashSet();
        var terms = Terms(question);
        var isNothingKept = !terms.Any(kept.Contains);
        var weighted = terms.GroupBy(static term => term).Select(each => (
            Term: each.Key, IsFiller: !isNothingKept && !kept.Contains(each.Key), Weight: each.Count() * Idf(each.Key, chunks, dates)))
            .ToList();
        weighted = weighted.ConvertAll(static each => each.IsFiller ? each with { Weight = 0.3 * each.Weight } : each);
        var asked = weighted.Select(static each => each.Weight).OrderDescending().Take(3).Sum();
        return [.. chunks.Zip(dates).Select(turn =>
        {
            var said = turn.First.SelectMany(static chunk => chunk).ToList();
            var covered = weighted.Where(each => said.Contains(each.Term) || turn.Second.Contains(each.Term))
                .Sum(static each => each.Weight);
            var isWhole = said.TrueForAll(terms.Contains) && weighted.Exists(each => !each.IsFiller && said.Contains(each.Term));
            return isWhole ? 1 : asked == 0 ? 0 : Math.Min(1, covered / asked);
        })];
    }

    private static List<double>? Cosines(IReadOnlyList<Turn> turns, string question, IEmbedder embedder)
    {
        if (Embed(question, embedder) is not { } asked)
            return null;
        return [.. turns.Select(turn => Pieces(turn.Content, 50)
            .Select(piece => Embed(piece, embedder) is { } said ? Math.Max(0, Cosine(asked, said)) : 0)
            .Max())];
    }

    private static Dictionary<string, double> Sessions(List<ulong> question, IReadOnlyList<Turn> turns)
    {
        var documents = turns.GroupBy(static turn => turn.SessionId)
            .ToDictionary(static group => group.Key,
            static group => group.SelectMany(static turn => Pieces(turn.Content, 120).SelectMany(Terms)).ToList());
        if (documents.Count == 0)
            return [];
        var mean = documents.Values.Average(static document => document.Count);
        var scores = documents.Select(document => question.Sum(term =>
            Idf(documents.Count, documents.Values.Count(each => each.Contains(term)))
            * TermPart(Count(document.Value, term), document.Value.Count, mean, k1: 1.2, b: 0.75)));
        return documents.Keys.Zip(DividedByMaximum([.. scores])).ToDictionary(static each => each.First, static each => each.Second);
    }

    private static double Smoothing(IReadOnlyList<Turn> turns, Dictionary<(string, long), int> places, List<double> bases, Turn turn)
    {
        double BaseAt(long seq) => Find(seq) is var at and >= 0 ? bases[at] : 0;
        int Find(long seq) => places.GetValueOrDefault((turn.SessionId, seq), -1);
        var asked = Find(turn.Seq - 1) is var previous and >= 0 && Asks(turns[previous].Content);
        return ((asked ? 0.4 : 0.2) * BaseAt(turn.Seq - 1)) + (0.3 * BaseAt(turn.Seq + 1))
            + (0.15 * (BaseAt(turn.Seq - 2) + BaseAt(turn.Seq + 2)));
    }

    private static List<double> Multipliers(IReadOnlyList<Turn> turns, string question)
    {
        var tokens = Tokens(question);
        var named = turns.Select(static turn => turn.Name).OfType<string>().Distinct().Where(name => tokens.Contains(Tokens(name)[0]))
            .ToList();
        if (named.Count == 1)
            return [.. turns.Select(turn => turn.Name == named[0] ? 1.3 : 0.7)];
        if (named.Count > 1 || !tokens.Exists(FirstPerson.Contains))
            return [.. turns.Select(static _ => 1.0)];
        return [.. turns.Select(static turn => turn.Role == "user" ? 1.3 : 0.7)];
    }

    private static double Idf(int documents, int containing) => Math.Log(1 + ((documents - containing + 0.5) / (containing + 0.5)));

    private static double TermPart(int count, int length, double mean, double k1, double b) =>
        count == 0 ? 0 : (k1 + 1) * count / (count + (k1 * (1 - b + (b * (length == 0 ? 0 : length / mean)))));

    private static List<double> DividedByMaximum(List<double> scores) =>
        scores.Max() is var best and > 0 ? [.. scores.Select(score => score / best)] : scores;

    private static int Count(List<ulong> terms, ulong term) => terms.Count(each => each == term);

    private static double Cosine((sbyte[] Row, float Scale) left, (sbyte[] Row, float Scale) right) =>
        left.Row.Zip(right.Row).Sum(static pair => pair.First * pair.Second) * (double)left.Scale * right.Scale;

    private static (sbyte[] Row, float Scale)? Embed(string text, IEmbedder embedder)
    {
        var vector = new float[embedder.Dimensions];
        if (!embedder.TryEmbed(text, vector))
            return null;
        var row = new sbyte[vector.Length];
        return (row, VectorKernel.Quantize(vector, row));
    }

    private static List<ulong> Terms(string text)
    {
        var terms = new List<ulong>();
        new TextAnalyzer().Analyze(text, terms);
        return terms;
    }

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        foreach (var token in new Tokenizer().Tokenize(text))
            tokens.Add(token.ToString());
        return tokens;
    }

    internal static List<string> Pieces(string text, int wordsMax)
    {
        var ranges = new List<Range>();
        Chunker.Split(text, wordsMax, ranges);
        return [.. ranges.Select(range => text[range])];
    }

    private static bool OnlyAsks(Turn turn, List<List<ulong>> chunks) =>
        Asks(turn.Content) && chunks.Sum(static chunk => chunk.Count) <= 8;

    private static bool Asks(string text) => TrailingImage().Replace(text, "").TrimEnd() is [.., '?' or '？' or '؟'];

    [GeneratedRegex(@"\[image:[^\[\]]*\]\s*$", RegexOptions.None, 1000)]
    private static partial Regex TrailingImage();

    private sealed class Saying(List<(ulong, string)> words) : ISaidWords
    {
        public void AddStopWord(ReadOnlySpan<char> word) => words.Add((0, word.ToString()));

        public void AddTerm(ulong hash) => words.Add((hash, ""));
    }
}
