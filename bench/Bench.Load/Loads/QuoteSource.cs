using System.Text;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>
/// Questions that are 6 to 10 neighbouring words of a stored turn, as somebody asks who half remembers a sentence; of everything that
/// may be recalled, as an agent asks. Counts the answers that bring the turn.
/// </summary>
internal sealed class QuoteSource(LoadPlan plan, int worker, FillShape filled, int limit) : IRequestSource
{
    private const int WordsMin = 6;
    private const int WordsMax = 10;
    private readonly TurnTexts _texts = plan.NewTexts();
    private readonly RequestBuffer _turn = new();
    private readonly Range[] _words = new Range[TurnTexts.WordsMax];
    private readonly byte[] _tail = Encoding.ASCII.GetBytes(
        "\"" + (filled.User is null ? "" : $",\"user_id\":\"{filled.User}\"") + $",\"limit\":{limit}}}");

    private SplitMix _random = SplitMix.Of(plan.Seed, worker, 0x900735);

    /// <summary>Successful recalls, and those among them that brought the turn; warm-up included.</summary>
    public long Asked { get; private set; }

    public long Found { get; private set; }

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        kind = 0;
        var (session, turn) = filled.Locate((long)(_random.Share() * filled.Turns));
        _turn.Clear();
        _texts.Write(_turn, session, turn);
        var count = SplitWords(_turn.Written);
        var wanted = Math.Min(count, WordsMin + _random.Below(WordsMax - WordsMin + 1));
        var first = _random.Below(count - wanted + 1);
        plan.Forms.BeginRecall(request, credential: 0);
        request.Write("{\"query\":\""u8);
        for (var i = first; i < first + wanted; i++)
        {
            if (i > first)
                request.Write((byte)' ');
            request.Write(_turn.Written[_words[i]].TrimEnd(",.?"u8));
        }

        request.Write(_tail);
        request.EndBody();
        return true;
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        Asked++;
        if (body.IndexOf(_turn.Written) >= 0)
            Found++;
    }

    private int SplitWords(ReadOnlySpan<byte> text)
    {
        var (count, from) = (0, 0);
        for (var at = 0; at <= text.Length && count < _words.Length; at++)
        {
            if (at < text.Length && text[at] != (byte)' ')
                continue;
            _words[count++] = from..at;
            from = at + 1;
        }

        return count;
    }
}
