using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>Recall over turns and memories, through the host and the store's own memory feed.</summary>
public sealed class TierRecallTests
{
    private static readonly DateTimeOffset May = new(2025, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Memories_stand_beside_turns_explained_and_only_those_that_may_answer()
    {
        await using var under = await EngineOnSqlite.StartAsync();
        var host = under.Host;
        var key = new SessionKey("acme", "s1");
        await host.Sessions.AppendAsync(
            new AppendCommand(key, "ann", null, [new TurnDraft("t1", "user", "Ann", "I saw a sailing boat in the harbour.", May, null)]),
            default);
        var turnsAlone = await RecallAsync(host, Asking() with { Kinds = ["turn"] });
        var before = await RecallAsync(host, Asking());
        await CommitAsync(
            under,
            Write("mine", new MemoryOwner("ann"), "Ann owns a sailing boat."),
            Write("rule", MemoryOwner.Tenant, "Sailing boat owners get a discount."),
            Write("bobs", new MemoryOwner("bob"), "Bob owns a sailing boat too, in Kiel."),
            Write("past", new MemoryOwner("ann"), "Ann rented a sailing boat.")
            with { Status = MemoryStatus.Superseded, ValidTo = May.AddDays(5) },
            Write("away", new MemoryOwner("ann"), "Ann wanted a sailing boat once.") with { Status = MemoryStatus.Archived },
            Write("maybe", new MemoryOwner("ann"), "Ann may sell the sailing boat.") with { Status = MemoryStatus.Candidate });

        Assert.Equal(turnsAlone.Items, before.Items);
        Assert.Equal(turnsAlone.Items, (await RecallAsync(host, Asking() with { Kinds = ["turn"] })).Items);
        var all = await RecallAsync(host, Asking());
        Assert.Equal(["mine", "rule", "s1:1"], IdsOf(all));
        Assert.NotEqual(before.Watermark, all.Watermark);
        SameRanking.Check(all.Items, (await RecallAsync(host, Asking())).Items);
        Assert.Equal(["mine", "s1:1"], IdsOf(await RecallAsync(host, Asking() with { Scopes = ["user"] })));
        Assert.Equal(["mine", "rule"], IdsOf(await RecallAsync(host, Asking() with { Tiers = ["semantic"] })));
        Assert.Equal(["away", "mine", "rule", "s1:1"], IdsOf(await RecallAsync(host, Asking() with { WithArchived = true })));
        Assert.Equal(["mine", "past", "rule"],
            IdsOf(await RecallAsync(host, Asking() with { Kinds = ["preference"], AsOf = new AsOf(May.AddDays(1), null) })));
        Assert.Equal(["mine", "rule"],
            IdsOf(await RecallAsync(host, Asking() with { Kinds = ["preference"], AsOf = new AsOf(May.AddDays(9), null) })));
        Assert.Empty((await RecallAsync(host, Asking() with { Kinds = ["preference"], AsOf = new AsOf(null, May.AddDays(-9)) })).Items);

        foreach (var item in (await RecallAsync(host, Asking() with { Explain = true })).Items)
        {
            var why = item.Explanation!;
            Assert.Equal(item.Memory is null, why.Tier is null);
            Assert.Equal(item.Score,
                why.Lexical + why.Vector + why.Smoothing + why.SessionPrior + why.Subject + why.Quote + (why.Tier?.Part ?? 0), 1e-6);
            Assert.Equal(item.Id switch { "mine" => "user", "rule" => "tenant", _ => null }, why.Tier?.Scope);
        }
    }

    [Fact]
    public async Task A_memory_that_a_context_shows_counts_as_recalled_and_used_and_a_mere_recall_does_not()
    {
        await using var under = await EngineOnSqlite.StartAsync();
        var key = new SessionKey("acme", "s1");
        await under.Host.Sessions.AppendAsync(
            new AppendCommand(key, "ann", null, [new TurnDraft("t1", "user", "Ann", "Good morning.", May, null)]), default);
        await CommitAsync(under, Write("mine", new MemoryOwner("ann"), "Ann owns a sailing boat."),
            Write("other", new MemoryOwner("bob"), "Bob owns a boat."));
        await RecallAsync(under.Host, Asking());
        var before = await SalienceAsync(under, "mine");

        var block = (await under.Host.Recall.BuildContextAsync(key, "Who owns a sailing boat?", 1_000, default)).Value;

        Assert.Contains(block.Citations, static citation => citation.MemoryId == "mine");
        Assert.Equal(1 - ((1 - before) * 0.95), await SalienceAsync(under, "mine"), 1e-3);
        await under.Embedded.SaveReinforcementsAsync(default);
        Assert.True((await under.Store.FindMemoryAsync("acme", "mine", default))!.Salience.At > May.AddHours(1));
        Assert.Equal(May.AddHours(1), (await under.Store.FindMemoryAsync("acme", "other", default))!.Salience.At);
    }

    private static async Task<double> SalienceAsync(EngineOnSqlite under, string id) => new SalienceCurve(new SalienceRules()).At(
        (await under.Host.Memories.GetAsync("acme", id, default)).Value, TimeProvider.System.GetUtcNow());

    private static RecallQuery Asking() => new("acme", "sailing boat", 10, UserId: "ann");

    private static async Task<RecallResult> RecallAsync(Hosting.IMemoryHost host, RecallQuery query) =>
        (await host.Recall.RecallAsync(query, CancellationToken.None)).Value;

    private static string[] IdsOf(RecallResult result) => [.. result.Items.Select(static item => item.Id).Order(StringComparer.Ordinal)];

    private static MemoryRecord Write(string id, MemoryOwner owner, string content) =>
        WriteMemory.Write(new MemoryDraft("preference", content, owner) { ValidFrom = May }, id, $"op-{id}", May.AddHours(1)).Value.After;

    private static async Task CommitAsync(EngineOnSqlite under, params MemoryRecord[] memories) => Assert.Equal(
        CommitStatus.Committed,
        await under.Store.CommitMemoriesAsync(new MemoryCommit("acme", [.. memories.Select(MemoryVersions.First)]), default));
}
