using System.Runtime.InteropServices;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// Folds what one speaker said again word for word into the turn of it that is placed best, so that it takes one place of an answer.
/// The index proposes (the same words in their order), the stored texts decide: inflected words, signs before a number and
/// currencies are the same to the index, and different values are never the same.
/// </summary>
/// <param name="readAsync">The stored turns of candidates, without those that are no longer there.</param>
internal sealed class FoldRepeats(Func<IReadOnlyList<Candidate>, CancellationToken, ValueTask<IReadOnlyList<Candidate>>> readAsync)
{
    // What is said in fewer words ("Yes, of course") means something else each time.
    private const int WordsMin = 4;

    // A scope that says one thing thousands of times is listed as it is from there on.
    private const int FoldsMax = 1_000;

    // By KeyOf, the one found last; those before it hang on it.
    private readonly Dictionary<int, Telling> tellings = [];
    private int folds;

    /// <summary>The candidates without those that repeat one of them or of those before; in their order.</summary>
    public async ValueTask<IReadOnlyList<Candidate>> FoldAsync(IReadOnlyList<Candidate> fresh, CancellationToken cancel)
    {
        if (folds >= FoldsMax)
            return fresh;
        var proposed = Propose(fresh, out var compared);
        if (compared is not null)
            await ReadAsync(compared, cancel);
        var kept = new List<Candidate>(fresh.Count);
        foreach (var (candidate, own, key) in proposed)
        {
            if (own is null)
                kept.Add(candidate);
            else if (FindSame(own, key) is { } known)
                Fold(own, known);
            else
            {
                own.Before = tellings.GetValueOrDefault(key);
                tellings[key] = own;
                kept.Add(candidate with { Telling = own });
            }
        }

        return kept;
    }

    // Each candidate with its telling and the key of its words; those that may not be alone are compared.
    private List<(Candidate Candidate, Telling? Own, int Key)> Propose(IReadOnlyList<Candidate> fresh, out HashSet<Telling>? compared)
    {
        var proposed = new List<(Candidate, Telling?, int)>(fresh.Count);
        var news = new Dictionary<int, List<Telling>>(fresh.Count);
        compared = null;
        foreach (var candidate in fresh)
        {
            if (candidate.WordCount < WordsMin)
            {
                proposed.Add((candidate, null, 0));
                continue;
            }

            var (own, key) = (new Telling(candidate), KeyOf(candidate));
            for (var known = tellings.GetValueOrDefault(key); known is not null; known = known.Before)
                Compare(own, known, ref compared);
            if (!news.TryGetValue(key, out var others))
                news.Add(key, others = new List<Telling>(1));
            foreach (var other in others)
                Compare(own, other, ref compared);
            others.Add(own);
            proposed.Add((candidate, own, key));
        }

        return proposed;
    }

    private static void Compare(Telling own, Telling other, ref HashSet<Telling>? compared)
    {
        if (!SaySame(other.First, own.First))
            return;
        compared ??= [];
        compared.Add(other);
        compared.Add(own);
    }

    private Telling? FindSame(Telling own, int key)
    {
        if (own.Text is not { } text)
            return null;
        for (var known = tellings.GetValueOrDefault(key); known is not null; known = known.Before)
        {
            if (known.Text is { } told && SaySame(known.First, own.First) && SameText.Are(told, text))
                return known;
        }

        return null;
    }

    private async ValueTask ReadAsync(HashSet<Telling> compared, CancellationToken cancel)
    {
        var unread = compared.Where(static each => each.Text is null).ToList();
        var read = (await readAsync([.. unread.Select(static each => each.First)], cancel))
            .ToDictionary(static each => each.Address, static each => each.Turn!);
        foreach (var each in unread)
        {
            if (read.TryGetValue(each.First.Address, out var turn) && !turn.IsErased)
                each.Turn = turn;
        }
    }

    private void Fold(Telling own, Telling known)
    {
        folds++;
        known.Add(own.Turn!);
    }

    // One person is one user's partition; of nobody's sessions each is somebody else's.
    private static bool SaySame(Candidate left, Candidate right)
    {
        var (one, other) = (left.Ranked, right.Ranked);
        ref readonly var row = ref one.Partition.Turns[one.Turn];
        ref readonly var otherRow = ref other.Partition.Turns[other.Turn];
        return one.Partition.Key == other.Partition.Key
            && (one.Partition.Key.UserId is not null || one.SessionId == other.SessionId)
            && row.Speaker == otherRow.Speaker && row.AsksQuestion == otherRow.AsksQuestion && SameWords.AreSame(left, right);
    }

    private static int KeyOf(Candidate candidate)
    {
        var hash = new HashCode();
        hash.Add(candidate.WordCount);
        hash.AddBytes(MemoryMarshal.AsBytes(candidate.Words));
        return hash.ToHashCode();
    }
}
