using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed partial class TokenizerTests
{
    [Theory]
    [InlineData("I'm sure they're at Anna's, aren’t they?", "i sure they at anna aren they")]
    [InlineData("rock'n'roll in the 90's: dogs' a'1 a'b2", "rock roll in the 90 dogs a 1 a 2")]
    [InlineData("snake_case, e-mail@x.org 3.14 C# B2B", "snake case e mail x org 3 14 c b2b")]
    [InlineData(" \t\r\n'’-", "")]
    [InlineData("x² is ½ at 20°C", "x is at 20 c")]
    public void English_is_cut_at_whatever_is_no_letter_or_digit(string text, string tokens) => Assert.Equal(tokens, TokensOf(text));

    [Theory]
    // French, Italian and names: what follows an elided article is the word.
    [InlineData("L’été à l'école, c'est Noël aujourd'hui", "ete a ecole est noel aujourd")]
    [InlineData("dell'università all'alba", "universita alba")]
    [InlineData("Sinead O'Brien, y'all", "sinead brien y")]
    // Latin beyond ASCII.
    [InlineData("¿Dónde está el Niño?", "donde esta el nino")]
    [InlineData("Die Straße über Ägypten, STRAẞE", "die strasse uber agypten strasse")]
    [InlineData("Łódź, Đường, Ærø, œuvre, Þór", "lodz duong aero oeuvre thor")]
    [InlineData("İstanbul'da ısı", "istanbul isi")]
    [InlineData("ﬁne ＡＢＣ１２ 𝓱𝓲", "fine abc12 hi")]
    [InlineData("soft\u00ADhyphen, co\u200Bworker", "softhyphen co worker")]
    // Greek, Cyrillic: й and ї are letters of their own, ё and stress marks are not written by all.
    [InlineData("ΟΔΌΣ οδός", "οδοσ οδοσ")]
    [InlineData("Ёлка стоит в МОСКВЕ, мой за\u0301мок", "елка стоит в москве мой замок")]
    [InlineData("п'ять п’ять Їжак ґанок Иван's", "пять пять їжак ґанок иван")]
    // Hebrew and Arabic: without points; the variants of alef, ya, kaf and ta marbuta are one.
    [InlineData("שָׁלוֹם צה\"ל צה״ל", "שלום צהל צהל")]
    [InlineData("الْكِتَابُ إلى مكتبة كتــاب ٢٠٢٣", "الكتاب الي مكتبه كتاب 2023")]
    [InlineData("کتاب‌ها می\u200Cخواهم ۱۲", "كتاب ها مي خواهم 12")]
    [InlineData("ﻻ ﻛﺘﺎﺏ", "لا كتاب")]
    // Devanagari keeps its vowel signs, not the nukta.
    [InlineData("किताबें पढ़ना।", "किताबें पढना")]
    public void Words_of_scripts_with_blanks_are_folded(string text, string tokens) => Assert.Equal(tokens, TokensOf(text));

    [Theory]
    [InlineData("我喜欢喝茶。茶", "我喜 我 喜欢 喜 欢喝 欢 喝茶 喝 茶 茶")]
    [InlineData("用iPhone手机2024年", "用 iphone 手机 手 机 2024 年")]
    [InlineData("𠮷野家", "𠮷野 𠮷 野家 野 家")]
    [InlineData("ﾃﾞｰﾀを更新、人々", "デー ータ タを を更 更新 更 新 人々 人")]
    [InlineData("ภาษาไทย น้ำ", "ภา าษ ษา าไ ไท ทย น้ํา")]
    [InlineData("ភាសាខ្មែរ", "ភាសា សាខ្ ខ្មែ មែរ")]
    [InlineData("학교에서 학교를 나 ㅋㅋㅋ", "학교 교에 에서 학교 교를 나 ㅋㅋ ㅋㅋ")]
    public void Scripts_without_blanks_and_hangul_are_cut_into_bigrams_and_ideographs(string text, string tokens) =>
        Assert.Equal(tokens, TokensOf(text));

    [Fact]
    public void Ascii_text_is_cut_as_the_expression_of_the_reference_cuts_it() =>
        // No letters that make an elided article, the one difference.
        Prop.ForAll(
            Gen.Elements("aAbeEfgGhik09'' .-_\n".ToCharArray()).ArrayOf().ToArbitrary(),
            letters =>
            {
                var text = new string(letters);
                var expected = Reference().Matches(text.ToLowerInvariant()).Select(match => match.Value.Split('\'')[0]);
                Assert.Equal(string.Join(' ', expected), TokensOf(text));
            }).Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void Any_utf16_yields_tokens_that_yield_themselves() =>
        Prop.ForAll(
            AnyUtf16.Texts,
            text =>
            {
                foreach (var token in new Tokenizer().Tokenize(text))
                {
                    Assert.False(token.IsEmpty);
                    Assert.True(token.IndexOfAny(" '\"") < 0);
                    Assert.Equal(token.ToString(), string.Concat(TokensOf(token.ToString()).Split(' ')[..1]));
                }
            }).Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void A_tokenizer_serves_text_after_text_and_allocates_nothing()
    {
        var tokenizer = new Tokenizer();
        var text = string.Concat(Enumerable.Repeat("Déjà vu at O'Brien's, 東京へ行く; ", 100));
        var count = 0;
        var allocated = 0L;
        for (var round = 0; round < 3; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            foreach (var token in tokenizer.Tokenize(text))
                count += token.Length;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Assert.Equal(0, allocated);
        Assert.True(count > 0);
    }

    private static string TokensOf(string text)
    {
        var tokens = new List<string>();
        foreach (var token in new Tokenizer().Tokenize(text))
            tokens.Add(token.ToString());
        return string.Join(' ', tokens);
    }

    [GeneratedRegex("[a-z0-9]+(?:'[a-z]+)?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
