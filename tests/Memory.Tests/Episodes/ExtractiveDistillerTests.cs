using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Episodes;
using MemoryOrleans.Memory.Tests.Recall;
using MemoryOrleans.Memory.Tests.Text.Analysis;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memory.Tests.Episodes;

public sealed class ExtractiveDistillerTests
{
    private static readonly (string Role, string? Name)[] Speakers =
        [("user", null), ("assistant", null), ("user", "Ann"), ("user", "Żaneta"), ("tool", ""), ("", "<>")];

    private static readonly string[] Sayings =
    [
        "I moved to Berlin last week.", "My sister Ines bought two dogs yesterday!", "Do you like it?", "😀😀", "ok", "مرحبا كيف حالك اليوم",
        "我昨天去了北京。我很喜欢那里。",
        "I quit my job at Oxley Mills; we decided to use PostgreSQL 16.", "```\nvar x = 1;\n```", "[image: a dog",
        "\u0000\u0007 I love\u202E \"cake", "i", "\"", "…", "If I were you, I'd wait.", "5 years already!",
    ];

    private static readonly Gen<(string Text, string Role, string? Name, int Gap)> AnyTurn =
        from text in Gen.OneOf(Gen.Elements(Sayings), AnyUtf16.Texts.Generator,
            Gen.Elements(Sayings).ArrayOf().Select(parts => string.Join(' ', parts)))
        from speaker in Gen.Elements(Speakers)
        from gap in Gen.Choose(0, 600)
        select (text, speaker.Role, speaker.Name, gap);

    private static Arbitrary<Turn[]> AnyTurns => AnyTurn
        .ArrayOf().Where(turns => turns.Length > 0)
        .Select(turns => turns.Select((turn, i) =>
        Turns.Of("s", i + 1, turn.Text, turn.Role, turn.Name, Turns.Noon.AddMinutes(i * turn.Gap))).ToArray())
        .ToArbitrary();

    [Fact]
    public void Whatever_is_said_every_turn_is_in_one_episode_and_every_fact_cites_turns_given() =>
        Prop.ForAll(AnyTurns, turns =>
        {
            var made = Distil(turns);
            var seqs = turns.Select(turn => turn.Seq).ToHashSet();
            return made.Episodes.SelectMany(episode => episode.Sources).Select(source => source.Seq)
                .SequenceEqual(turns.Select(turn => turn.Seq))
                && made.Facts.All(fact => fact.Sources.Count > 0 && fact.Sources.All(source => seqs.Contains(source.Seq))
                && fact.Importance is >= 0 and <= 1 && fact.Content.Length > 0)
                && made.Episodes.All(episode => episode.Importance is >= 0 and <= 1 && episode.Topics.Count <= 10
                && episode.OccurredFrom <= episode.OccurredTo);
        }).Check(SameCases.Quick.WithMaxTest(200));

    [Fact]
    public void Summaries_keep_to_their_tokens_and_episodes_to_their_turns_and_facts() =>
        Prop.ForAll(AnyTurns, Gen.Choose(20, 60).ToArbitrary(), (turns, tokens) =>
        {
            var made = Distil(turns, new DistillationLimits(TurnsMax: 5, SummaryTokensMax: tokens, FactsMax: 2));
            return made.Episodes.All(episode => TokenEstimate.Of(episode.Summary) <= tokens && episode.Sources.Count <= 5)
                && made.Facts.Count <= 2 * made.Episodes.Count;
        }).Check(SameCases.Quick.WithMaxTest(200));

    [Fact]
    public void The_same_turns_give_the_same_in_every_culture() =>
        Prop.ForAll(AnyTurns, turns =>
        {
            var culture = CultureInfo.CurrentCulture;
            var once = DistilledText.Of(Distil(turns));
            try
            {
                CultureInfo.CurrentCulture = Foreign();
                return once == DistilledText.Of(Distil(turns));
            }
            finally
            {
                CultureInfo.CurrentCulture = culture;
            }
        }).Check(SameCases.Quick.WithMaxTest(50));

    [Theory]
    [InlineData("a")]
    [InlineData("word ")]
    [InlineData("I bought 3 boats. ")]
    [InlineData("😀")]
    [InlineData("A")]
    [InlineData("Ann Bob ")]
    [InlineData("\"")]
    [InlineData("I, I'm ")]
    [InlineData("\u0000")]
    [InlineData("```\n")]
    [InlineData("好")]
    public void A_turn_of_a_hundred_thousand_characters_is_distilled_like_any_other(string unit)
    {
        var turn = Turns.Of("s", 1, string.Concat(Enumerable.Repeat(unit, 100_000 / unit.Length)));

        var made = Distil([turn]);

        Assert.Equal(1, Assert.Single(made.Episodes).Sources.Single().Seq);
        Assert.InRange(TokenEstimate.Of(made.Episodes[0].Summary), 0, new DistillationLimits().SummaryTokensMax);
    }

    [Fact]
    public void A_language_without_rules_still_has_a_summary_and_topics()
    {
        var made = Distil(
        [
            Turns.Of("s", 1, "我昨天在北京吃了烤鸭。", name: "小明"),
            Turns.Of("s", 2, "北京的烤鸭很好吃。", name: "小红"),
            Turns.Of("s", 3, "下次我们一起去北京。", name: "小明"),
        ]);

        var episode = Assert.Single(made.Episodes);
        Assert.Contains("北京", episode.Topics);
        Assert.Contains("烤鸭", episode.Summary, StringComparison.Ordinal);
        Assert.Empty(made.Facts);
    }

    [Fact]
    public void A_conversation_is_distilled_as_it_was_before()
    {
        using var stream = typeof(ExtractiveDistillerTests)
            .Assembly.GetManifestResourceStream("MemoryOrleans.Memory.Tests.Episodes.Distilled.txt")!;
        using var reader = new StreamReader(stream);
        var expected = reader.ReadToEnd();

        var actual = DistilledText.Of(Distil(DistilledConversation.Turns));

        Assert.True(expected == actual, $"Should the change be wanted, Distilled.txt is now:\n{actual}");
    }

    /// <summary>Other cultures do not load where globalization is invariant, so one is made up.</summary>
    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus";
        culture.DateTimeFormat.DateSeparator = "*";
        culture.DateTimeFormat.ShortDatePattern = "yyyy/dd/MM";
        return culture;
    }

    private static Distillation Distil(Turn[] turns, DistillationLimits? limits = null) =>
        new ExtractiveDistiller(WordEmbedder.Small)
            .DistilAsync(new Session("s", null, null, SessionStatus.Open, turns.Length, 1, Turns.Noon, Turns.Noon), [], turns,
            limits ?? new DistillationLimits(), CancellationToken.None)
            .Result;
}
