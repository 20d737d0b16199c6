using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Host.Conformance;

public abstract partial class HostConformance
{
    private static readonly DateTimeOffset March = new(2025, 3, 3, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_acknowledged_turn_is_in_the_very_next_recall()
    {
        for (var i = 0; i < 50; i++)
        {
            await AppendAsync($"s{i % 3}", Say($"The code word number {i} is zebra{i}xylophone."), user: "ann");
            var found = await RecallAsync(new RecallQuery(Tenant, $"zebra{i}xylophone", 1, UserId: "ann"));
            Assert.Equal($"The code word number {i} is zebra{i}xylophone.", Assert.Single(found.Items).Content);
        }
    }

    [Theory]
    [InlineData("她在上海的茶馆工作。", "茶馆")]
    [InlineData("昨日、京都で抹茶を飲みました。", "抹茶")]
    [InlineData("Мы посадили яблоню возле дачи.", "яблоню")]
    [InlineData("ذهبت إلى المكتبة القديمة يوم الخميس.", "المكتبة")]
    [InlineData("Elle a réservé une table au café Élan.", "café elan")]
    [InlineData("나는 부산에서 김치를 샀다.", "김치를")]
    [InlineData("हमने दिल्ली में चाय पी।", "दिल्ली")]
    public async Task Words_of_every_language_are_found(string content, string query)
    {
        await AppendAsync("other", Say("Something else entirely, about a bicycle."), user: "ann");
        await AppendAsync("s", Say(content), user: "ann");
        var found = await RecallAsync(new RecallQuery(Tenant, query, 5, UserId: "ann", Kinds: ["turn"]));

        Assert.Equal(content, found.Items[0].Content);
    }

    [Fact]
    public async Task Recall_survives_a_restart_with_the_same_answer()
    {
        await TellAsync();
        var query = new RecallQuery(Tenant, "Where does Nora keep the spare key?", 5, UserId: "ann", Explain: true);
        var before = await RecallAsync(query);
        await RestartAsync();
        var after = await RecallAsync(query);

        Assert.Equal(Shape(before), Shape(after));
        Assert.Equal(before.Watermark, after.Watermark);
    }

    [Fact]
    public async Task Parts_of_an_explanation_sum_to_the_score()
    {
        await TellAsync();
        var found = await RecallAsync(new RecallQuery(Tenant, "Where does Nora keep the spare key?", 10, UserId: "ann", Explain: true));

        Assert.NotEmpty(found.Items);
        foreach (var item in found.Items)
        {
            var parts = item.Explanation!;
            var rest = parts.Lexical + parts.Vector + parts.Smoothing + parts.SessionPrior;
            Assert.Equal(item.Score, rest + parts.Subject + parts.Quote, tolerance: 1e-6);
            Assert.Equal((parts.SubjectMultiplier - 1) * rest, parts.Subject, tolerance: 1e-6);
        }
    }

    [Fact]
    public async Task Recall_keeps_to_its_user_and_its_tenant()
    {
        await AppendAsync("a", Say("the lighthouse keeper"), user: "ann");
        await AppendAsync("b", Say("the lighthouse keeper"), user: "bob");
        await AppendAsync("c", Say("the lighthouse keeper"), user: "ann", tenant: "umbrella");
        await AppendAsync("d", Say("the lighthouse keeper"));

        Assert.Equal(["a"], (await RecallAsync(new RecallQuery(Tenant, "lighthouse", 10, UserId: "ann")))
            .Items.Select(static item => item.Turn.SessionId));
        Assert.Equal(["a", "b", "d"],
            (await RecallAsync(new RecallQuery(Tenant, "lighthouse", 10))).Items.Select(static item => item.Turn.SessionId));
        Assert.Equal(["c"], (await RecallAsync(new RecallQuery("umbrella", "lighthouse", 10)))
            .Items.Select(static item => item.Turn.SessionId));
        Assert.Empty((await RecallAsync(new RecallQuery("nobody", "lighthouse", 10))).Items);
        Assert.Empty((await RecallAsync(new RecallQuery(Tenant, "lighthouse", 10, UserId: "nobody"))).Items);
        Assert.Empty((await RecallAsync(new RecallQuery(Tenant, "lighthouse", 10, SessionId: "nothing"))).Items);
    }

    [Fact]
    public async Task A_wider_scope_ranks_as_if_it_were_one_partition()
    {
        string[] contents = ["red kite over the hill", "blue kite by the sea", "a red red boat", "the hill at dawn", "sea and sky",
            "kite festival in may"];
        for (var i = 0; i < contents.Length; i++)
        {
            await AppendAsync($"s{i}", Say(contents[i], at: March), user: $"user{i % 3}");
            await AppendAsync($"s{i}", Say(contents[i], at: March), user: "one", tenant: "whole");
        }

        var parts = await RecallAsync(new RecallQuery(Tenant, "red kite on the hill", 10, Explain: true));
        var whole = await RecallAsync(new RecallQuery("whole", "red kite on the hill", 10, Explain: true));
        Assert.NotEmpty(parts.Items);
        Assert.Equal(Shape(whole), Shape(parts));
    }

    [Fact]
    public async Task A_named_session_adds_its_working_memory()
    {
        await AppendAsync("old", Say("The umbrella is in the hall."), user: "ann");
        await AppendAsync("live", Say("Where did I leave the umbrella?"), user: "ann");
        await AppendAsync("guest", Say("An umbrella of a guest without a user."));
        var wide = await RecallAsync(new RecallQuery(Tenant, "umbrella", 10, UserId: "ann", SessionId: "live"));
        var guest = await RecallAsync(new RecallQuery(Tenant, "umbrella", 10, UserId: "ann", SessionId: "guest"));
        var narrow = await RecallAsync(new RecallQuery(Tenant, "umbrella", 10, SessionId: "live"));

        Assert.Equal([("live", "working"), ("old", "episodic")],
            wide.Items.Select(static item => (item.Turn.SessionId, item.Tier)).Order());
        Assert.Contains(guest.Items, static item => item is { Tier: "working", Turn.SessionId: "guest" });
        Assert.Equal(3, guest.Items.Count);
        Assert.Equal(["live"], narrow.Items.Select(static item => item.Turn.SessionId));
    }

    [Fact]
    public async Task A_session_beside_an_agent_is_added_though_it_is_another_agents()
    {
        await AppendAsync("mine", Say("The umbrella is red."), user: "ann", agent: "guide");
        await AppendAsync("other", Say("The umbrella is blue."), user: "ann", agent: "nurse");
        await AppendAsync("live", Say("An umbrella again."), user: "ann", agent: "clerk");
        var found = await RecallAsync(new RecallQuery(Tenant, "umbrella", 10, UserId: "ann", AgentId: "guide", SessionId: "live"));

        Assert.Equal([("live", "working"), ("mine", "episodic")],
            found.Items.Select(static item => (item.Turn.SessionId, item.Tier)).Order());
    }

    [Fact]
    public async Task As_of_answers_what_had_happened_and_what_was_known()
    {
        var early = (await AppendAsync("s", Say("The harbour opens.", at: March), user: "ann")).Value.Turns[0];
        var late = (await AppendAsync("s", Say("The harbour closes.", at: March.AddYears(1)), user: "ann")).Value.Turns[0];

        var valid = await RecallAsync(new RecallQuery(Tenant, "harbour", 10, UserId: "ann", AsOf: new AsOf(March.AddDays(1), null)));
        var known = await RecallAsync(new RecallQuery(Tenant, "harbour", 10, UserId: "ann",
            AsOf: new AsOf(null, early.RecordedAt.AddTicks(-10))));
        var all = await RecallAsync(new RecallQuery(Tenant, "harbour", 10, UserId: "ann",
            AsOf: new AsOf(March.AddYears(2), late.RecordedAt)));
        Assert.Equal([early.Id], valid.Items.Select(static item => item.Turn.Id));
        Assert.Empty(known.Items);
        Assert.Equal(2, all.Items.Count);
    }

    [Fact]
    public async Task Filters_mask_by_agent_role_name_time_and_metadata()
    {
        await AppendAsync("a", Say("The pump was repaired.", name: "Nora", at: March, metadata: """{"site":"north","n":1}"""), user: "ann",
            agent: "fixer");
        await AppendAsync("b", Say("The pump was repaired.", role: "assistant", at: March.AddDays(5), metadata: """{"site":"south"}"""),
            user: "ann");

        Assert.Equal(["a"], await SessionsOf(new RecallQuery(Tenant, "pump", 10, UserId: "ann", AgentId: "fixer")));
        Assert.Equal(["b"], await SessionsOf(Filtered(new RecallFilter(Role: "assistant"))));
        Assert.Equal(["a"], await SessionsOf(Filtered(new RecallFilter(Name: "Nora"))));
        Assert.Equal(["b"], await SessionsOf(Filtered(new RecallFilter(OccurredFrom: March.AddDays(1)))));
        Assert.Equal(["a"], await SessionsOf(Filtered(new RecallFilter(OccurredTo: March.AddDays(1)))));
        Assert.Equal(["a"], await SessionsOf(
            Filtered(new RecallFilter(Metadata: new Dictionary<string, string> { ["site"] = "\"north\"", ["n"] = "1" }))));
        Assert.Empty(await SessionsOf(Filtered(new RecallFilter(Metadata: new Dictionary<string, string> { ["site"] = "\"west\"" }))));

        static RecallQuery Filtered(RecallFilter filter) => new(Tenant, "pump", 10, UserId: "ann", Filter: filter);
        async Task<string[]> SessionsOf(RecallQuery query) =>
            [.. (await RecallAsync(query)).Items.Select(static item => item.Turn.SessionId)];
    }

    [Fact]
    public async Task Rare_metadata_is_found_however_far_down_it_ranks()
    {
        var drafts = Enumerable.Range(0, 300).Select(i => Say($"pump report {i}", metadata: i == 7 ? """{"flag":true}""" : null)).ToArray();
        await Host.Sessions.AppendAsync(new AppendCommand(Key("s"), "ann", null, drafts), CancellationToken.None);
        var found = await RecallAsync(new RecallQuery(
            Tenant, "pump report", 3, UserId: "ann",
            Filter: new RecallFilter(Metadata: new Dictionary<string, string> { ["flag"] = "true" })));

        Assert.Equal("pump report 7", Assert.Single(found.Items).Content);
    }

    [Fact]
    public async Task Least_relevance_token_budget_kinds_and_tiers_limit_the_items()
    {
        await TellAsync();
        var all = await RecallAsync(new RecallQuery(Tenant, "spare key", 100, UserId: "ann"));
        var relevant = await RecallAsync(new RecallQuery(Tenant, "spare key", 100, UserId: "ann", MinScore: 0.5));
        var budget = await RecallAsync(new RecallQuery(Tenant, "spare key", 100, UserId: "ann", MaxTokens: 20));

        Assert.All(all.Items, static item => Assert.InRange(item.Relevance, 0, 1));
        Assert.NotEmpty(relevant.Items);
        Assert.Equal(all.Items.Where(static item => item.Relevance >= 0.5).Select(static item => item.Id),
            relevant.Items.Select(static item => item.Id));
        Assert.InRange(budget.Items.Sum(static item => item.Turn.Tokens), 1, 20);
        Assert.Empty((await RecallAsync(new RecallQuery(Tenant, "spare key", 100, UserId: "ann", Kinds: ["fact"]))).Items);
        Assert.Empty((await RecallAsync(new RecallQuery(Tenant, "spare key", 100, UserId: "ann", Tiers: ["semantic"]))).Items);
    }

    [Fact]
    public async Task What_was_said_in_several_sessions_is_one_item_that_names_the_other_turns()
    {
        for (var i = 0; i < 4; i++)
            await AppendAsync($"s{i}", Say("I keep the spare key under the blue pot.", id: $"t{i}", at: March.AddDays(i)), user: "ann");
        await AppendAsync("s9", Say("I keep the spare wheel in the shed.", id: "t9", at: March.AddDays(9)), user: "ann");
        var found = await RecallAsync(new RecallQuery(Tenant, "Where is the spare key?", 2, UserId: "ann", Kinds: ["turn"]));

        Assert.Equal(["t3", "t9"], found.Items.Select(static item => item.Turn.Id));
        Assert.Equal(
            [new SaidAgain("s2", "t2", 1, March.AddDays(2)), new SaidAgain("s1", "t1", 1, March.AddDays(1)),
            new SaidAgain("s0", "t0", 1, March)],
            found.Items[0].AlsoSaid);
        Assert.Empty(found.Items[1].AlsoSaid);
    }

    [Fact]
    public async Task A_recall_says_what_was_cut_and_cuts_nothing_unasked()
    {
        await TellAsync();
        for (var i = 0; i < 3; i++)
            await AppendAsync($"q{i}", Say($"Qwxhaven zrk{i}."), user: "ann");
        var query = new RecallQuery(Tenant, "zyxtelescope plvcomet qwastronomer Qwxhaven", 5, UserId: "ann", Kinds: ["turn"]);
        var anything = await RecallAsync(query with { MinScore = 0 });
        var strict = await RecallAsync(query with { MinScore = 0.9 });
        var fitting = await RecallAsync(new RecallQuery(Tenant, "spare key", 5, UserId: "ann", MaxTokens: 12));

        Assert.NotEmpty(anything.Items);
        Assert.Equal(0, anything.BelowScore);
        Assert.Empty(strict.Items);
        Assert.True(strict.BelowScore >= anything.Items.Count);
        Assert.True(fitting.OverBudget > 0);
        var usual = await RecallAsync(query);
        Assert.Equal(anything.Items.Count, usual.Items.Count);
        Assert.Equal(0, usual.BelowScore);
    }

    [Fact]
    public async Task A_deleted_session_leaves_recall_as_if_it_had_never_been()
    {
        await TellAsync("clean");
        var query = new RecallQuery(Tenant, "Where does Nora keep the spare key?", 10, UserId: "ann", Explain: true);
        await TellAsync();
        await AppendAsync("secret", Say("Nora keeps the spare key in a canary-yellow box."), user: "ann");
        Assert.Contains((await RecallAsync(query)).Items, static item => item.Turn.SessionId == "secret");
        await EraseAsync(Key("secret"));

        var clean = await RecallAsync(query with { Tenant = "clean" });
        Assert.Equal(Shape(clean), Shape(await RecallAsync(query)));
        Assert.DoesNotContain((await RecallAsync(query with { Query = "canary-yellow" })).Items,
            static item => item.Turn.SessionId == "secret");
    }

    [Fact]
    public async Task A_context_fits_its_budget_and_cites_every_line()
    {
        await TellAsync();
        for (var i = 0; i < 30; i++)
            await AppendAsync("live", Say($"Small talk number {i} about the weather."), user: "ann");
        foreach (var budget in new[] { 20, 60, 150, 1000 })
        {
            var context = (await Host.Recall.BuildContextAsync(Key("live"), "Where is the spare key?", budget, CancellationToken.None))
                .Value;
            Assert.InRange(context.Tokens, 0, budget);
            Assert.Equal(TokenEstimate.Of(context.Text), context.Tokens);
            Assert.All(context.Citations, citation => Assert.Contains(citation.Label, context.Text, StringComparison.Ordinal));
        }

        var roomy = (await Host.Recall.BuildContextAsync(Key("live"), "Where is the spare key?", 1000, CancellationToken.None)).Value;
        Assert.Contains("spare key", roomy.Text, StringComparison.Ordinal);
        Assert.Contains(roomy.Citations, static citation => citation.Section == "recalled");
        Assert.Contains(roomy.Citations, static citation => citation.Section == "working_memory");
    }

    [Fact]
    public async Task A_context_of_a_long_session_has_its_past_in_summary_and_memories_cited()
    {
        await AppendAsync("other", Say("I am allergic to peanuts.", id: "nuts", name: "Ann"), user: "ann", agent: "chef");
        await Host.Memories.DistilAsync(Key("other"), CancellationToken.None);
        await Host.Memories.WriteAsync(Tenant,
            new MemoryDraft("procedure", "Ask about peanuts before baking.", new MemoryOwner(AgentId: "chef")), [], CancellationToken.None);
        await Host.Memories.WriteAsync(Tenant, new MemoryDraft("procedure", "Never mention peanuts.", new MemoryOwner(AgentId: "butler")),
            [], CancellationToken.None);
        string[] talk = ["Hm, right.", "How lovely!", "Is it raining?", "Oh well.", "Good morning.", "Nice and warm.", "See you."];
        await AppendAsync("long", Say("We decided to move the bakery to Trieste in June.", id: "first", name: "Ann"), user: "ann",
            agent: "chef");
        for (var i = 2; i <= 60; i++)
            await AppendAsync("long", Say(talk[i % talk.Length], id: $"t{i}"), user: "ann", agent: "chef");
        await Host.Memories.DistilAsync(Key("long"), CancellationToken.None);
        for (var i = 61; i <= 90; i++)
            await AppendAsync("long",
                Say(i == 65 ? "I promised Bob a cake for his birthday on 3 May." : talk[i % talk.Length], id: $"t{i}"), user: "ann",
                agent: "chef");

        var context = (await Host.Recall.BuildContextAsync(Key("long"), "What about peanuts?", 2_000, CancellationToken.None)).Value;
        Assert.InRange(context.Tokens, 1, 2_000);
        Assert.Contains("Trieste", context.Text, StringComparison.Ordinal);
        Assert.Contains("cake for his birthday", context.Text, StringComparison.Ordinal);
        Assert.Contains("Ask about peanuts before baking.", context.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Never mention", context.Text, StringComparison.Ordinal);
        Assert.Contains(context.Citations,
            static each => each is { Section: "recalled", Sources: [{ SessionId: "other", TurnId: "nuts", Seq: 1 }] });
        var summary = context.Citations.Where(static each => each.Section == "summary").ToList();
        Assert.Contains(summary, static each => each is { Kind: "episode", MemoryId: not null }
            && each.Sources[0] == new SourceTurn("long", "first", 1));

        // As a turn of its own, or in an episode when background distillation was quicker than this test.
        Assert.Contains(summary, static each => each.Sources.Any(static source => source is { TurnId: "t65", Seq: 65 }));
        Assert.All(summary.SelectMany(static each => each.Sources), static source => Assert.InRange(source.Seq, 1, 70));

        var view = (await Host.Sessions.GetWorkingMemoryAsync(Key("long"), CancellationToken.None)).Value;
        Assert.Contains(view.Summary, static part => part.Text.Contains("Trieste", StringComparison.Ordinal));
        Assert.InRange(view.Summary.Sum(static part => part.Tokens), 1, new WorkingMemoryLimits().SummaryTokensMax);
        Assert.Equal(view.Summary.Select(static part => part.FromSeq).Order(), view.Summary.Select(static part => part.FromSeq));
    }

    private static IEnumerable<object> Shape(RecallResult result) => result.Items.Select(static item =>
        (item.Id, item.Score, item.Relevance, item.Explanation!.Lexical, item.Explanation.Vector, item.Explanation.Smoothing,
        item.Explanation.SessionPrior)).Cast<object>();

    private async Task TellAsync(string tenant = Tenant)
    {
        string[] lines =
        [
            "Good morning, Ilias, did you sleep well?", "Not at all, the bakery alarm rang at four.",
            "Where do you keep the spare key?", "I keep it behind the third flour bin.",
            "We should paint the shutters green in May.", "Green it is, and the door white.",
        ];
        for (var i = 0; i < lines.Length; i++)
            await AppendAsync("story", Say(lines[i], id: $"l{i}", name: i % 2 == 0 ? "Ilias" : "Nora", at: March.AddSeconds(20 * i)),
                user: "ann", tenant: tenant);
    }
}
