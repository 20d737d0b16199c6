using MemoryOrleans.Erasures;
using MemoryOrleans.Facts;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

public abstract partial class ErasureConformance
{
    [Theory]
    [InlineData("turn-2")]
    [InlineData("ses:sion:2")]
    public async Task A_turn_goes_with_what_rests_on_it_and_leaves_its_seq(string name)
    {
        var script = new SampleTurns("ses:sion", Tenant, "ada");
        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(script.Next("one", "CANARY two", "three")));
        await CommitAsync(Write(Some.New("on", "CANARY second", "ada", new SourceTurn("ses:sion", "turn-2", 2)), "k"));
        await CommitAsync(Write(Some.New("off", "third", "ada", new SourceTurn("ses:sion", "turn-3", 3))));

        var receipt = (await EraseTurnAsync(Tenant, "ses:sion", name)).Value;

        Assert.Equal(new ErasureTarget(ErasureKind.Turn, "ses:sion", "turn-2"), receipt.Target);
        Assert.Equal((true, 1L, 1L), (receipt.IsDone, receipt.Counts.Turns, receipt.Counts.Memories));
        Assert.Equal(receipt, await Store.Erasures.FindErasureAsync(Tenant, receipt.Id, default));
        Assert.Empty(await FindAsync(["CANARY"]));
        var left = await Sessions.ReadTurnsAsync(script.Key, 0, 10, default);
        Assert.Equal([(1L, false), (2, true), (3, false)], left.Select(static turn => (turn.Seq, turn.IsErased)));
        Assert.Equal("third", (await Store.Memories.FindMemoryAsync(Tenant, "off", default))!.Content);
        Assert.Equal(MemoryStatus.Erased, (await Store.Memories.FindMemoryAsync(Tenant, "on", default))!.Status);
    }

    [Fact]
    public async Task A_merged_fact_whose_fuller_source_is_erased_says_again_what_it_said_before()
    {
        var (hers, his) = (Script("hers", "ada"), Script("his", "bob"));
        await hers.AppendAsync("The cat is called Miso and hides a CANARY.");
        await his.AppendAsync("The cat is called Miso.");
        var (secret, plain) = (new SourceTurn("hers", hers.Turns[0].Id, 1), new SourceTurn("his", his.Turns[0].Id, 1));
        var first = Some.New("m", "Bob's cat is called Miso.", "bob", plain) with
        {
            Origin = "extractive-1", Change = MemoryChange.Distilled,
        };
        await CommitAsync(Write(first));
        await CommitAsync(Write(Some.Next(first, "Bob's cat is called Miso and hides a CANARY.") with
        {
            Sources = [plain, secret], Change = MemoryChange.Merged,
        }));

        Assert.Equal(1L, (await EraseAsync(ErasureKind.Session, "hers")).Value.Counts.Redacted);
        Assert.Empty(await FindAsync(["CANARY"]));
        var history = await Store.Memories.ReadHistoryAsync(Tenant, "m", default);
        Assert.Equal([first.Content, "", first.Content], history.Select(static version => version.Content));
        Assert.Equal([plain], history[^1].Sources);
        Assert.Equal(MemoryStatus.Active, history[^1].Status);
    }

    [Fact]
    public async Task What_rests_on_a_session_removed_by_age_stays_until_that_session_is_erased()
    {
        var (old, other) = (Script("u-s0", "ada"), Script("b", "ada"));
        await old.AppendAsync("one");
        await other.AppendAsync("one", "two", "three");
        await CommitAsync(Write(Some.New("m", "what two sessions said", "ada", new SourceTurn("u-s0", old.Turns[0].Id, 1),
            new SourceTurn("b", other.Turns[1].Id, 2))));
        await ObserveAsync("u", "what the old one said");
        var made = await Store.Memories.ReadHistoryAsync(Tenant, "m", default);
        await old.DeleteAsync();

        var receipt = (await EraseTurnAsync(Tenant, "b", other.Turns[2].Id)).Value;
        Assert.Equal((1L, 0L, 0L), (receipt.Counts.Turns, receipt.Counts.Memories, receipt.Counts.Redacted));
        await old.AppendAsync("of a session made anew");
        Assert.Equal(0, (await EraseTurnAsync(Tenant, "u-s0", old.Turns[0].Id)).Value.Counts.Observations);
        SampleMemories.AssertSame(made, await Store.Memories.ReadHistoryAsync(Tenant, "m", default));

        var last = (await EraseAsync(ErasureKind.Session, "u-s0")).Value;
        Assert.Equal((1L, 1L), (last.Counts.Memories, last.Counts.Observations));
    }

    [Fact]
    public async Task An_erasure_goes_on_after_its_session_was_removed_by_age()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        await CommitAsync(Write(Some.New("m", "CANARY", "ada", new SourceTurn("s", script.Turns[1].Id, 2))));
        var target = new ErasureTarget(ErasureKind.Turn, "s", script.Turns[1].Id);
        Assert.False((await Erase.EraseAsync(Tenant, target, null, "test", TimeSpan.FromTicks(-1), default)).Value.IsDone);
        var session = (await Sessions.FindSessionAsync(script.Key, default)).Session!;
        Assert.Equal(CommitStatus.Committed, await Sessions.DeleteSessionAsync(script.Key, session.Version, Tick()));

        await EndDueAsync();
        Assert.Empty(await FindAsync(["CANARY"]));
    }

    [Fact]
    public async Task A_session_stays_with_a_turn_that_came_after_its_erasure_was_recorded()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var begun = (await Erase.EraseAsync(Tenant, new ErasureTarget(ErasureKind.Session, "s"), null, "test", TimeSpan.FromTicks(-1),
            default)).Value;
        await script.AppendAsync("three", "four");
        await Store.Erasures.EraseTurnsAsync(script.Key, [4], Tick(), default);
        await EndDueAsync();

        Assert.True((await Store.Erasures.FindErasureAsync(Tenant, begun.Id, default))!.IsDone);
        Assert.Equal([true, true, false, true], (await ReadAllAsync(script)).Select(static turn => turn.IsErased));
    }

    [Fact]
    public async Task What_is_written_while_the_turn_it_cites_is_erased_does_not_stay()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        await ObserveAsync("ada", "an entity");
        var clock = new TickingClock(Tick);
        var memories = FirstCall.Over(Store.Memories, nameof(IMemoryStore.CommitMemoriesAsync),
            () => EraseTurnAsync(Tenant, "s", script.Turns[0].Id));
        // Consolidation and distillation are no part of a write.
        using var keep = new MemoryOperations(Sessions, memories, Store.Erasures, null!, null!, new SalienceCurve(new SalienceRules()),
            new ConsolidationRules(), clock, () => $"id-{++erasures}");
        var graph = new KnowledgeGraph(FirstCall.Over(Store.Graph, nameof(IGraphStore.CommitGraphAsync),
            () => EraseTurnAsync(Tenant, "s", script.Turns[1].Id)), Sessions, clock, () => $"id-{++erasures}");

        var written = await keep.WriteAsync(Tenant, new MemoryDraft("preference", "CANARY memory", new MemoryOwner("ada")),
            [new TurnReference("s", script.Turns[0].Id)], default);
        var said = await graph.AddObservationsAsync(Tenant,
            [new ObservationDraft("ada-e", "CANARY observation", [new SourceTurn("s", script.Turns[1].Id, 0)])], default);

        Assert.Equal((ErrorCode.InvalidInput, "sources"), (written.Error!.Code, written.Error.Field));
        Assert.Equal((ErrorCode.InvalidInput, "observations[0].sources[0]"), (said.Error!.Code, said.Error.Field));
        Assert.Empty(await FindAsync(["CANARY"]));
        Assert.Equal([true, true], (await ReadAllAsync(script)).Select(static turn => turn.IsErased));
    }

    [Fact]
    public async Task A_turn_that_is_absent_erased_or_another_tenant_s_is_not_found()
    {
        var script = new SampleTurns("s", Tenant, "ada");
        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(script.Next("one", "two")));
        var version = (await Sessions.FindSessionAsync(script.Key, default)).Session!.Version;
        var mistaken = new ErasureTarget(ErasureKind.Turn, "s", "turn-2");
        Assert.Equal(ErrorCode.PreconditionFailed,
            (await Erase.EraseAsync(Tenant, mistaken, version + 1, "test", TimeSpan.MaxValue, default)).Error?.Code);
        Assert.True((await EraseTurnAsync(Tenant, "s", "s:1")).IsSuccess);

        foreach (var (tenant, session, turn) in new[]
        {
            (Tenant, "s", "turn-1"), (Tenant, "s", "s:1"), (Tenant, "s", "s:3"), (Tenant, "s", "x:2"), (Tenant, "x", "turn-2"),
                (NewTenant(), "s", "turn-2"), (NewTenant(), "s", "s:2"),
        })
        {
            Assert.Equal(ErrorCode.NotFound, (await EraseTurnAsync(tenant, session, turn)).Error?.Code);
        }

        Assert.Equal([true, false], (await Sessions.ReadTurnsAsync(script.Key, 0, 10, default)).Select(static turn => turn.IsErased));
        Assert.Equal(1, (await EraseAsync(ErasureKind.Memory, "s:2")).Value.Counts.Turns);
    }

    private Task<Outcome<Erasure>> EraseTurnAsync(string tenant, string session, string turn) =>
        Erase.EraseAsync(tenant, new ErasureTarget(ErasureKind.Turn, session, turn), ifMatchVersion: null, "test", TimeSpan.MaxValue,
        default);
}
