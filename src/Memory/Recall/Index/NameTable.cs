using System.Collections.Concurrent;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// What a partition knows by name: turns (documents) by the <see cref="NameKeys"/> of their names, and terms by the beginnings of
/// words that stand with a capital. Numbers only. One writer; readers cut turns off at their snapshot's count.
/// </summary>
internal sealed class NameTable
{
    // Of words that begin alike, so many may be meant; more would be a guess.
    private const int TermsMax = 8;

    private readonly ConcurrentDictionary<ulong, int[]> turns = new();
    private readonly ConcurrentDictionary<ulong, ulong[]> beginnings = new();

    public long Bytes => (turns.Count + beginnings.Count) * 96L;

    public bool HasNames => !turns.IsEmpty;

    public void AddName(ulong key, int turn) => turns[key] = [.. TurnsOf(key), turn];

    public void AddBeginning(ulong beginning, ulong term)
    {
        var known = TermsOf(beginning);
        if (known.Length < TermsMax && !known.Contains(term))
            beginnings[beginning] = [.. known, term];
    }

    public int[] TurnsOf(ulong key) => turns.GetValueOrDefault(key, []);

    /// <summary>The terms of words that begin so; some may be gone.</summary>
    public ulong[] TermsOf(ulong beginning) => beginnings.GetValueOrDefault(beginning, []);

    /// <summary>The writer's side only.</summary>
    /// <param name="turnMap">Where each turn is afterwards; -1: nowhere.</param>
    /// <param name="hasTerm">Whether a term is still there.</param>
    public void CopyTo(NameTable other, int[] turnMap, Func<ulong, bool> hasTerm)
    {
        foreach (var (key, known) in turns)
        {
            foreach (var turn in known.Where(turn => turn < turnMap.Length && turnMap[turn] >= 0))
                other.AddName(key, turnMap[turn]);
        }

        foreach (var (beginning, terms) in beginnings)
        {
            foreach (var term in terms.Where(hasTerm))
                other.AddBeginning(beginning, term);
        }
    }
}
