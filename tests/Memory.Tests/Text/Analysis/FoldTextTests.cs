using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed class FoldTextTests
{
    /// <summary>The same text composed (NFC) and decomposed (NFD); the runtime does not normalise here.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "Caf\u00E9 \u00C5ngstr\u00F6m", "Cafe\u0301 A\u030Angstro\u0308m" },
        { "Vi\u1EC7t \u0111\u01B0\u1EDDng", "Vie\u0323\u0302t \u0111u\u031Bo\u031B\u0300ng" },
        { "\u0130zmir \u01D8", "I\u0307zmir u\u0308\u0301" },
        { "\u0439\u043E\u0434 \u0419\u043E\u0434 \u0451\u0436 \u0457\u0436\u0430\u043A \u045E",
        "\u0438\u0306\u043E\u0434 \u0418\u0306\u043E\u0434 \u0435\u0308\u0436 \u0456\u0308\u0436\u0430\u043A \u0443\u0306" },
        { "\u0453 \u045C \u045D", "\u0433\u0301 \u043A\u0301 \u0438\u0300" },
        { "\u1F04\u03BD\u03B8\u03C1\u03C9\u03C0\u03BF\u03C2 \u0390",
        "\u03B1\u0313\u0301\u03BD\u03B8\u03C1\u03C9\u03C0\u03BF\u03C2 \u03B9\u0308\u0301" },
        { "\u0623\u0625\u0622 \u0624 \u0626", "\u0627\u0654\u0627\u0655\u0627\u0653 \u0648\u0654 \u064A\u0654" },
        { "\u0929 \u095C \u09CB \u0BCA \u0D4A", "\u0928\u093C \u0921\u093C \u09C7\u09BE \u0BC6\u0BBE \u0D46\u0D3E" },
        { "\u304C\u3071\u30F4\u30DD \u30FE", "\u304B\u3099\u306F\u309A\u30A6\u3099\u30DB\u309A \u30FD\u3099" },
        { "\uD55C\uAD6D\uC5B4 \uAC00\uAC01", "\u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165 \u1100\u1161\u1100\u1161\u11A8" },
        { "\uFB2A\uFB4B", "\u05E9\u05C1\u05D5\u05B9" },
        { "\U000110AB", "\U000110A5\U000110BA" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Composed_and_decomposed_text_fold_alike(string composed, string decomposed) =>
        Assert.Equal(Fold(composed), Fold(decomposed));

    [Fact]
    public void Folding_what_is_folded_changes_nothing() =>
        Prop.ForAll(AnyUtf16.Texts, text => Fold(Fold(text)) == Fold(text)).Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void The_short_way_for_ascii_and_the_long_way_agree() =>
        Prop.ForAll(
            AnyUtf16.Texts,
            text => new FoldText().FoldAtLength(text).SequenceEqual(new FoldText().Fold(text)))
            .Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void Every_character_becomes_what_the_stages_after_know()
    {
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var folded = Fold(new string((char)code, 1));
            Assert.True(folded.Length <= FoldText.ExpansionMax);
            Assert.DoesNotContain(folded, letter => char.IsUpper(letter) || letter >= FoldingTable.Surrogate);
            Assert.DoesNotContain(folded.EnumerateRunes(), rune => rune == Rune.ReplacementChar);
        }
    }

    [Fact]
    public void Every_case_pair_folds_alike()
    {
        for (var code = 0x80; code <= char.MaxValue; code++)
        {
            var upper = char.ToUpperInvariant((char)code);
            if (char.ToLowerInvariant(upper) == code)
                Assert.Equal(Fold(((char)code).ToString()), Fold(upper.ToString()));
        }
    }

    private static string Fold(string text) => new FoldText().Fold(text).ToString();
}
