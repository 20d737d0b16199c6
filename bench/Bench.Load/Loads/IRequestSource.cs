using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>What one worker sends, request after request. One instance serves one thread.</summary>
internal interface IRequestSource
{
    /// <summary>Writes the next request.</summary>
    /// <param name="kind">Which of the run's kinds of operation it is.</param>
    /// <returns>False when there is nothing more to send.</returns>
    bool TryCompose(RequestBuffer request, out int kind);

    /// <summary>Sees each successful answer.</summary>
    void Answered(ReadOnlySpan<byte> body);
}
