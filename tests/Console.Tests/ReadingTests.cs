using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MemoryOrleans.Console.Tests;

/// <summary>The screens that show, driven as a reader would.</summary>
public sealed class ReadingTests(Browser browser, SeededMemory seeded)
{
    private const string Question = "#/recall?query=What%20does%20Nora%20take%20with%20her%20coffee%3F&user_id=bakery&limit=5";

    [Fact]
    public async Task A_session_shows_its_turns_its_window_and_what_was_distilled_from_which_turns()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/sessions?user_id=bakery");
        await screen.Link(SeededMemory.Session).ClickAsync();
        await Expect(screen.Heading).ToHaveTextAsync("Session bakery-s1");

        await Expect(screen.Page.Locator("ol.turns li")).ToHaveCountAsync(18);
        await Expect(screen.Page.Locator("svg.timeline rect.fill-live")).ToHaveCountAsync(SeededMemory.WindowTurns);
        await Expect(screen.Page.Locator("svg.timeline rect.fill-past")).ToHaveCountAsync(18 - SeededMemory.WindowTurns);
        await Expect(screen.Page.GetByText("What left the window, in short")).ToBeVisibleAsync();
        await Expect(screen.Page.Locator("svg.timeline a")).Not.ToHaveCountAsync(0);
        await screen.Table("Memories that rest on this session")
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "show in the list" }).Nth(1).ClickAsync();
        await Expect(screen.Page.Locator("ol.turns li:focus")).ToHaveCountAsync(1);

        await screen.Page.Locator("svg.timeline a").First.FocusAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Page.GetByText("History on both time axes")).ToBeVisibleAsync();
        await Expect(screen.Link(SeededMemory.Session).First).ToBeVisibleAsync();
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task A_recall_is_drawn_as_the_sum_of_its_parts_with_what_was_cut_and_why()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, Question);
        var first = screen.Page.Locator("ol.found > li").First;
        await Expect(screen.Page.Locator("svg.score")).ToHaveCountAsync(5);
        await first.GetByText("Parts and sources").ClickAsync();
        var parts = await first.Locator("table.parts td").AllTextContentsAsync();
        var score = await first.Locator("svg.score").GetAttributeAsync("aria-label");

        var sum = parts.Sum(static part => double.Parse(part, CultureInfo.InvariantCulture));
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"Score {sum:F3}"), score, StringComparison.Ordinal);
        await Expect(screen.Page.GetByText("all took part")).ToBeVisibleAsync();

        await screen.Field("Tokens").FillAsync("30");
        await screen.Field("Least relevance").FillAsync("0.2");
        await screen.Button("Recall").ClickAsync();
        await Expect(screen.Page.Locator("ul.cut li", new PageLocatorOptions { HasText = "over 30 tokens" })).Not.ToHaveCountAsync(0);
        await Expect(screen.Page.Locator("ul.cut li", new PageLocatorOptions { HasText = "relevance below 0.2" })).Not.ToHaveCountAsync(0);
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task Fields_that_the_page_does_not_know_yet_are_shown_and_break_nothing()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console);
        await screen.Page.RouteAsync("**/v1/recall", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = """
                {"items": [{"id": "s:1", "kind": "dream", "tier": "dim", "content": "Seen in a dream", "score": 1.5, "relevance": 0.5,
                  "session_id": "s", "occurred_at": "2026-01-02T03:04:05Z", "mood": "bright",
                  "also_said": [{"session_id": "s2", "turn_id": "t2", "seq": 2, "occurred_at": "2026-01-01T03:04:05Z"}],
                  "outdated_by": {"id": "s:9", "session_id": "s", "turn_id": "t9", "rule": "newer"},
                  "explanation": {"lexical": 0.5, "resonance": 0.75, "resonance_factor": 3, "orbit": {"part": 0.25, "turns": [1]},
                    "words": {"far": true}}}],
                 "intent": "new", "degraded": true, "degraded_arms": ["vector"], "watermark": "1", "took_ms": 0.1, "cut": {"below_score": 4, "over_budget": 1}, "budget": {"left": 7}}
                """,
        }));
        await screen.GoAsync(Question);
        var item = screen.Page.Locator("ol.found > li");
        await item.GetByText("Parts and sources").ClickAsync();

        await Expect(item).ToHaveClassAsync("outdated");
        await Expect(item.GetByText("Outdated by")).ToBeVisibleAsync();
        await Expect(item.Locator("table.parts th")).ToHaveTextAsync(["lexical", "resonance", "orbit"]);
        await item.GetByText("Further fields").ClickAsync();
        await Expect(item.GetByText("bright")).ToBeVisibleAsync();
        await Expect(screen.Page.GetByText("degraded: vector")).ToBeVisibleAsync();
        await Expect(item.GetByText("Also said: s2:2")).ToBeVisibleAsync();
        await Expect(screen.Page.GetByText("4 less relevant, 1 over the budget")).ToBeVisibleAsync();
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task Sliders_ask_a_memory_what_was_true_when_and_what_was_known_when()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/memories/{seeded.Edited}");
        var answer = screen.Page.Locator(".answer strong");
        await Expect(screen.Page.Locator("svg.axes .area")).ToHaveCountAsync(3);
        await Expect(answer).ToHaveTextAsync("Version 3 was known, and it was not true then.");

        await screen.Page.Locator("svg.axes .area rect").Nth(2).ClickAsync();
        await Expect(answer).ToHaveTextAsync("Version 3 (edited): Nora takes her coffee with milk.");
        await screen.Page.Locator("svg.axes .area rect").Nth(0).ClickAsync();
        await Expect(answer).ToHaveTextAsync("Version 1 (written): Nora takes her coffee black.");
        await screen.Field("Known by").FocusAsync();
        await screen.Page.Keyboard.PressAsync("End");
        await Expect(answer).ToContainTextAsync("Version 3");
        await screen.Page.Keyboard.PressAsync("Home");
        await Expect(answer).ToHaveTextAsync("The service did not know it yet.");
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task The_graph_is_walked_by_keyboard_and_stands_where_it_stood()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/graph");
        var here = screen.Page.Locator(".node.here");
        await Expect(here).ToHaveAttributeAsync("aria-label", "Nora, person, here");
        var places = await PlacesAsync(screen);
        await screen.Page.ReloadAsync();
        await screen.SettleAsync();
        Assert.Equal(places, await PlacesAsync(screen));

        await screen.Page.Locator(".node[aria-label^='Ilias']").FocusAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(here).ToHaveAttributeAsync("aria-label", "Ilias, person, here");
        await Expect(here).ToBeFocusedAsync();
        await Expect(screen.Page.Locator(".node[aria-label^='Domino']")).ToBeVisibleAsync();
        Assert.True((await PlacesAsync(screen)).Count > places.Count);

        await screen.Field("From").SelectOptionAsync("Domino");
        await screen.Field("To").SelectOptionAsync("Petra");
        await screen.Button("Show the path").ClickAsync();
        await Expect(screen.Page.GetByText("3 steps: Domino – Ilias – Nora – Petra").First).ToBeVisibleAsync();
        await Expect(screen.Page.Locator(".edge.path")).ToHaveCountAsync(3);

        await screen.Field("Find an entity").FillAsync("Gerald");
        await screen.Button("Find").ClickAsync();
        await screen.Link("Gerald (animal)").ClickAsync();
        await Expect(here).ToHaveAttributeAsync("aria-label", "Gerald, animal, here");
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task A_user_has_a_profile_and_a_context_for_a_prompt()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/users");
        await screen.Link(SeededMemory.User).ClickAsync();
        await Expect(screen.Heading).ToHaveTextAsync("User bakery");
        await Expect(screen.Table("What is known of this user").GetByText("Nora takes her coffee with milk.")).ToBeVisibleAsync();
        await screen.Field("Asking").FillAsync("coffee");
        await screen.Button("Make a context").ClickAsync();

        await Expect(screen.Page.GetByLabel("Context", new PageGetByLabelOptions { Exact = true }).Locator("visible=true").Last)
            .ToContainTextAsync("## ");
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task Memories_are_filtered_and_their_salience_is_drawn_over_time()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/memories");
        await screen.Field("Kind").FillAsync("preference");
        await screen.Button("Filter").ClickAsync();
        await Expect(screen.Table("Memories, most recently made first").Locator("tbody tr")).ToHaveCountAsync(1);

        await screen.Link("Salience").ClickAsync();
        await Expect(screen.Heading).ToHaveTextAsync("Salience");
        await Expect(screen.Page.Locator("polyline.curve.episodic")).Not.ToHaveCountAsync(0);
        await Expect(screen.Page.Locator("polyline.curve.semantic")).Not.ToHaveCountAsync(0);
        var curve = screen.Page.Locator("polyline.curve.episodic").First;
        var before = await curve.GetAttributeAsync("points");
        await screen.Field("Half-life, episodic (days)").FillAsync("1");
        await screen.Button("Draw").ClickAsync();
        await Expect(curve).Not.ToHaveAttributeAsync("points", before!);
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task Operations_show_health_with_latencies_jobs_embeddings_and_the_dashboard()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/operations");

        var store = screen.Table("Parts and how long each took").Locator("tbody tr", new LocatorLocatorOptions { HasText = "store" });
        await Expect(store).ToContainTextAsync("ms");
        await Expect(screen.Table("Work that comes again").GetByText("decay_sweep")).ToBeVisibleAsync();
        await Expect(screen.Table("Due work")).ToBeVisibleAsync();
        await Expect(screen.Page.GetByText("No space of neural vectors.")).ToBeVisibleAsync();
        await Expect(screen.Page.GetByText("No rule: nothing is archived")).ToBeVisibleAsync();
        await screen.Page.GetByText("Silos and grains").ClickAsync();
        await screen.Page.WaitForURLAsync("**/dashboard/**");
    }

    [Fact]
    public async Task A_backlog_of_embeddings_is_shown_and_dead_work_is_tried_again()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console);
        var requeued = new List<string>();
        await screen.Page.RouteAsync("**/v1/admin/embeddings", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = """
                {"items": [{"id": 2, "model": "mini", "dimensions": 384, "state": "filling", "turns_embedded": 30, "turns": 120, "memories_embedded": 4, "memories": 5, "entities_embedded": 2, "entities": 3,
                  "jobs_ready": 9, "jobs_dead": 1, "oldest_due_at": "2026-01-02T03:04:05Z", "created_at": "2026-01-01T00:00:00Z"}]}
                """,
        }));
        await screen.Page.RouteAsync("**/v1/admin/jobs", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = """
                {"items": [{"id": 7, "kind": "embed:2", "subject": "s1", "state": "dead", "due_at": "2026-01-02T03:04:05Z", "attempts": 10,
                  "last_error": "<b>timed out</b>"}], "next_cursor": null, "recurring": []}
                """,
        }));
        await screen.Page.RouteAsync("**/v1/admin/jobs/*/requeue", route =>
        {
            requeued.Add(route.Request.Method + new Uri(route.Request.Url).AbsolutePath);
            return route.FulfillAsync(new RouteFulfillOptions { Status = 200, ContentType = "application/json", Body = "{}" });
        });
        await screen.GoAsync("#/operations");

        await Expect(screen.Table("Spaces of vectors").GetByText("30 of 120 turns, 4 of 5 memories, 2 of 3 entities")).ToBeVisibleAsync();
        await Expect(screen.Table("Spaces of vectors").GetByText("1 dead")).ToBeVisibleAsync();
        await Expect(screen.Table("Due work").GetByText("<b>timed out</b>")).ToBeVisibleAsync();
        await screen.Button("Requeue").ClickAsync();
        await screen.ConfirmAsync("Requeue");
        Assert.Equal(["POST/v1/admin/jobs/7/requeue"], requeued);
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task What_a_release_does_not_have_is_said_to_be_absent()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console);
        await screen.Page.RouteAsync("**/about.json", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json", Body = """{"keyless": true, "dashboard": false, "calls": []}""",
        }));
        await screen.GoAsync("#/audit");
        await Expect(screen.Page.GetByText("The audit trail is not there")).ToBeVisibleAsync();
        await screen.Link("Operations").ClickAsync();
        await Expect(screen.Page.GetByText("dashboard of silos and grains is off")).ToBeVisibleAsync();
        Assert.Empty(screen.Complaints);
    }

    private static async Task<IReadOnlyList<string>> PlacesAsync(Screen screen)
    {
        await Expect(screen.Page.Locator(".node.here")).ToHaveCountAsync(1);
        return await screen.Page.Locator(".node").EvaluateAllAsync<string[]>(
            "all => all.map(one => one.getAttribute('aria-label').split(',')[0] + one.getAttribute('transform')).sort()");
    }
}
