using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Memories;

namespace MemoryOrleans.Memory.Tests.Facts;

public sealed class ConsolidateFactsTests
{
    [Fact]
    public void A_statement_of_little_salience_waits_and_a_salient_one_is_promoted()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann owns a kayak.", null, 0, importance: 0.2),
            Some.Said("Ann is allergic to nuts.", null, 0, importance: 0.8));

        Assert.Equal(MemoryStatus.Candidate, log.Find("Ann owns a kayak.").Status);
        Assert.Equal(MemoryStatus.Active, log.Find("Ann is allergic to nuts.").Status);
        Assert.NotEqual(log.Find("Ann owns a kayak.").Operation, log.Find("Ann is allergic to nuts.").Operation);
    }

    [Fact]
    public void Repetition_in_other_sessions_promotes_and_in_the_same_session_does_not()
    {
        var (same, others) = (new MemoryLog(), new MemoryLog());
        for (var day = 0; day < 3; day++)
        {
            same.Say(day, Some.Said("Ann owns a kayak.", null, day, "s1", importance: 0.3));
            others.Say(day, Some.Said("Ann owns a kayak.", null, day, $"s{day}", importance: 0.3));
        }

        Assert.Equal(MemoryStatus.Candidate, Assert.Single(same.Current).Status);
        var fact = Assert.Single(others.Current);
        Assert.Equal(MemoryStatus.Active, fact.Status);
        Assert.Equal(["s0", "s1", "s2"], fact.Sources.Select(static source => source.SessionId));
    }

    [Fact]
    public void Citations_promote_a_candidate_when_it_is_reconsidered()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann owns a kayak.", null, 0, importance: 0.45));
        var cited = log.Current[0] with { Salience = CiteMemory.Cite(log.Current[0], Some.Curve, Some.Day(0)).Value.Salience };

        Assert.Empty(log.Consolidation.Reconsider(Some.Owner, log.Current, Some.Day(0)));
        var write = Assert.Single(log.Consolidation.Reconsider(Some.Owner, [cited], Some.Day(0)));
        Assert.Equal((MemoryStatus.Active, MemoryChange.Promoted), (write.After.Status, write.After.Change));
    }

    [Fact]
    public void A_plan_is_one_until_its_day_is_over_and_what_ends_it_ends_no_claim()
    {
        var log = new MemoryLog();
        var plan = Some.Said("Ann plans to sail to Oslo.", new FactClaim("ann", "plan", "sail to oslo", IsSingleValued: false), 0)
            with { FactKind = FactKind.Plan, PlannedUntil = Some.Day(9) };
        log.Say(0, plan, Some.Said("Ann keeps bees.", null, 0) with { FactKind = FactKind.State });

        Assert.Equal((MemoryStatus.Active, Some.Day(9)), (log.Find(plan.Content).Status, log.Find(plan.Content).ValidTo));
        Assert.Equal((FactKind.Plan, FactKind.State), (FactKind.Of(log.Find(plan.Content)), FactKind.Of(log.Find("Ann keeps bees."))));
        Assert.Null(log.Find("Ann keeps bees.").ValidTo);
    }

    [Theory]
    [InlineData(null, "plan", """{"fact_kind":"plan"}""")]
    [InlineData("""{"b":1,"fact_kind":"state"}""", "plan", """{"b":1,"fact_kind":"plan"}""")]
    [InlineData("""{"b":[1,{"c":null}],"fact_kind":"state"}""", null, """{"b":[1,{"c":null}]}""")]
    [InlineData("""{"fact_kind":"state"}""", null, null)]
    [InlineData("""{"b":1}""", null, """{"b":1}""")]
    [InlineData("""{"a":1,"z":2}""", "event", """{"a":1,"fact_kind":"event","z":2}""")]
    public void A_kind_is_put_among_what_else_the_metadata_say(string? metadata, string? kind, string? expected) =>
        Assert.Equal(expected, FactKind.Put(metadata, kind));

    [Fact]
    public void A_plan_told_in_full_ends_with_the_day_it_is_then_for()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann plans to sail to Oslo.", null, 0, "s0") with { FactKind = FactKind.Plan });
        log.Say(1, Some.Said("Ann plans to sail to Oslo with her uncle Bo in May.", null, 1, "s1")
            with { FactKind = FactKind.Plan, PlannedUntil = Some.Day(40) });

        Assert.Contains(log.Current, static fact => fact.Content.Contains("May", StringComparison.Ordinal) && fact.ValidTo == Some.Day(40));
    }

    [Theory]
    [InlineData("Ann is using Django 5 and SQLite 3 for her shop.", "Ann is using Django 5, SQLite 3 and Redis 7.")]
    [InlineData("Ann is using Django 5.", "Ann is using Django 5 and Redis 7 for the search of her shop.")]
    public void A_list_of_what_is_used_takes_up_a_shorter_one(string part, string whole)
    {
        foreach (var said in new[] { new[] { part, whole }, [whole, part] })
        {
            var log = new MemoryLog();
            for (var day = 0; day < said.Length; day++)
                log.Say(day, Some.Said(said[day], new FactClaim("ann", "uses", "django 5", IsSingleValued: false), day, $"s{day}"));

            Assert.Equal(whole, Assert.Single(log.Current).Content);
        }
    }

    [Fact]
    public void Two_things_told_of_one_relative_are_two_facts()
    {
        var (log, silje) = (new MemoryLog(), new FactClaim("ann", "cousin", "silje", IsSingleValued: false));
        log.Say(0, Some.Said("Ann's cousin Silje lives two streets away.", silje, 0, "s0"),
            Some.Said("Ann's cousin Silje owns an old kayak.", silje, 0, "s0"));
        log.Say(1, Some.Said("Ann's cousin Silje lives two streets away from the mill.", silje, 1, "s1"));

        Assert.Equal(2, log.Current.Count);
    }

    [Fact]
    public void Two_lists_of_what_is_used_that_each_name_something_else_stay_two()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann is using Django 5 and SQLite 3.", new FactClaim("ann", "uses", "django 5", IsSingleValued: false), 0,
            "s0"));
        log.Say(1, Some.Said("Ann is using Django 5 and Redis 7.", new FactClaim("ann", "uses", "django 5", IsSingleValued: false), 1,
            "s1"));

        Assert.Equal(2, log.Current.Count);
    }

    [Theory]
    [InlineData("Ann keeps bees with her uncle Bo.", "Ann keeps bees with her uncle Bo behind the old mill.")]
    [InlineData("Ann uses Django 5 for the shop.", "Ann uses Django 5 and Redis for the shop and its search.")]
    public void What_repeats_a_part_of_another_does_not_count_beside_it(string part, string whole)
    {
        foreach (var said in new[] { new[] { part, whole }, [whole, part] })
        {
            var log = new MemoryLog();
            for (var day = 0; day < said.Length; day++)
                log.Say(day, Some.Said(said[day], null, day, $"s{day}", importance: 0.6));

            var fact = Assert.Single(log.Current);
            Assert.Equal((whole, 2), (fact.Content, fact.Sources.Count));
        }
    }

    [Theory]
    [InlineData("Ann lives near York.", "Ann does not live near York these winters.")]
    [InlineData("Ann ran the harbour race.", "Ann runs the harbour race and the hill race.")]
    [InlineData("Ann won the race in 2019.", "Ann won the race in the rain.")]
    [InlineData("Ann paints small boats.", "Ann's sister paints small boats at the harbour.")]
    public void What_another_denies_dates_or_says_of_others_is_no_part_of_it(string part, string whole)
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said(part, null, 0, importance: 0.6));
        log.Say(1, Some.Said(whole, null, 1, "s1", importance: 0.6));

        Assert.Equal(2, log.Current.Count);
    }

    [Fact]
    public void The_same_distillation_again_writes_nothing()
    {
        var log = new MemoryLog();
        FactCandidate[] said = [Some.Lives("Berlin", 0), Some.Said("Ann owns a kayak.", null, 0, importance: 0.2)];

        Assert.Equal(2, log.Say(0, said).Count);
        Assert.Empty(log.Say(1, said));
    }

    [Fact]
    public void A_statement_that_cites_nothing_or_says_nothing_is_no_fact() =>
        Assert.Empty(new MemoryLog().Say(0, Some.Lives("Berlin", 0) with { Sources = [] }, Some.Lives("Paris", 0) with { Content = " " }));

    [Fact]
    public void An_update_of_an_active_fact_is_promoted_whatever_its_salience()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Lives("Berlin", 0));
        log.Say(1, Some.Lives("Paris", 1, importance: 0.1));

        Assert.Equal(MemoryStatus.Active, log.Find("Ann lives in Paris.").Status);
        Assert.Equal(MemoryStatus.Superseded, log.Find("Ann lives in Berlin.").Status);
    }

    [Theory]
    [InlineData(0.9, MemoryStatus.Superseded)]
    [InlineData(0.1, MemoryStatus.Candidate)]
    public void An_older_statement_that_arrives_late_becomes_history(double importance, MemoryStatus status)
    {
        var log = new MemoryLog();
        log.Say(5, Some.Lives("Paris", 5));
        log.Say(6, Some.Lives("Berlin", 2, importance: importance));

        var (late, held) = (log.Find("Ann lives in Berlin."), log.Find("Ann lives in Paris."));
        Assert.Equal((status, (DateTimeOffset?)Some.Day(5), held.Id), (late.Status, late.ValidTo, late.SupersededBy));
        Assert.Equal((MemoryStatus.Active, null, 1L), (held.Status, held.ValidTo, held.Version));
    }

    [Fact]
    public void What_was_stated_again_since_is_not_retired_by_what_was_said_in_between()
    {
        var log = new MemoryLog();
        log.Say(5, Some.Lives("Berlin", 1), Some.Lives("Berlin", 5));
        log.Say(6, Some.Lives("Paris", 3));

        Assert.Equal(MemoryStatus.Active, log.Find("Ann lives in Berlin.").Status);
        var between = log.Find("Ann lives in Paris.");
        Assert.Equal((MemoryStatus.Superseded, (DateTimeOffset?)Some.Day(5)), (between.Status, between.ValidTo));
    }

    [Fact]
    public void Moving_back_makes_a_new_fact()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Lives("Berlin", 0));
        log.Say(1, Some.Lives("Paris", 1));
        log.Say(2, Some.Lives("Berlin", 2));

        Assert.Equal(
            [(MemoryStatus.Superseded, 0), (MemoryStatus.Superseded, 1), (MemoryStatus.Active, 2)],
            log.Current.OrderBy(static fact => fact.ValidFrom)
            .Select(static fact => (fact.Status, (int)(fact.ValidFrom - Some.Start).TotalDays)));
    }

    [Fact]
    public void A_stated_end_ends_the_claim_and_keeps_it_active()
    {
        var employer = new FactClaim("ann", "employer", "siemens", IsSingleValued: true);
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann works at Siemens.", employer, 0));
        log.Say(9, Some.Said("Ann no longer works at Siemens.", employer, 9, "s2", until: Some.Day(8)));

        var fact = Assert.Single(log.Current);
        Assert.Equal((MemoryStatus.Active, (DateTimeOffset?)Some.Day(8), 2), (fact.Status, fact.ValidTo, fact.Sources.Count));
    }

    [Fact]
    public void A_job_that_is_over_retires_no_job()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann works at Siemens.", new FactClaim("ann", "employer", "siemens", true), 0));
        log.Say(9, Some.Said("Ann worked at Bosch last week.", new FactClaim("ann", "employer", "bosch", true), 2, until: Some.Day(4)));

        Assert.All(log.Current, static fact => Assert.Equal(MemoryStatus.Active, fact.Status));
        Assert.Null(log.Find("Ann works at Siemens.").ValidTo);
    }

    [Fact]
    public void Another_owners_facts_and_pinned_ones_are_not_retired()
    {
        MemoryRecord[] held =
        [
            Some.Fact("other") with { Owner = new MemoryOwner(UserId: "other ann"), Claim = Some.Home("berlin") },
            Some.Fact("pinned") with { IsPinned = true, Claim = Some.Home("berlin") },
        ];

        var write = Assert.Single(new MemoryLog()
            .Consolidation.Apply(Some.Statements(Some.Lives("Paris", 1, importance: 0.9)), held, Some.Day(1)));
        Assert.Equal((0L, MemoryStatus.Active), (write.ExpectedVersion, write.After.Status));
    }

    [Fact]
    public void The_scope_names_all_that_a_statement_concerns_and_nobody_elses()
    {
        var scope = ConsolidationScope.Of(Some.Owner, [("Ann  LIVES in Berlin", Some.Home("berlin"))]);
        var held = Some.Fact("m1");

        Assert.True(scope.Concerns(held));
        Assert.True(scope.Concerns(held with { Content = "Ann moved.", Claim = Some.Home("paris") }));
        Assert.False(scope.Concerns(held with { Content = "Ann moved.", Claim = Some.Home("paris", "ann's sister") }));
        Assert.False(scope.Concerns(held with { Owner = new MemoryOwner(AgentId: "ann") }));
        Assert.False(scope.Concerns(held with { Status = MemoryStatus.Erased }));
    }

    [Fact]
    public void Single_statements_of_distinct_values_make_one_history_in_whatever_order_they_arrive() =>
        Prop.ForAll(Gen.Choose(1, 7).SelectMany(static count => Gen.Shuffle(Enumerable.Range(0, count).ToArray())).ToArbitrary(),
        static order =>
        {
            var log = new MemoryLog();
            for (var i = 0; i < order.Length; i++)
                log.Say(100 + i, Some.Lives(City(order[i]), order[i]));

            var facts = log.Current.OrderBy(static fact => fact.ValidFrom).ToList();
            for (var i = 0; i < facts.Count; i++)
            {
                var next = i + 1 < facts.Count ? facts[i + 1] : null;
                Assert.Equal($"Ann lives in {City(i)}.", facts[i].Content);
                Assert.Equal((next?.ValidFrom, next?.Id), (facts[i].ValidTo, facts[i].SupersededBy));
                Assert.Equal(next is null ? MemoryStatus.Active : MemoryStatus.Superseded, facts[i].Status);
            }
        }).Check(SameCases.Quick.WithMaxTest(300));

    [Fact]
    public void What_is_current_is_what_was_stated_for_the_latest_time_and_no_source_is_lost() =>
        Prop.ForAll(Statements.ToArbitrary(), static statements =>
        {
            var log = new MemoryLog();
            var day = 1_000;
            foreach (var (city, at) in statements)
                log.Say(day++, Some.Lives(City(city), at, $"s{at}", importance: (at % 3) / 2.0));

            var active = log.Current.Where(static fact => fact.Status == MemoryStatus.Active).ToList();
            if (active.Count > 0)
            {
                Assert.Single(active);
                Assert.Null(active[0].ValidTo);
            }

            if (statements.All(static each => each.At % 3 != 0))
            {
                var latest = statements.MaxBy(static each => each.At);
                Assert.Equal($"Ann lives in {City(latest.City)}.", Assert.Single(active).Content);
            }

            var sources = log.Current.SelectMany(static fact => fact.Sources).ToHashSet();
            Assert.Equal(statements.Select(static each => $"s{each.At}").ToHashSet(),
                sources.Select(static source => source.SessionId).ToHashSet());
        }).Check(SameCases.Quick.WithMaxTest(500));

    // Each moment says one thing.
    private static Gen<(int City, int At)[]> Statements =>
        Gen.Choose(1, 9).SelectMany(static count => Gen.Zip(
            Gen.Choose(0, 2).ArrayOf(count), Gen.Shuffle(Enumerable.Range(0, count).ToArray()),
            static (cities, times) => cities.Zip(times).Select(static pair => (pair.First, pair.Second)).ToArray()));

    private static string City(int number) => new[] { "Berlin", "Paris", "Rome", "Oslo", "Vienna", "Madrid", "Lisbon" }[number];
}
