using System.Numerics;
using System.Runtime.InteropServices;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Finds the turns that repeat four or more words of the question in their order: signatures name the stretches that may, and
/// only in those the words are compared. What a quotation counts is its share of the question's weight: idf of its terms, and a
/// little for each stop word; the third power of it, as questions repeat turns of speech of the conversation by chance.
/// </summary>
internal sealed class QuoteArm
{
    // Beyond these, stretches that seem to have the fewest phrases of the question are not looked at.
    private const int StretchesMax = 4_096;
    private const int WordsMin = PhraseIndex.PhraseWordsMin;

    private readonly RankScope scope;
    private readonly QuoteQuery query;
    private readonly double[] weights;
    private readonly List<Suspect> suspects = [];

    // The bits that the question's neighbouring words set, and those of words with one between.
    private readonly int[] pairs;
    private readonly int[] aparts;

    private QuoteArm(RankScope scope, QuoteQuery query)
    {
        (this.scope, this.query) = (scope, query);
        var words = query.Words;
        pairs = [.. Enumerable.Range(0, words.Length - 1).Select(i => PhraseSigns.BitOfPair(words[i], words[i + 1]))];
        aparts = [.. Enumerable.Range(0, words.Length - 2).Select(i => PhraseSigns.BitOfApart(words[i], words[i + 2]))];
        weights = new double[query.Words.Length + 1];
        for (var i = 0; i < query.Words.Length; i++)
        {
            var weight = query.Terms[i] == 0
                ? RankerWeights.QuotedStopWord
                : Bm25.Idf(scope.LiveChunks, scope.CountChunks(query.Terms[i]));
            weights[i + 1] = weights[i] + Math.Max(weight, RankerWeights.QuotedStopWord);
        }
    }

    /// <summary>Writes <see cref="RankScratch.Quotes"/>: by the turn's place in the scope, what its quotation counts, 0..1.</summary>
    public static void Score(RankScope scope, QuoteQuery query, RankScratch scratch)
    {
        if (query.Phrases == 0)
            return;
        var arm = new QuoteArm(scope, query);
        for (var i = 0; i < scope.Partitions.Length; i++)
            arm.AddSuspects(i, scope.Partitions[i].Phrases);
        if (arm.suspects.Count > StretchesMax)
            arm.KeepLikeliest();
        foreach (var suspect in arm.suspects)
            arm.Compare(suspect, scratch.Quotes);
    }

    private void AddSuspects(int partition, PhraseIndex.View phrases)
    {
        if (phrases.Signs.Pages == 0)
        {
            for (var i = 0; i < phrases.StretchCount; i++)
                suspects.Add(new Suspect(query.Phrases, partition, i));
            return;
        }

        Span<ulong> found = stackalloc ulong[query.Phrases];
        for (var page = 0; page * PhraseSigns.PageRows < phrases.StretchCount; page++)
        {
            var signs = phrases.Signs.Page(page);
            var perBit = signs.Length / PhraseSigns.Bits;
            var rows = phrases.StretchCount - (page * PhraseSigns.PageRows);
            for (var word = 0; word < perBit && word * 64 < rows;)
            {
                // Of several hundred stretches at once most have none.
                if (word + Vector<ulong>.Count <= perBit && MayMatch(signs, perBit, word) == Vector<ulong>.Zero)
                {
                    word += Vector<ulong>.Count;
                    continue;
                }

                var any = MatchPhrases(signs, perBit, word, found);
                if (rows - (word * 64) < 64)
                    any &= (1UL << (rows - (word * 64))) - 1;
                for (; any != 0; any &= any - 1)
                {
                    var bit = BitOperations.TrailingZeroCount(any);
                    suspects.Add(new Suspect(CountAt(found, bit), partition, (page * PhraseSigns.PageRows) + (word * 64) + bit));
                }

                word++;
            }
        }
    }

