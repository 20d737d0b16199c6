using MemoryOrleans.Erasures;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Host.Conformance;

public abstract partial class HostConformance
{
    [Fact]
    public async Task Appends_go_on_while_their_session_is_erased_again_and_again()
    {
        await AppendAsync("s", Say("first"), user: "ann");
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
                Assert.True((await AppendAsync("s", Say($"turn {i}"), user: "ann", once: Once($"k{i}", $"{i}"))).IsSuccess);
        });
        var erased = 0;
        while (!appending.IsCompleted)
        {
            var outcome = await EraseAsync(Key("s"));
            Assert.True(outcome.IsSuccess ? outcome.Value.IsDone : outcome.Error.Code == ErrorCode.NotFound, outcome.Error?.ToString());
            erased += outcome.IsSuccess ? (int)outcome.Value.Counts.Turns : 0;
        }

        await appending;
        var left = await Host.Sessions.ListTurnsAsync(Key("s"), 0, 1000, CancellationToken.None);
        var turns = left.IsSuccess ? left.Value : [];
        Assert.Equal(Enumerable.Range(1, turns.Count).Select(static seq => (long)seq), turns.Select(static turn => turn.Seq));
        Assert.Equal(61, erased + turns.Count(static turn => !turn.IsErased));
    }

    [Theory]
    [InlineData("short", "long")]
    [InlineData("long", "short")]
    public async Task An_event_told_twice_is_one_fact_and_falls_back_when_its_fuller_telling_is_erased(string first, string second)
    {
        var told = new DateTimeOffset(2025, 5, 4, 10, 0, 0, TimeSpan.Zero);
        var texts = new Dictionary<string, string>
        {
            ["short"] = "I bought a wooden sailing boat in Split on 3 May 2025.",
            ["long"] = "On 3 May 2025 I finally bought a wooden sailing boat in Split with a red canary sail and two oars.",
        };
        foreach (var session in new[] { first, second })
        {
            await AppendAsync(session, Say(texts[session], name: "Ann", at: told), user: "ann");
            Assert.True((await Host.Memories.DistilAsync(Key(session), CancellationToken.None)).IsSuccess);
        }

        var fact = Assert.Single(await FactsAsync());
        Assert.Contains("canary", fact.Content, StringComparison.Ordinal);
        Assert.Equal(["long", "short"], fact.Sources.Select(static source => source.SessionId).Order(StringComparer.Ordinal));
        Assert.True((await EraseAsync(Key("long"))).Value.IsDone);
        var left = Assert.Single(await FactsAsync());
        Assert.Equal((fact.Id, "Ann bought a wooden sailing boat in Split on 3 May 2025.", MemoryStatus.Active),
            (left.Id, left.Content, left.Status));
        Assert.Empty((await RecallAsync(new RecallQuery(Tenant, "canary sail", 10, UserId: "ann"))).Items
            .Where(static item => item.Content.Contains("canary", StringComparison.Ordinal)));
    }

    private async Task<IReadOnlyList<MemoryRecord>> FactsAsync() => (await Host.Memories.ListAsync(
        Tenant, new MemoryFilter(Tier: MemoryTier.Semantic, UserId: "ann"), null, 10, CancellationToken.None)).Value.Items;

    [Fact]
    public async Task What_was_made_of_an_erased_session_is_gone_from_recall_and_from_memories()
    {
        await AppendAsync("secret", Say("My favourite colour is canary yellow. I live in Canaryville with my brother."), user: "ann");
        Assert.NotEmpty((await Host.Memories.DistilAsync(Key("secret"), CancellationToken.None)).Value.Episodes);
        var query = new RecallQuery(Tenant, "canary yellow", 100, UserId: "ann");
        Assert.NotEmpty((await RecallAsync(query)).Items);

        var receipt = (await EraseAsync(Key("secret"))).Value;
        Assert.True(receipt.Counts.Memories > 0);
        Assert.Empty((await RecallAsync(query)).Items);
        Assert.Empty((await Host.Memories.ListAsync(Tenant, new MemoryFilter(UserId: "ann"), null, 10, CancellationToken.None))
            .Value.Items);
        await RestartAsync();
        Assert.Equal(receipt, (await Host.Erasures.GetAsync(Tenant, receipt.Id, CancellationToken.None)).Value);
        Assert.Equal(ErrorCode.NotFound, (await Host.Erasures.GetAsync("umbrella", receipt.Id, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Of_an_erased_tenant_nothing_is_kept_in_memory_and_a_session_of_the_same_name_is_a_new_one()
    {
        for (var round = 0; round < 2; round++)
        {
            await AppendAsync("s", Say("The canary sings."), user: "ann");
            await AppendAsync("s", Say("It sings again."), user: "ann");
            await AppendAsync("other", Say("A canary of nobody."));
            var query = new RecallQuery(Tenant, "canary", 100);
            Assert.NotEmpty((await RecallAsync(query)).Items);
            Assert.Equal(2, (await Host.Sessions.GetWorkingMemoryAsync(Key("s"), default)).Value.Turns.Count);

            var erased = (await Host.Erasures.EraseTenantAsync(Tenant, "key:op", "umbrella", TimeSpan.FromMinutes(1), default)).Value;
            Assert.True(erased.IsDone);
            Assert.Contains(erased.Rows, static rows => rows is { Table: "turns", Count: 3 });
            Assert.Empty((await RecallAsync(query)).Items);
            Assert.Equal(ErrorCode.NotFound, (await Host.Sessions.GetAsync(Key("s"), default)).Error?.Code);

            // The grain that held the session, and the index that had its turns, know nothing of it.
            var appended = (await AppendAsync("s", Say("A new life."), user: "ann")).Value;
            Assert.Equal((1, 1), (appended.Turns[0].Seq, appended.Version));
            var found = await RecallAsync(new RecallQuery(Tenant, "canary life", 100));
            Assert.Equal(["A new life."], found.Items.Select(static item => item.Content));
            Assert.Single((await Host.Sessions.GetWorkingMemoryAsync(Key("s"), default)).Value.Turns);
            var again = await Host.Erasures.EraseTenantAsync(Tenant, "key:op", "umbrella", TimeSpan.FromMinutes(1), default);
            Assert.True(again.Value.IsDone);
        }
    }

    [Fact]
    public async Task A_memory_that_has_ended_or_was_superseded_is_found_only_for_its_time()
    {
        DateTimeOffset Year(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        async Task<MemoryRecord> WriteAsync(string content, int from, int? to = null) => (await Host.Memories.WriteAsync(
            Tenant,
            new MemoryDraft("note", content, new MemoryOwner("una", null, null, null)) { ValidFrom = Year(from),
            ValidTo = to is { } end ? Year(end) : null },
            [], default)).Value;
        async Task<IEnumerable<string>> AskAsync(int? valid = null, bool archived = false)
        {
            var asked = new RecallQuery(Tenant, "zither lessons", 10,
                UserId: "una") { AsOf = valid is { } year ? new AsOf(Year(year), null) : null, WithArchived = archived };
            return (await RecallAsync(asked)).Items.Select(static item => item.Content).Order(StringComparer.Ordinal);
        }

        await WriteAsync("zither lessons in the barn", 2010, 2014);
        var older = await WriteAsync("zither lessons on Monday", 2015);
        var newer = await WriteAsync("zither lessons on Friday", 2018);
        var edited = await Host.Memories.EditAsync(Tenant, older.Id, new MemoryPatch { SupersededBy = newer.Id }, null, default);

        Assert.Equal((MemoryStatus.Superseded, newer.Id, Year(2018)),
            (edited.Value.Status, edited.Value.SupersededBy, edited.Value.ValidTo!.Value));
        Assert.Equal(["zither lessons on Friday"], await AskAsync());
        Assert.Equal(["zither lessons in the barn"], await AskAsync(2012));
        Assert.Equal(["zither lessons on Monday"], await AskAsync(2016));
        Assert.Equal(["zither lessons on Friday"], await AskAsync(2019));
        Assert.Equal(["zither lessons in the barn", "zither lessons on Friday"], await AskAsync(archived: true));

        Assert.True((await Host.Memories.UndoAsync(Tenant, older.Id, null, default)).IsSuccess);
        Assert.Equal(["zither lessons on Friday", "zither lessons on Monday"], await AskAsync());
    }

    [Fact]
    public async Task An_erasure_that_loses_patience_is_left_to_work_that_is_due_at_once()
    {
        await AppendAsync("s", Say("one"), user: "ann");
        var target = new ErasureTarget(ErasureKind.User, "ann");
        var begun = (await Host.Erasures.EraseAsync(Tenant, target, null, "test", TimeSpan.FromTicks(-1), CancellationToken.None)).Value;
        Assert.False(begun.IsDone);
        var work = Assert.Single((await Host.Due.ListAsync(Tenant, null, "erasure", null, 10, CancellationToken.None)).Value.Items);
        Assert.Equal(begun.Id, work.Subject);
        Assert.InRange(work.DueAt, begun.RequestedAt, begun.RequestedAt.AddSeconds(20));
    }
}
