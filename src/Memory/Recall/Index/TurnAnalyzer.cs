using System.Runtime.InteropServices;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Index;

/// <summary>Makes turns ready for the index: terms by chunk, and int8 vectors. Holds scratch: one thread at a time.</summary>
/// <param name="resolvesDays">Whether the days that texts name are found too, as the formula with an encoder wants them.</param>
internal sealed class TurnAnalyzer(IEmbedder embedder, bool resolvesDays = false)
{
    private const string ImageStart = "[image:";

    private readonly TextAnalyzer analyzer = new();
    private readonly List<Range> ranges = [];
    private readonly List<ulong> terms = [];
    private readonly SaidWords said = new();
    private readonly CapitalWords capitals = new();
    private readonly Dictionary<ulong, int> counts = [];
    private readonly float[] vector = new float[embedder.Dimensions];

    public AnalyzedTurn Analyze(TurnCommitted committed)
    {
        var turn = committed.Turn;
        var chunks = AnalyzeChunks(turn, dated: !committed.IsDocument, committed.Aliases);
        var (vectors, scales) = Embed(turn.Content);
        return new AnalyzedTurn(
            committed.Change, turn.SessionId, committed.AgentId, turn.Seq, turn.Role, turn.Name,
            Timestamp.Of(turn.OccurredAt), Timestamp.Of(turn.RecordedAt), AsksQuestion(turn.Content), chunks, vectors, scales)
        {
            Days = resolvesDays ? NamedDays.Find(turn.Content, turn.OccurredAt) : [],
            Words = said.ToArray(),
            Names = KeysOf(committed),
            Beginnings = capitals.Find(turn.Content),
            OffsetMinutes = Timestamp.OffsetOf(turn.OccurredAt),
        };
    }

    /// <summary>True when a text ends in a question mark, a trailing <c>[image: …]</c> left aside.</summary>
    internal static bool AsksQuestion(string content)
    {
        var text = content.AsSpan().TrimEnd();
        if (text.EndsWith("]", StringComparison.Ordinal))
        {
            var image = text.LastIndexOf(ImageStart, StringComparison.Ordinal);
            if (image >= 0 && text[image..].IndexOf(']') == text.Length - image - 1)
                text = text[..image].TrimEnd();
        }

        return text.Length > 0 && text[^1] is '?' or '？' or '؟';
    }

    private static ulong[] KeysOf(TurnCommitted committed) => committed.Names.Count + committed.Aliases.Count == 0
        ? []
        : [.. committed.Names.Concat(committed.Aliases).Select(NameKeys.Of).OfType<ulong>().Distinct()];

    // Other names are a piece of their own, searched like the text, but nothing that was said.
    private AnalyzedChunk[] AnalyzeChunks(Turn turn, bool dated, IReadOnlyList<string> aliases)
    {
        Span<ulong> date = stackalloc ulong[dated ? DateTerms.Count : 0];
        if (dated)
            DateTerms.Write(DateOnly.FromDateTime(turn.OccurredAt.DateTime), date);
        ranges.Clear();
        said.Clear();
        Chunker.Split(turn.Content, RankerWeights.ChunkWords, ranges);
        var chunks = new AnalyzedChunk[ranges.Count + (aliases.Count > 0 ? 1 : 0)];
        for (var i = 0; i < ranges.Count; i++)
            chunks[i] = Analyze(turn.Content.AsSpan()[ranges[i]], date, said);
        if (aliases.Count > 0)
            chunks[^1] = Analyze(string.Join(". ", aliases), date, words: null);
        return chunks;
    }

    private AnalyzedChunk Analyze(ReadOnlySpan<char> chunk, ReadOnlySpan<ulong> date, SaidWords? words)
    {
        terms.Clear();
        counts.Clear();
        if (words is null)
            analyzer.Analyze(chunk, terms);
        else
            analyzer.Analyze(chunk, terms, words);
        foreach (var term in terms)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _)++;
        foreach (var term in date)
            counts.TryAdd(term, 0);
        var counted = new TermCount[counts.Count];
        var at = 0;
        foreach (var (term, count) in counts)
            counted[at++] = new TermCount(term, count, date.Contains(term));
        return new AnalyzedChunk(counted, terms.Count);
    }

    private (sbyte[] Vectors, float[] Scales) Embed(string content)
    {
        ranges.Clear();
        Chunker.Split(content, RankerWeights.VectorChunkWords, ranges);
        var vectors = new sbyte[ranges.Count * vector.Length];
        var scales = new float[ranges.Count];
        var known = 0;
        foreach (var range in ranges)
        {
            if (!embedder.TryEmbed(content.AsSpan()[range], vector))
                continue;
            scales[known] = VectorKernel.Quantize(vector, vectors.AsSpan(known * vector.Length, vector.Length));
            known++;
        }

        return known == scales.Length ? (vectors, scales) : (vectors[..(known * vector.Length)], scales[..known]);
    }
}
