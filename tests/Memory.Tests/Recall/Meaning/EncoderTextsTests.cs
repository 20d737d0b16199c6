using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall.Meaning;

public sealed class EncoderTextsTests
{
    private static readonly string LongWords = string.Join(' ', Enumerable.Range(1, 200).Select(static i => $"w{i}"));

    [Fact]
    public void A_turn_in_its_context_has_the_end_of_the_one_before() =>
        Assert.Equal(
            "Ada: w161 " + string.Join(' ', Enumerable.Range(162, 39).Select(static i => $"w{i}")) + "\nassistant: Yes, at noon.",
            EncoderTexts.Of(Said("assistant", null, "Yes, at noon."), Said("assistant", "Ada", LongWords)).Context);

    [Fact]
    public void Of_a_users_long_turn_the_beginning_is_what_is_answered() =>
        Assert.StartsWith("user: w1 w2 ", EncoderTexts.Of(Said("assistant", null, "Yes."), Said("user", null, LongWords)).Context,
        StringComparison.Ordinal);

    [Fact]
    public void Of_its_own_words_the_first_140_are_in_it()
    {
        var context = EncoderTexts.Of(Said("user", "Ada", LongWords), null).Context;
        Assert.StartsWith("Ada: w1 ", context, StringComparison.Ordinal);
        Assert.EndsWith(" w140", context, StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_are_whole_sentences_of_a_dozen_words_together() =>
        Assert.Equal(
            ["One two three. Four five six seven.", "Eight nine ten eleven twelve thirteen fourteen.", "Fifteen."],
            EncoderTexts.Of(Said("user", null,
            "One two three. Four five six seven. Eight nine ten eleven twelve thirteen fourteen. Fifteen."), null).Pieces
                .SelectMany(static piece => piece.EndsWith("Fifteen.", StringComparison.Ordinal)
                ? new[] { piece[..^9], "Fifteen." } : [piece]));

    [Fact]
    public void Of_an_assistants_long_turn_two_pieces_are_taken_and_of_a_users_all()
    {
        var text = string.Join(' ', Enumerable.Range(0, 40).Select(static i => $"This is sentence number {i} of many others today."));
        Assert.Equal(2, EncoderTexts.Of(Said("assistant", null, text), null).Pieces.Count);
        Assert.Equal(4, EncoderTexts.Of(Said("user", null, text), null).Pieces.Count);
    }

    [Fact]
    public void A_turn_without_words_has_no_pieces_and_one_without_blanks_is_bounded()
    {
        Assert.Empty(EncoderTexts.Of(Said("user", null, "  \n "), null).Pieces);
        var texts = EncoderTexts.Of(Said("user", null, new string('x', 3_999) + "😀😀"), null);
        Assert.Equal(3_999, Assert.Single(texts.Pieces).Length);
        Assert.True(texts.Context.Length <= 4_000);
    }

    private static Turn Said(string role, string? name, string content) =>
        new("s", 1, "t", role, name, content, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, 1);
}
