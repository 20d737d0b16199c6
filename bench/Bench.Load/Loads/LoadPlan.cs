using System.Text;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>What the request sources of one run have in common.</summary>
/// <param name="Run">Prefix of the run's session ids.</param>
/// <param name="MeanWords">Mean words of a turn.</param>
internal sealed record LoadPlan(RequestForms Forms, Vocabulary Vocabulary, long Seed, int Workers, string Run, int MeanWords)
{
    public byte[] SessionPrefix { get; } = Encoding.ASCII.GetBytes($"{Run}-s");

    public TurnTexts NewTexts() => new(Vocabulary, Seed, MeanWords);
}

/// <summary>Pieces of request bodies.</summary>
internal static class TurnJson
{
    /// <summary>Writes <c>{"role":…,"content":"…</c>, leaving string and object open.</summary>
    public static void Open(RequestBuffer buffer, TurnTexts texts, long session, long turn)
    {
        buffer.Write("{\"role\":\""u8);
        buffer.Write(TurnTexts.RoleOf(turn));
        buffer.Write("\",\"content\":\""u8);
        texts.Write(buffer, session, turn);
    }

    /// <summary><c>"user_id":"…"</c> with what must stand before it, or nothing without a user.</summary>
    public static byte[] UserField(string? user, string before, string after = "") =>
        user is null ? [] : Encoding.ASCII.GetBytes($"{before}\"user_id\":\"{user}\"{after}");
}
