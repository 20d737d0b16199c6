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

    [Fact]
    public void A_fact_whose_fuller_source_is_erased_falls_back_to_what_it_said_before()
    {
        var less = Fact with { Content = "Ann lives in Berlin.", Sources = [Left], SupersededAt = Some.Day(1), Entities = ["Ann"] };
        var full = Fact with
        {
            Version = 2, Content = "Ann lives in Berlin behind a secret door.", Sources = [Left, Gone], RecordedAt = Some.Day(1),
            Change = MemoryChange.Merged,
        };
        var redaction = Redact([less, full]);

        Assert.Equal(RedactionDecision.Redact, redaction.Decision);
        var after = redaction.Write!.After;
        Assert.Equal((3L, less.Content, MemoryStatus.Active), (after.Version, after.Content, after.Status));
        Assert.Equal([Left], after.Sources);
        Assert.Equal([less.Content, ""], redaction.Redacted.Select(static version => version.Content));
        Assert.Equal(RedactionDecision.Erase, Redact([less, full with { Change = MemoryChange.Edited }]).Decision);
    }

    [Theory]
    [InlineData(
        "I adopted a puppy from the harbour shelter on 3 May 2025.", "Ann adopted a puppy from the harbour shelter on 3 May 2025.")]
    [InlineData("I bought a kayak from the harbour office on 3 May 2025.", null)]
    public void A_fact_that_had_its_fuller_source_first_falls_back_to_what_the_other_turn_tells(string said, string? content)
    {
        var full = Fact with
        {
            Content = "Ann adopted a puppy from the harbour shelter on 3 May 2025 and gave it a secret name.", Claim = null,
            Sources = [Gone, Left],
        };
        var redaction = Redact([full], new Turn(
            Left.SessionId, Left.Seq, Left.TurnId, "user", "Ann", said, Some.Day(0), Some.Day(0), Metadata: null, Tokens: 8));

        Assert.Equal(content is null ? RedactionDecision.Erase : RedactionDecision.Redact, redaction.Decision);
        Assert.Equal(content, redaction.Write?.After.Content);
        Assert.All(redaction.Redacted, static version => Assert.DoesNotContain("secret", version.Content, StringComparison.Ordinal));
    }

    private static MemoryRedaction Redact(IReadOnlyList<MemoryRecord> history, Turn? turn = null) => Redaction.Redact(
        history, new HashSet<SourceTurn> { Gone }, _ => turn?.Content, "op-9", Some.Day(2),
        turn is null ? null : _ => Redaction.FactsOf(turn));

    private static MemoryRedaction Of(MemoryRecord memory, string? text) =>
        Redaction.Redact([memory], new HashSet<SourceTurn> { Gone }, source => source == Left ? text : null, "op-9", Some.Day(2));
}
