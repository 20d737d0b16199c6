using MemoryOrleans.Erasures;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Erasures;

public sealed class RedactSourcesTests
{
    private static readonly SourceTurn Gone = Some.Turn(1);
    private static readonly SourceTurn Left = Some.Turn(2, "s2");
    private static readonly RedactSources Redaction = new(new ConsolidationRules(), Some.Embedder);

    private static readonly MemoryRecord Fact = Some.Fact("m1") with
    {
        Sources = [Gone, Left], Claim = Some.Home("berlin"), Entities = ["Ann", "Zoe"], Topics = ["berlin", "secret"],
            Metadata = """{"x":"secret"}""",
    };

    [Fact]
    public void What_rests_on_erased_turns_alone_is_erased() =>
        Assert.Equal(RedactionDecision.Erase, Of(Fact with { Sources = [Gone] }, "Ann lives in Berlin.").Decision);

    [Fact]
    public void What_cites_none_of_them_is_kept() =>
        Assert.Equal(RedactionDecision.Keep, Of(Fact with { Sources = [Left] }, "Ann lives in Berlin.").Decision);

    [Theory]
    [InlineData("Well, Ann lives in Berlin. She likes it.")]
    [InlineData("Ann is living in Berlin!")]
    public void What_a_remaining_source_says_too_loses_the_erased_source_and_what_only_that_one_said(string text)
    {
        var redaction = Of(Fact, text);

        Assert.Equal(RedactionDecision.Redact, redaction.Decision);
        var after = redaction.Write!.After;
        Assert.Equal((2L, MemoryChange.Redacted, Fact.Content), (after.Version, after.Change, after.Content));
        Assert.Equal([Left], after.Sources);
        Assert.Equal(["Ann"], after.Entities);
        Assert.Equal(["berlin"], after.Topics);
        Assert.Null(after.Metadata);
    }

    [Theory]
    [InlineData("Ann lives in Paris.")]
    [InlineData("I moved there last year.")]
    [InlineData(null)]
    public void What_no_remaining_source_says_alone_is_erased(string? text) =>
        Assert.Equal(RedactionDecision.Erase, Of(Fact, text).Decision);

    [Fact]
    public void An_episode_is_distilled_anew_from_what_is_left()
    {
        var redaction = Of(Fact with { Kind = "episode" }, "Ann lives in Berlin.");

        Assert.Equal(RedactionDecision.NeedsRedistillation, redaction.Decision);
        Assert.Equal([Left], redaction.Remaining);
        Assert.Equal(RedactionDecision.Erase, Of(Fact with { Kind = "episode", Sources = [Gone] }, null).Decision);
    }

    [Fact]
    public void Earlier_versions_in_other_words_lose_theirs()
    {
        var older = Fact with { Content = "Ann told a secret in Berlin.", SupersededAt = Some.Day(1) };
        var redaction = Redaction.Redact(
            [older, Fact with { Version = 2, RecordedAt = Some.Day(1) }], new HashSet<SourceTurn> { Gone }, static _ =>
            "Ann lives in Berlin.", "op-9", Some.Day(2));

        Assert.Equal(["", Fact.Content], redaction.Redacted.Select(static version => version.Content));
        Assert.DoesNotContain(Gone, redaction.Redacted.SelectMany(static version => version.Sources));
    }

    private static MemoryRedaction Of(MemoryRecord memory, string? text) =>
        Redaction.Redact([memory], new HashSet<SourceTurn> { Gone }, source => source == Left ? text : null, "op-9", Some.Day(2));
}
