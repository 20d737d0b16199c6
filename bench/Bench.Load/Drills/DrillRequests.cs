using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>
/// The numbered appends of a drill. Everything about number n follows from the seed and n, so it can be sent again
/// byte for byte by another process: its session, whether it carries an Idempotency-Key, whether it is a batch, its text.
/// No two turns have the same text. One instance serves one thread.
/// </summary>
internal sealed class DrillRequests(RequestForms forms, Vocabulary vocabulary, long seed, DrillShape shape)
{
    private const int MeanWords = 25;
    private readonly TurnTexts _texts = new(vocabulary, seed, MeanWords);
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes($"{shape.Run}-s");
    private readonly RequestBuffer _text = new();

    /// <summary>Writes request <paramref name="number"/>.</summary>
    public Attempt Compose(RequestBuffer request, long number)
    {
        var random = SplitMix.Of(seed, 0xD217, number);
        var session = new SessionName(_prefix, number % shape.Sessions);
        var keyed = random.Share() < shape.KeyedShare;
        var batch = random.Share() < shape.BatchShare;
        var hashes = new string[batch ? 2 + random.Below(8) : 1];
        if (batch)
            forms.BeginBatch(request, session, keyed ? number : -1);
        else
            forms.BeginTurn(request, session, keyed ? number : -1);
        request.Write(batch ? "{\"turns\":["u8 : []);
        for (var i = 0; i < hashes.Length; i++)
        {
            request.Write(i > 0 ? ",{\"role\":\""u8 : "{\"role\":\""u8);
            request.Write(TurnTexts.RoleOf(i));
            request.Write("\",\"content\":\""u8);
            hashes[i] = WriteText(request, session.Index, number, i);
            request.Write("\"}"u8);
        }

        request.Write(batch ? "]}"u8 : []);
        request.EndBody();
        return new Attempt(number, session.ToString(), keyed, hashes);
    }

    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12));

    private string WriteText(RequestBuffer request, long session, long number, int index)
    {
        _text.Clear();
        _texts.Write(_text, session, number);
        _text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" No. {number}, part {index}.")));
        request.Write(_text.Written);
        return HashOf(_text.Written);
    }
}

/// <summary>What a drill sends.</summary>
/// <param name="Run">Prefix of its session ids.</param>
/// <param name="KeyedShare">Share of requests with an Idempotency-Key.</param>
/// <param name="BatchShare">Share of requests that are batches of 2 to 9 turns.</param>
internal sealed record DrillShape(string Run, int Sessions, double KeyedShare, double BatchShare);
