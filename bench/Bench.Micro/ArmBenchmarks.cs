using BenchmarkDotNet.Attributes;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Bench.Micro;

/// <summary>The two arms of the ranker by themselves, over a partition of 100,000 turns with one vector each.</summary>
public class ArmBenchmarks
{
    private MadeUpIndex? index;

    private MadeUpIndex Index => index!;

    [GlobalSetup]
    public void Prepare() => index = new MadeUpIndex(turns: 100_000);

    /// <summary>BM25 of chunks and sessions for a question of eight words.</summary>
    [Benchmark]
    public float Bm25()
    {
        Index.Scratch.Prepare(Index.Scope);
        LexicalArm.Score(Index.Scope, Index.Query.Terms, Index.Scratch);
        return Index.Scratch.ChunkScores[0];
    }

    /// <summary>Cosines with all 100,000 rows of 100 int8 components.</summary>
    [Benchmark]
    public float VectorScan()
    {
        VectorArm.Score(Index.Scope, Index.Query.Vector!, Index.Scratch);
        return Index.Scratch.Cosines[0];
    }
}
