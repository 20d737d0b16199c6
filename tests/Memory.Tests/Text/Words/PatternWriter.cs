using System.Text;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Memory.Tests.Text.Words;

/// <summary>Writes texts that a pattern fits, and texts that it nearly fits.</summary>
internal sealed class PatternWriter(int seed)
{
    private const string Letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789     .,;:!?'’\"“”-–—()&/#*_`\n\t€£éÉüß\u212a\u0301\u200d猫\u0661";
    private const int FurtherRepeatsMax = 6;
    private const int ManyRepeats = 70;

    private readonly Random random = new(seed);

    /// <summary>A text with the pattern in it, perhaps a letter off, among other letters.</summary>
    public string Write(Pattern pattern)
    {
        var text = new StringBuilder();
        if (random.Next(3) == 0)
            text.Append("Then. ");
        Write(PatternNotation.Read(pattern.Notation, pattern.IsAnyCase), text);
        if (random.Next(3) == 0)
            Write(PatternNotation.Read(pattern.Notation, pattern.IsAnyCase), text.Append(' '));
        if (random.Next(2) == 0)
            text.Append(Letters[random.Next(Letters.Length)]).Append(" and so it was");
        return random.Next(3) == 0 ? Spoil(text.ToString()) : text.ToString();
    }

    private string Spoil(string text)
    {
        var at = random.Next(text.Length + 1);
        return random.Next(3) switch
        {
            0 => text.Insert(at, Letters[random.Next(Letters.Length)].ToString()),
            1 when at < text.Length => text.Remove(at, 1),
            _ => text.ToUpperInvariant(),
        };
    }

    private void Write(PatternNode node, StringBuilder text)
    {
        switch (node)
        {
            case PatternNode.Letter letter:
                var fitting = Letters.Where(letter.Set.Contains).ToArray();
                text.Append(fitting.Length == 0 ? letter.Set.Pair!.Value.One : fitting[random.Next(fitting.Length)]);
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                    Write(part, text);
                break;
            case PatternNode.Choice choice:
                Write(choice.Options[random.Next(choice.Options.Count)], text);
                break;
            case PatternNode.Repeat repeat:
                var further = random.Next(8) == 0 ? ManyRepeats : FurtherRepeatsMax;
                var max = Math.Min(repeat.Max ?? int.MaxValue, repeat.Min + further);
                for (var times = random.Next(repeat.Min, max + 1); times > 0; times--)
                    Write(repeat.Body, text);
                break;
            case PatternNode.Group group:
                Write(group.Body, text);
                break;
            default:
                Assert.IsType<PatternNode.Place>(node);
                break;
        }
    }
}
