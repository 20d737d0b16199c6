using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>Appends (kind 0) and recalls (kind 1) at a given share, in random order.</summary>
internal sealed class MixedSource(AppendSource append, RecallSource recall, double recallShare, SplitMix random) : IRequestSource
{
    private SplitMix _random = random;
    private bool _recalling;

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        _recalling = _random.Share() < recallShare;
        kind = _recalling ? 1 : 0;
        return _recalling ? recall.TryCompose(request, out _) : append.TryCompose(request, out _);
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        if (_recalling)
            recall.Answered(body);
    }
}
