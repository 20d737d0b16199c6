using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>
/// Single turns, without end. A worker appends to sessions of its own in turn; with fewer sessions than workers,
/// several workers share one.
/// </summary>
internal sealed class AppendSource(LoadPlan plan, int worker, int sessions, string? user) : IRequestSource
{
    /// <summary>Keeps these texts apart from those of turns that <see cref="FillSource"/> writes.</summary>
    private const long TextOffset = 1L << 32;

    private readonly TurnTexts _texts = plan.NewTexts();
    private readonly byte[] _tail = [.. "\""u8, .. TurnJson.UserField(user, ","), .. "}"u8];
    private readonly int _own = Math.Max(1, (sessions - worker + plan.Workers - 1) / plan.Workers);
    private long _sent;

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        kind = 0;
        var session = (worker + (_sent % _own * plan.Workers)) % sessions;
        var turn = (_sent++ * plan.Workers) + worker;
        plan.Forms.BeginTurn(request, new SessionName(plan.SessionPrefix, session));
        TurnJson.Open(request, _texts, TextOffset + session, turn);
        request.Write(_tail);
        request.EndBody();
        return true;
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        // Any 201 will do; what was stored is for the drills to check.
    }
}
