using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Texts;

/// <summary>
/// Conversation-like turns and questions about them, made on the fly (about a microsecond each). The text of turn n of
/// session s depends on the seed, s and n only, so a question can be made of words of a turn stored long ago. Text is
/// ASCII of letters, digits and <c>,.?</c>: it needs no escaping in JSON. One instance serves one thread.
/// </summary>
internal sealed class TurnTexts(Vocabulary vocabulary, long seed, int meanWords)
{
    public const int WordsMin = 5;
    public const int WordsMax = 60;
    private const int TopicWords = 24;
    private const int TopicPercent = 12;
    private const int NamePercent = 3;
    private const int NumberPercent = 2;
    private const int QuestionPercent = 25;
    private readonly int[] _lengths = MakeLengths(seed, meanWords);
    private readonly int[] _ranks = new int[WordsMax];

    /// <summary>user and assistant take turns.</summary>
    public static ReadOnlySpan<byte> RoleOf(long turn) => (turn & 1) == 0 ? "user"u8 : "assistant"u8;

    /// <summary>Writes a turn of 5 to 60 words: sentences of 5 to 14, the last one a question in a quarter of the user's turns.</summary>
    public void Write(RequestBuffer buffer, long session, long turn)
    {
        var random = SplitMix.Of(seed, session, turn);
        var count = DrawWords(ref random, session);
        var question = (turn & 1) == 0 && random.Below(100) < QuestionPercent;
        var left = count;
        while (left > 0)
        {
            var sentence = Math.Min(left, 5 + random.Below(10));
            if (left - sentence < 3)
                sentence = left;
            var begin = buffer.Length;
            WriteSentence(buffer, ref random, _ranks.AsSpan(count - left, sentence));
            buffer.Capitalise(begin);
            left -= sentence;
            buffer.Write(left == 0 && question ? "?"u8 : left == 0 ? "."u8 : ". "u8);
        }
    }

    /// <summary>Writes a question of 3 to 8 words with content words of the given turn; <paramref name="nonce"/> varies its form.</summary>
    public void WriteQuestion(RequestBuffer buffer, long session, long turn, ulong nonce)
    {
        var random = SplitMix.Of(seed, session, turn);
        var count = DrawWords(ref random, session);
        var form = new SplitMix(nonce);
        var style = form.Below(4);
        var wanted = style == 0 ? 2 + form.Below(3) : 1 + form.Below(3);
        WriteOpening(buffer, style, ref form);
        var at = form.Below(count);
        for (var tried = 0; tried < count && wanted > 0; tried++, at = (at + 1) % count)
        {
            if (_ranks[at] < Vocabulary.ContentRank)
                continue;
            buffer.Write((byte)' ');
            buffer.Write(vocabulary.Word(_ranks[at]));
            wanted--;
        }

        buffer.Write((byte)'?');
    }

    private void WriteOpening(RequestBuffer buffer, int style, ref SplitMix form)
    {
        if (style == 1)
        {
            buffer.Write("what did "u8);
            WriteName(buffer, form.Below(vocabulary.Names));
            buffer.Write(" say about"u8);
        }
        else
        {
            buffer.Write(style switch { 0 => "which"u8, 2 => "when did we talk about"u8, _ => "what about the"u8 });
        }
    }

    private int DrawWords(ref SplitMix random, long session)
    {
        var count = _lengths[random.Below(_lengths.Length)];
        for (var i = 0; i < count; i++)
            _ranks[i] = random.Below(100) < TopicPercent ? TopicRank(session, random.Below(TopicWords)) : vocabulary.Draw(ref random);
        return count;
    }

    /// <summary>A conversation keeps coming back to words of its own, as real ones do; rarer words less often.</summary>
    private int TopicRank(long session, int index)
    {
        var share = SplitMix.Of(~seed, session, index).Share();
        return Vocabulary.ContentRank + (int)(share * share * share * (Vocabulary.Size - Vocabulary.ContentRank));
    }

    private void WriteSentence(RequestBuffer buffer, ref SplitMix random, ReadOnlySpan<int> ranks)
    {
        for (var i = 0; i < ranks.Length; i++)
        {
            if (i > 0)
                buffer.Write((byte)' ');
            var dice = random.Below(100);
            if (dice < NamePercent)
                WriteName(buffer, random.Below(vocabulary.Names));
            else if (dice < NamePercent + NumberPercent)
                buffer.WriteNumber(1 + random.Below(random.Below(10) == 0 ? 2_000 : 60));
            else
                buffer.Write(vocabulary.Word(ranks[i]));
            if (dice > 93 && i > 1 && i < ranks.Length - 2)
                buffer.Write((byte)',');
        }
    }

    private void WriteName(RequestBuffer buffer, int index)
    {
        var begin = buffer.Length;
        buffer.Write(vocabulary.Name(index));
        buffer.Capitalise(begin);
    }

    /// <summary>Quantiles of 5 + a gamma of shape 2, cut at 60: many short turns, some long, the mean as asked.</summary>
    private static int[] MakeLengths(long seed, int mean)
    {
        var random = SplitMix.Of(seed, -1, mean);
        var scale = Math.Max(0, mean + 0.5 - WordsMin) / 2.0;
        var lengths = new int[4096];
        for (var i = 0; i < lengths.Length; i++)
        {
            var gamma = -Math.Log((1 - random.Share()) * (1 - random.Share()));
            lengths[i] = Math.Min(WordsMax, WordsMin + (int)(scale * gamma));
        }

        return lengths;
    }
}
