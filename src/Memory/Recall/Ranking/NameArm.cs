using System.Runtime.InteropServices;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>Finds the documents of which the question has a name whole: that counts like a quotation of all of the question.</summary>
internal static class NameArm
{
    /// <summary>Writes <see cref="RankScratch.Quotes"/> and <see cref="RankScratch.Named"/>.</summary>
    /// <param name="keys">Of what in the question may be a name.</param>
    public static void Score(RankScope scope, IReadOnlyList<ulong> keys, RankScratch scratch)
    {
        for (var number = 0; number < scope.Partitions.Length; number++)
        {
            var partition = scope.Partitions[number];
            if (!partition.Names.HasNames)
                continue;
            foreach (var key in keys)
            {
                foreach (var turn in partition.Names.TurnsOf(key))
                {
                    if (turn >= partition.TurnCount || partition.Hidden?.HasTurn(turn) == true)
                        continue;
                    var at = scope.Offsets[number].Turns + turn;
                    scratch.Named.Add(at);
                    CollectionsMarshal.GetValueRefOrAddDefault(scratch.Quotes, at, out _) = 1;
                }
            }
        }
    }
}