    // The stretches that may have any of the question's phrases, 64 in each element.
    private Vector<ulong> MayMatch(ReadOnlySpan<ulong> signs, int perBit, int word)
    {
        var any = Vector<ulong>.Zero;
        var (pair0, pair1) = (At(signs, pairs[0], perBit, word), At(signs, pairs[1], perBit, word));
        var apart0 = At(signs, aparts[0], perBit, word);
        for (var i = 0; i < query.Phrases; i++)
        {
            var (pair2, apart1) = (At(signs, pairs[i + 2], perBit, word), At(signs, aparts[i + 1], perBit, word));
            any |= pair0 & pair1 & pair2 & apart0 & apart1;
            (pair0, pair1, apart0) = (pair1, pair2, apart1);
        }

        return any;
    }

    private static Vector<ulong> At(ReadOnlySpan<ulong> signs, int bit, int perBit, int word) => new(signs[((bit * perBit) + word)..]);

    // For 64 stretches at once, which of the question's phrases they may have; the stretches that may have any.
    private ulong MatchPhrases(ReadOnlySpan<ulong> signs, int perBit, int word, Span<ulong> found)
    {
        var any = 0UL;
        var (pair0, pair1) = (signs[(pairs[0] * perBit) + word], signs[(pairs[1] * perBit) + word]);
        var apart0 = signs[(aparts[0] * perBit) + word];
        for (var i = 0; i < found.Length; i++)
        {
            var (pair2, apart1) = (signs[(pairs[i + 2] * perBit) + word], signs[(aparts[i + 1] * perBit) + word]);
            found[i] = pair0 & pair1 & pair2 & apart0 & apart1;
            any |= found[i];
            (pair0, pair1, apart0) = (pair1, pair2, apart1);
        }

        return any;
    }

    private static int CountAt(ReadOnlySpan<ulong> found, int bit)
    {
        var count = 0;
        foreach (var each in found)
            count += (int)((each >> bit) & 1);
        return count;
    }

    private void KeepLikeliest()
    {
        suspects.Sort(static (left, right) => left.Phrases != right.Phrases
            ? right.Phrases.CompareTo(left.Phrases)
            : (left.Partition, left.Stretch).CompareTo((right.Partition, right.Stretch)));
        CollectionsMarshal.SetCount(suspects, StretchesMax);
    }

    private void Compare(Suspect suspect, Dictionary<int, float> quotes)
    {
        var partition = scope.Partitions[suspect.Partition];
        var entry = partition.Phrases.Stretches[suspect.Stretch];
        if (partition.Hidden?.HasTurn(entry.Turn) == true)
            return;
        var end = Math.Min(partition.WordNumbersOf(entry.Turn).End, entry.Word + PhraseIndex.StretchWords + query.Words.Length);
        Span<ushort> room = stackalloc ushort[PhraseIndex.StretchWords + QuoteQuery.WordsMax];
        var share = BestShare(partition.Phrases.Words.Read(entry.Word, end - entry.Word, room));
        if (share <= 0)
            return;
        ref var best = ref CollectionsMarshal.GetValueRefOrAddDefault(quotes, scope.Offsets[suspect.Partition].Turns + entry.Turn, out _);
        best = Math.Max(best, share);
    }

    // The weightiest run of the question's words among these.
    private float BestShare(ReadOnlySpan<ushort> words)
    {
        ReadOnlySpan<ushort> asked = query.Words;
        var best = 0.0;
        for (var from = 0; from + WordsMin <= asked.Length; from++)
        {
            if (weights[^1] - weights[from] <= best)
                break;
            for (var at = 0; ; at++)
            {
                var found = words[at..].IndexOf(asked.Slice(from, WordsMin));
                if (found < 0)
                    break;
                at += found;
                var length = words[at..].CommonPrefixLength(asked[from..]);
                best = Math.Max(best, weights[from + length] - weights[from]);
            }
        }

        var share = (float)(best / weights[^1]);
        return share * share * share;
    }

    /// <summary>A stretch that may have some of the question's phrases.</summary>
    private readonly record struct Suspect(int Phrases, int Partition, int Stretch);
}
