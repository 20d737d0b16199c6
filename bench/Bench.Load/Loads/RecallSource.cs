using System.Text;
using System.Text.Json;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>What is recalled.</summary>
/// <param name="Filled">The user's memory as it was filled; questions use words of its turns.</param>
/// <param name="Queries">Questions to ask in random order instead, or empty.</param>
internal sealed record RecallShape(FillShape Filled, int Limit, IReadOnlyList<string> Queries);

/// <summary>Questions about a user's turns, without end; counts the answers that found nothing.</summary>
internal sealed class RecallSource(LoadPlan plan, int worker, RecallShape shape) : IRequestSource
{
    private const int EmptyMark = 64;
    private readonly TurnTexts _texts = plan.NewTexts();
    private readonly byte[][] _queries = [.. shape.Queries.Select(q => Encoding.UTF8.GetBytes(JsonEncodedText.Encode(q).ToString()))];
    private readonly byte[] _tail = Encoding.ASCII.GetBytes(
        $"\",\"user_id\":\"{shape.Filled.User}\",\"limit\":{shape.Limit},\"kinds\":[\"turn\"]}}");

    private SplitMix _random = SplitMix.Of(plan.Seed, worker, 0x5EC411);

    /// <summary>Successful recalls that brought no item.</summary>
    public long Empty { get; private set; }

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        kind = 0;
        plan.Forms.BeginRecall(request, credential: plan.Forms.Credentials.Count == 1 ? 0 : _random.Below(plan.Forms.Credentials.Count));
        request.Write("{\"query\":\""u8);
        if (_queries.Length > 0)
        {
            request.Write(_queries[_random.Below(_queries.Length)]);
        }
        else
        {
            var (session, turn) = shape.Filled.Locate((long)(_random.Share() * shape.Filled.Turns));
            _texts.WriteQuestion(request, session, turn, _random.Next());
        }

        request.Write(_tail);
        request.EndBody();
        return true;
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        if (body[..Math.Min(EmptyMark, body.Length)].IndexOf("\"items\":[]"u8) >= 0)
            Empty++;
    }
}
