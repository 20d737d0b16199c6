using MemoryOrleans.Recall;

namespace MemoryOrleans.Engine.Tests;

/// <summary>Two recalls of one question under the real clock: what fades has faded a little between them, and so have scores.</summary>
internal static class SameRanking
{
    public static void Check(IReadOnlyList<RecalledItem> expected, IReadOnlyList<RecalledItem> actual)
    {
        Assert.Equal(expected.Select(static item => item.Id), actual.Select(static item => item.Id));
        foreach (var (one, other) in expected.Zip(actual))
            Assert.Equal(one.Score, other.Score, 1e-5);
    }
}
