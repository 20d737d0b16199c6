using FsCheck;
using FsCheck.Fluent;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

/// <summary>Texts that are hard on whoever reads them: every script, loose marks, halves of pairs, punctuation.</summary>
internal static class AnyUtf16
{
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x20, 0x7E), (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x8FF), (0x900, 0x97F),
        (0xE00, 0xEFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2000, 0x206F), (0x3000, 0x30FF),
        (0x4E00, 0x4E40), (0xAC00, 0xAD00), (0xD7F0, 0xE000), (0xD83C, 0xD850), (0xDC00, 0xDC10), (0xF900, 0xFFFF),
    ];

    public static Arbitrary<string> Texts { get; } =
        Gen.Elements(Blocks)
            .SelectMany(block => Gen.Choose(block.First, block.Last))
            .Select(code => (char)code)
            .ArrayOf()
            .Select(letters => new string(letters))
            .ToArbitrary();
}
