using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Memories;

namespace MemoryOrleans.Memory.Tests.Facts;

/// <summary>Facts about one event, plan or attribute of one subject become one, in the fullest of their wordings.</summary>
public sealed class SameMatterTests
{
    private const string Mill = "Ann keeps bees behind the old mill.";
    private const string Hives = "Ann keeps four hives of bees.";
    private const string Both = "Ann keeps four hives of bees behind the old mill and sells the honey.";

    [Theory]
    [InlineData("event", "Ann had a great time sailing around the island of Hvar on 3 May 2025.",
        "On 3 May 2025 Ann went sailing around the island of Hvar with a crew from the mill.")]
    [InlineData("event", "On 3 May 2025 Ann proudly passed the harbour pilot exam.",
        "Ann passed the harbour pilot exam in Split on 3 May 2025.")]
    [InlineData("event", "Ann has adopted a really cute pup from the harbour shelter.",
        "Ann adopted a brown puppy from the harbour shelter and called it Rufus.")]
    [InlineData("plan", "Ann wants to repaint the old ferry house before winter.",
        "Ann is planning to repaint the old ferry house with Bo before winter.")]
    [InlineData("state", "Ann is struggling to learn welding at the harbour school.",
        "Ann is learning welding at the harbour school on Friday evenings.")]
    public void Two_accounts_of_one_matter_are_one_fact_in_the_words_of_the_fuller(string kind, string less, string full)
    {
        foreach (var said in new[] { new[] { less, full }, [full, less] })
        {
            var fact = Assert.Single(Say(kind, said).Current);
            Assert.Equal((full, 2, MemoryStatus.Active), (fact.Content, fact.Sources.Count, fact.Status));
        }
    }

    [Theory]
    [InlineData("event", "Ann bought a red kayak at the harbour on 3 May 2025.",
        "Ann bought a blue kayak at the harbour on 3 May 2025 for the summer.")]
    [InlineData("event", "Ann met Bo at the harbour cafe on 3 May 2025.",
        "Ann met Carl at the harbour cafe on 3 May 2025 to talk about boats.")]
    [InlineData("event", "Ann proudly passed the harbour pilot exam on 3 May 2025.",
        "Ann passed the harbour pilot exam in Split on 5 May 2025.")]
    [InlineData("event", "Ann won another harbour race in the old skiff on 3 May 2025.",
        "Ann won a harbour race in the old skiff on 3 May 2025 by a minute.")]
    [InlineData("state", "Ann has got a chess tournament in May 2025 and feels good about it.",
        "Ann just won a regional chess tournament in the week of 19 May 2025.")]
    [InlineData("plan", "Ann wants to repaint the old ferry house before winter.",
        "Ann is planning to sell the old ferry house with Bo before winter.")]
    [InlineData("event", "Ann called the harbour office about a berth on 3 May 2025.",
        "Ann called the harbour office about a licence on 3 May 2025 and got an answer.")]
    [InlineData("preference", "Ann likes to sail around the island of Hvar.",
        "Ann's uncle likes to sail around the island of Hvar in May.")]
    public void Another_value_day_person_or_occasion_is_another_fact(string kind, string one, string other)
    {
        foreach (var said in new[] { new[] { one, other }, [other, one] })
            Assert.Equal(2, Say(kind, said).Current.Count);
    }

    [Fact]
    public void Of_one_kind_only_and_an_event_without_a_day_only_near_its_time()
    {
        const string Less = "Ann has adopted a really cute pup from the harbour shelter.";
        const string Full = "Ann adopted a brown puppy from the harbour shelter.";
        var (kinds, times) = (new MemoryLog(), new MemoryLog());
        kinds.Say(0, Of("event", Full, 0), Of("state", Less, 0));
        times.Say(0, Of("event", Full, 0));
        times.Say(40, Of("event", Less, 40));

        Assert.Equal(2, kinds.Current.Count);
        Assert.Equal(2, times.Current.Count);
    }

    [Fact]
    public void One_value_of_one_attribute_is_told_by_the_fuller()
    {
        var (log, plan) = (new MemoryLog(), new FactClaim("ann", "plan", "use a dry dock", IsSingleValued: false));
        log.Say(0, Of("plan", "Ann is planning to use a dry dock for the repairs.", 0) with { Claim = plan });
        log.Say(1, Of("plan", "Ann is planning to use a dry dock for the hull and the keel of her 2 boats.", 1) with { Claim = plan });

        Assert.Equal("Ann is planning to use a dry dock for the hull and the keel of her 2 boats.", Assert.Single(log.Current).Content);
    }

    [Fact]
    public void A_statement_that_tells_what_two_facts_told_takes_both_in_and_undone_gives_both_back()
    {
        var log = Say("state", Mill, Hives, Both);

        var fact = Assert.Single(log.Current, static fact => fact.Status == MemoryStatus.Active);
        Assert.Equal((Both, Some.Day(0)), (fact.Content, fact.ValidFrom));
        Assert.Equal(["s0", "s1", "s2"], fact.Sources.Select(static source => source.SessionId).Order(StringComparer.Ordinal));
        var part = Assert.Single(log.Current, static fact => fact.Status == MemoryStatus.Superseded);
        Assert.Equal((fact.Id, part.ValidFrom, fact.Operation), (part.SupersededBy, part.ValidTo, part.Operation));

        log.Say(3, Of("state", part.Content, 3));
        Assert.Equal(4, Assert.Single(log.Current, static fact => fact.Status == MemoryStatus.Active).Sources.Count);
        var again = log.History(fact.Id)[^1].Operation;
        Assert.True(log.Undo(again, Some.Day(4)).IsSuccess);
        Assert.True(log.Undo(fact.Operation, Some.Day(5)).IsSuccess);
        Assert.Equal([Mill, Hives], log.Current.Where(static each => each.Status == MemoryStatus.Active)
            .Select(static each => each.Content).Order(StringComparer.Ordinal));
    }

    private static MemoryLog Say(string kind, params string[] said)
    {
        var log = new MemoryLog();
        for (var day = 0; day < said.Length; day++)
            log.Say(day, Of(kind, said[day], day));
        return log;
    }

    private static FactCandidate Of(string kind, string content, int day) =>
        Some.Said(content, null, content.Contains("2025", StringComparison.Ordinal) ? 61 : day, $"s{day}") with { FactKind = kind };
}
