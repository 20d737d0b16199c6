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

    private readonly Dictionary<int, List<Telling>> tellings = [];
    private int folds;

    /// <summary>The candidates without those that repeat one of them or of those before; in their order.</summary>
    public async ValueTask<IReadOnlyList<Candidate>> FoldAsync(IReadOnlyList<Candidate> fresh, CancellationToken cancel)
    {
        if (folds >= FoldsMax)
            return fresh;
        var proposed = Propose(fresh, out var compared);
        if (compared.Count > 0)
            await ReadAsync(compared, cancel);
        var kept = new List<Candidate>(fresh.Count);
        foreach (var (candidate, own, like) in proposed)
        {
            if (own is null)
                kept.Add(candidate);
            else if (own.Text is { } text && like.Find(each => each.Text is { } told && SameText.Are(told, text)) is { } known)
                Fold(own, known);
            else
            {
                like.Add(own);
                kept.Add(own.First with { Telling = own });
            }
        }

        return kept;
    }

    // Each candidate with the tellings of its words; those that are not alone are compared.
    private List<(Candidate Candidate, Telling? Own, List<Telling> Like)> Propose(
        IReadOnlyList<Candidate> fresh, out HashSet<Telling> compared)
    {
        var proposed = new List<(Candidate, Telling?, List<Telling>)>(fresh.Count);
        var news = new Dictionary<int, List<Telling>>();
        compared = [];
        foreach (var candidate in fresh)
        {
            if (candidate.WordCount < WordsMin)
            {
                proposed.Add((candidate, null, []));
                continue;
            }

            var own = new Telling(candidate);
            var key = KeyOf(candidate);
            if (!tellings.TryGetValue(key, out var like))
                tellings.Add(key, like = []);
            if (!news.TryGetValue(key, out var others))
                news.Add(key, others = []);
            foreach (var other in like.Concat(others).Where(each => SaySame(each.First, candidate)))
            {
                compared.Add(other);
                compared.Add(own);
            }

            others.Add(own);
            proposed.Add((candidate, own, like));
        }

        return proposed;
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
        foreach (var word in candidate.Words)
            hash.Add(word);
        return hash.ToHashCode();
    }
}
