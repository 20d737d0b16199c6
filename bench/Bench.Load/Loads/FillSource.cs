using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>How a user's memory is filled: so many turns, in batches, dealt to the sessions in turn.</summary>
/// <param name="User">Null: nobody's.</param>
internal sealed record FillShape(long Turns, int Batch, int Sessions, string? User)
{
    public long Batches => (Turns + Batch - 1) / Batch;

    /// <summary>A session for every batch unless told otherwise: conversations of life-like length.</summary>
    public static FillShape Of(long turns, int batch, int? sessions, string? user) =>
        new(turns, batch, sessions ?? (int)Math.Min(int.MaxValue, (turns + batch - 1) / batch), user);

    public int TurnsOf(long batchNumber) => (int)Math.Min(Batch, Turns - (batchNumber * Batch));

    /// <summary>Session and number within it of the user's turn <paramref name="index"/> (from 0).</summary>
    public (long Session, long Turn) Locate(long index)
    {
        var batch = index / Batch;
        return (batch % Sessions, (batch / Sessions * Batch) + (index % Batch));
    }
}

/// <summary>
/// Batches of turns until the worker's share is sent. A session belongs to one worker, so its turns come in order;
/// each batch carries an Idempotency-Key, so that one sent again after a 503 counts once.
/// </summary>
internal sealed class FillSource(LoadPlan plan, int worker, FillShape shape) : IRequestSource
{
    private readonly TurnTexts _texts = plan.NewTexts();
    private readonly byte[] _head = [.. "{"u8, .. TurnJson.UserField(shape.User, "", ","), .. "\"turns\":["u8];
    private long _next;

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        kind = 0;
        while (_next < shape.Batches && _next % shape.Sessions % plan.Workers != worker)
            _next++;
        if (_next >= shape.Batches)
            return false;
        var batch = _next++;
        var first = shape.Locate(batch * shape.Batch);
        plan.Forms.BeginBatch(request, new SessionName(plan.SessionPrefix, first.Session), keyNumber: batch);
        request.Write(_head);
        for (var i = 0; i < shape.TurnsOf(batch); i++)
        {
            if (i > 0)
                request.Write((byte)',');
            TurnJson.Open(request, _texts, first.Session, first.Turn + i);
            request.Write("\"}"u8);
        }

        request.Write("]}"u8);
        request.EndBody();
        return true;
    }

    public void Answered(ReadOnlySpan<byte> body)
    {
        // All or nothing: a 201 says all.
    }
}
