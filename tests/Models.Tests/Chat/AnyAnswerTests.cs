using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Episodes;
using MemoryOrleans.Models.Chat;

namespace MemoryOrleans.Models.Tests.Chat;

/// <summary>
/// Answers that were once good, with characters changed, doubled and lost, and random values where the schema has others.
/// </summary>
public sealed class AnyAnswerTests
{
    private static readonly string[] Pieces =
    [
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "\\ud800", "null", "-1", "1e400", "11", "13", "99999999999999999999", "true",
        "peanuts", "Ann", "\n", "```", " ",
    ];

    private static readonly StaticEmbedder Embedder = new();
    private static readonly Distillation Rules = DistillerUnderTest.RulesOnlyAsync(DistillerUnderTest.Talk).GetAwaiter().GetResult();

    [Fact]
    public void Whatever_a_model_answers_all_that_is_kept_cites_turns_it_was_shown_and_keeps_to_the_limits() =>
        Prop.ForAll(AnswerGen.ToArbitrary(), static answer =>
        {
            var limits = new DistillationLimits();
            if (DistilAnswer.Read(answer) is not { } read
                || new GroundAnswer(DistillerUnderTest.Talk, Rules, limits, Embedder, "chat").Ground(read) is not var (made, dropped))
                return;
            Assert.InRange(dropped, 0, int.MaxValue);
            Assert.Equal(Rules.Episodes.Select(static each => each.Sources), made.Episodes.Select(static each => each.Sources));
            Assert.All(made.Facts, static fact => Assert.All(fact.Sources, static source => Assert.InRange(source.Seq, 11, 15)));
            Assert.All(made.Facts, static fact => Assert.NotEmpty(fact.Sources));
            Assert.All(made.Facts, static fact =>
                Assert.True(DistilAnswer.IsClean(fact.Content, 1_000) && fact.Importance is >= 0 and <= 1));
            Assert.All(made.Episodes, static each => Assert.InRange(each.Importance, 0, 1));
        }).Check(SameCases.Quick.WithMaxTest(400));

    private static Gen<string> AnswerGen =>
        from changes in Gen.Choose(0, 3)
        from places in Gen.Choose(0, ChatDistillerTests.Good.Length - 1).ArrayOf(changes)
        from lengths in Gen.Choose(0, 6).ArrayOf(changes)
        from pieces in Gen.Elements(Pieces).ArrayOf(changes)
        select Change(places, lengths, pieces);

    private static string Change(int[] places, int[] lengths, string[] pieces)
    {
        var text = ChatDistillerTests.Good;
        for (var i = 0; i < places.Length; i++)
        {
            var at = Math.Min(places[i], text.Length);
            text = text[..at] + pieces[i] + text[Math.Min(text.Length, at + lengths[i])..];
        }

        return text;
    }
}
