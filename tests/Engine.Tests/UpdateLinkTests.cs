using MemoryOrleans.Erasures;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>
/// Links between turns, from distillation to recall: pulled, marked, left out, undone, erased, and not known before their time.
/// </summary>
public sealed class UpdateLinkTests
{
    private const string Older = "I bank with Alpina Trust.";
    private const string Newer = "I left Alpina Trust last week.";
    private static readonly DateTimeOffset May = new(2025, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_replaced_an_item_comes_above_it_and_the_item_says_so()
    {
        await using var under = await SaidAsync();

        var items = await AskAsync(under, Asking());

        Assert.Equal([Newer, Older], items.Select(static item => item.Content));
        Assert.Equal(("s2:1", "names-old"), (items[1].OutdatedBy!.Id, items[1].OutdatedBy!.Rule));
        Assert.Equal(("s1:1", null), (items[0].Update!.Updates, items[0].OutdatedBy));
        Assert.Equal("s2:1", items[1].Update!.UpdatedBy);
        Assert.Equal(items[1].Score, items[0].Score);
        Assert.Equal([Newer], (await AskAsync(under, Asking() with { IsCurrentOnly = true })).Select(static item => item.Content));
    }

    [Fact]
    public async Task Parts_of_a_moved_score_sum_to_it()
    {
        await using var under = await SaidAsync();

        foreach (var item in await AskAsync(under, Asking() with { Explain = true }))
        {
            var why = item.Explanation!;
            Assert.Equal(item.Score,
                why.Lexical + why.Vector + why.Smoothing + why.SessionPrior + why.Subject + (why.Tier?.Part ?? 0)
                + (item.Update?.Part ?? 0), 1e-6);
        }
    }

    [Fact]
    public async Task A_question_about_the_past_has_the_older_one_first()
    {
        await using var under = await SaidAsync();

        Assert.Equal(Older, (await AskAsync(under, Asking() with { Query = "Which bank was I with before?" }))[0].Content);
    }

    [Fact]
    public async Task As_of_before_the_newer_one_nothing_is_known_of_it()
    {
        await using var under = await SaidAsync();

        foreach (var asOf in new[] { new AsOf(May.AddDays(1), null), new AsOf(null, May.AddDays(1)) })
        {
            var items = await AskAsync(under, Asking() with { AsOf = asOf });
            Assert.All(items, static item => Assert.True(item.Content == Older && item.Update is null && item.OutdatedBy is null));
        }
    }

    [Fact]
    public async Task An_undone_link_moves_and_marks_nothing()
    {
        await using var under = await SaidAsync();
        var link = await LinkAsync(under, MemoryStatus.Candidate);

        var undone = await under.Host.Memories.UndoAsync("acme", link!.Id, null, default);

        Assert.True(undone.IsSuccess);
        var items = await AskAsync(under, Asking());
        Assert.Equal(Older, items[0].Content);
        Assert.All(items, static item => Assert.Null(item.OutdatedBy));
    }

    [Theory]
    [InlineData("s1", Newer)]
    [InlineData("s2", Older)]
    public async Task A_link_goes_with_a_turn_that_is_erased(string session, string left)
    {
        await using var under = await SaidAsync();
        Assert.NotNull(await LinkAsync(under, MemoryStatus.Candidate));

        var target = new ErasureTarget(ErasureKind.Turn, session, $"{session}:1");
        var erased = await under.Host.Erasures.EraseAsync("acme", target, null, "test", TimeSpan.FromMinutes(1), default);

        Assert.NotNull(erased.Value.CompletedAt);
        Assert.Null(await LinkAsync(under, MemoryStatus.Candidate));
        var items = await AskAsync(under, Asking());
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.True(item.Content == left && item.Update is null && item.OutdatedBy is null));
    }

    [Fact]
    public async Task A_link_goes_with_either_of_its_turns()
    {
        await using var under = await SaidAsync();
        Assert.NotNull(await LinkAsync(under, MemoryStatus.Candidate));

        var target = new ErasureTarget(ErasureKind.Session, "s2");
        var erased = await under.Host.Erasures.EraseAsync("acme", target, null, "test", TimeSpan.FromMinutes(1), default);

        Assert.NotNull(erased.Value.CompletedAt);
        Assert.Null(await LinkAsync(under, MemoryStatus.Candidate));
        var items = await AskAsync(under, Asking());
        Assert.All(items, static item => Assert.True(item.Content == Older && item.Update is null && item.OutdatedBy is null));
    }

    [Fact]
    public async Task A_context_shows_what_holds_and_says_what_was()
    {
        await using var under = await SaidAsync();
        var here = new SessionKey("acme", "s3");
        await under.Host.Sessions.AppendAsync(
            new AppendCommand(here, "ann", null, [new TurnDraft(null, "user", null, "Good morning.", May.AddDays(30), null)]), default);

        var block = (await under.Host.Recall.BuildContextAsync(here, "Which bank am I with?", 500, default)).Value;

        Assert.Contains($"{Newer} (was: {Older}, until 2025-05-11)", block.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fact_whose_only_turn_was_replaced_is_superseded_until_the_link_is_undone()
    {
        await using var under = await SaidAsync("I work at Alpina Trust as a clerk.", "I left Alpina Trust last week.");
        var facts = await ListAsync(under, "fact", MemoryStatus.Superseded);
        var link = await LinkAsync(under, MemoryStatus.Candidate);
        Assert.Equal(link!.Id, Assert.Single(facts).SupersededBy);

        await under.Host.Memories.UndoAsync("acme", link.Id, null, default);

        Assert.Empty(await ListAsync(under, "fact", MemoryStatus.Superseded));
    }

    private static RecallQuery Asking() => new("acme", "Which bank am I with?", 5, UserId: "ann") { Kinds = ["turn"] };

    private static Task<EngineOnSqlite> SaidAsync() => SaidAsync(Older, Newer);

    private static async Task<EngineOnSqlite> SaidAsync(params string[] texts)
    {
        var under = await EngineOnSqlite.StartAsync();
        for (var i = 0; i < texts.Length; i++)
        {
            var key = new SessionKey("acme", $"s{i + 1}");
            await under.Host.Sessions.AppendAsync(
                new AppendCommand(key, "ann", null, [new TurnDraft(null, "user", null, texts[i], May.AddDays(10 * i), null)]), default);
            await under.Host.Memories.DistilAsync(key, default);
        }

        return under;
    }

    private static async Task<IReadOnlyList<RecalledItem>> AskAsync(EngineOnSqlite under, RecallQuery query) =>
        (await under.Host.Recall.RecallAsync(query, default)).Value.Items;

    private static async Task<MemoryRecord?> LinkAsync(EngineOnSqlite under, MemoryStatus status) =>
        (await ListAsync(under, FactKeys.UpdateKind, status)).SingleOrDefault();

    private static async Task<IReadOnlyList<MemoryRecord>> ListAsync(EngineOnSqlite under, string kind, MemoryStatus status) =>
        (await under.Host.Memories.ListAsync("acme", new MemoryFilter(kind, Status: status), null, 10, default)).Value.Items;
}
