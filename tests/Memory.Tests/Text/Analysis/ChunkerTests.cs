using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed class ChunkerTests
{
    [Fact]
    public void A_text_within_the_limit_is_one_piece()
    {
        Assert.Equal(["one two. three!"], Split("one two. three!", 4));
        Assert.Equal([""], Split("", 4));
        Assert.Equal(["          "], Split("          ", 2));
    }

    [Fact]
    public void Pieces_hold_as_many_whole_sentences_as_fit() =>
        Assert.Equal(["a b. c d? ", "e f g!\n", "h i"], Split("a b. c d? e f g!\nh i", 4));

    [Fact]
    public void A_sentence_longer_than_a_piece_stays_whole() =>
        Assert.Equal(["a. ", "b c d e f g. ", "h."], Split("a. b c d e f g. h.", 3));

    [Fact]
    public void Line_breaks_end_sentences_and_a_dot_inside_a_word_does_not() =>
        Assert.Equal(["v1.2 of x.y\r\n\r\n", "is out... ", "at last"], Split("v1.2 of x.y\r\n\r\nis out... at last", 3));

    [Fact]
    public void Emoji_after_the_end_belong_to_the_sentence() =>
        Assert.Equal(["So we did!🌟👩‍🚀 ", "And then some?❤️ ", "Yes"], Split("So we did!🌟👩‍🚀 And then some?❤️ Yes", 3));

    [Fact]
    public void Chinese_is_cut_after_its_full_stops_and_else_after_commas()
    {
        Assert.Equal(["今天天气很好。", "我们去公园吧！", "好"], Split("今天天气很好。我们去公园吧！好", 4));
        Assert.Equal(["今天天气很好，", "我们去公园吧，", "好吗"], Split("今天天气很好，我们去公园吧，好吗", 4));
    }

    [Fact]
    public void Thai_is_cut_between_phrases() =>
        Assert.Equal(["สวัสดีครับ ", "วันนี้อากาศดี ", "มาก"], Split("สวัสดีครับ วันนี้อากาศดี มาก", 3));

    [Fact]
    public void Hindi_and_arabic_sentences_end_at_their_own_marks()
    {
        Assert.Equal(["यह एक है। ", "वह दो है"], Split("यह एक है। वह दो है", 3));
        Assert.Equal(["كيف حالك اليوم؟ ", "أنا بخير"], Split("كيف حالك اليوم؟ أنا بخير", 3));
    }

    [Fact]
    public void Pieces_cover_the_text_without_gap_or_overlap() =>
        Prop.ForAll(
            AnyUtf16.Texts,
            Gen.Choose(1, 12).ToArbitrary(),
            (text, wordsMax) =>
            {
                var ranges = Ranges(text, wordsMax);
                var position = 0;
                foreach (var range in ranges)
                {
                    Assert.Equal(position, range.Start.Value);
                    Assert.True(range.End.Value > position || text.Length == 0);
                    position = range.End.Value;
                }

                Assert.Equal(text.Length, position);
            }).Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void Pieces_of_english_are_within_the_limit_or_one_sentence() =>
        Prop.ForAll(
            Gen.Elements("a", "bc", "d.", "e!", "f?\n", "g").ArrayOf().ToArbitrary(),
            words =>
            {
                foreach (var piece in Split(string.Join(' ', words), 5))
                {
                    var said = piece.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                    var isOneSentence = !said.SkipLast(1).Any(word => word.IndexOfAny(['.', '!', '?']) >= 0);
                    Assert.True(said.Length <= 5 || isOneSentence);
                }
            }).Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void A_long_text_without_any_break_is_read_in_little_time()
    {
        var thai = string.Concat(Enumerable.Repeat("ภาษาไทย ", 20_000));
        var dots = new string('.', 100_000) + "x";

        Assert.True(Split(thai, 50).Length > 500);
        Assert.Equal([dots], Split(dots, 50));
    }

    private static string[] Split(string text, int wordsMax) => [.. Ranges(text, wordsMax).Select(range => text[range])];

    private static List<Range> Ranges(string text, int wordsMax)
    {
        var ranges = new List<Range>();
        Chunker.Split(text, wordsMax, ranges);
        return ranges;
    }
}
