using System.Text;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>Entities of a tenant's graph, each with one to three observations: an entity, then what is known of it, in turn.</summary>
internal sealed class GraphFillSource(LoadPlan plan, int worker, int entities) : IRequestSource
{
    public static readonly string[] Kinds = ["entity", "observations"];

    private readonly TurnTexts _texts = plan.NewTexts();
    private int _next = worker;
    private byte[]? _made;

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        kind = _made is null ? 0 : 1;
        if (_next >= entities)
            return false;
        if (_made is null)
        {
            plan.Forms.BeginPost(request, "/v1/entities"u8);
            request.Write(Encoding.ASCII.GetBytes($"{{\"name\":\"{plan.Run} {_next}\",\"type\":\"type{_next % 20}\"}}"));
            request.EndBody();
            return true;
        }

        plan.Forms.BeginPost(request, "/v1/observations"u8);
        request.Write("{\"observations\":["u8);
        for (var i = 0; i <= _next % 3; i++)
        {
            request.Write(i == 0 ? "{\"entity_id\":\""u8 : ",{\"entity_id\":\""u8);
            request.Write(_made);
            request.Write("\",\"content\":\""u8);
            _texts.Write(request, _next, i);
            request.Write("\"}"u8);
        }

        request.Write("]}"u8);
        request.EndBody();
        return true;
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        if (_made is not null)
        {
            _made = null;
            _next += plan.Workers;
            return;
        }

        var from = body[(body.IndexOf("\"id\":\""u8) + 6)..];
        _made = from[..from.IndexOf((byte)'"')].ToArray();
    }
}

/// <summary>Searches with words of the entities' observations, without end; counts the answers that found nothing.</summary>
internal sealed class GraphSearchSource(LoadPlan plan, int worker, int entities) : IRequestSource
{
    private const int EmptyMark = 64;
    private readonly TurnTexts _texts = plan.NewTexts();
    private SplitMix _random = SplitMix.Of(plan.Seed, worker, 0x6A4F);

    public long Empty { get; private set; }

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        kind = 0;
        plan.Forms.BeginPost(request, "/v1/entities/search"u8);
        request.Write("{\"query\":\""u8);
        _texts.WriteQuestion(request, (long)(_random.Share() * entities), 0, _random.Next());
        request.Write("\",\"limit\":10}"u8);
        request.EndBody();
        return true;
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        if (body[..Math.Min(EmptyMark, body.Length)].IndexOf("\"items\":[]"u8) >= 0)
            Empty++;
    }
}
