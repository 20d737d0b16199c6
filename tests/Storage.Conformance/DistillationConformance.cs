using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>That distilling loses and doubles nothing over a store, wherever it is stopped.</summary>
public abstract class DistillationConformance : StoreConformance
{
    private static readonly string[] Talk =
    [
        "I live in Berlin with my brother.", "My favourite colour is green.", "I am allergic to peanuts.",
        "We decided to move to Rome in May.",
        "I work as a nurse at the Charité.", "My birthday is on 3 April.", "Remember that the deadline is on 12 June 2026.",
        "I adopted a cat called Miso.",
    ];

    private int minted;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Stopped_at_any_call_and_done_again_it_makes_the_same(bool takesEffect, bool isCancelled)
    {
        var expected = await DistilledAsync(await TalkAsync("whole"), new FailingCall(int.MaxValue, takesEffect, Fail));
        Assert.Contains(expected, static memory => memory.StartsWith("episode", StringComparison.Ordinal));
        Assert.Contains(expected, static memory => memory.StartsWith("fact", StringComparison.Ordinal));
        for (var failAt = 1; ; failAt++)
        {
            var failing = new FailingCall(failAt, takesEffect, Fail);
            Assert.Equal(expected, await DistilledAsync(await TalkAsync($"stopped-{failAt}"), failing));
            if (!failing.HasFailed)
                break;
            Assert.True(failAt < 100, "It calls the store without end.");
        }

        Exception Fail() => isCancelled ? new OperationCanceledException() : new StoreUnavailableException("not now");
    }

    [Fact]
    public async Task Two_sessions_of_a_user_distilled_at_once_make_one_fact_of_what_both_say()
    {
        for (var round = 0; round < 5; round++)
        {
            var user = $"twin-{round}";
            var pair = new[] { Script($"{user}-a", user), Script($"{user}-b", user) };
            foreach (var session in pair)
                await session.AppendAsync("I am allergic to peanuts.", "My favourite colour is green.");
            using var consolidate = Consolidate(Store.Memories);
            var reports = await Task.WhenAll(
                pair.Select(session => Distil(Store.Sessions, Store.Memories, consolidate).RunAsync(session.Key, default)));
            Assert.All(reports, static report => Assert.True(report.Value.IsComplete));
            var facts = (await ListAsync(user)).Where(static memory => memory.Kind != "episode").ToList();
            Assert.NotEmpty(facts);
            Assert.Equal(facts.Count, facts.Select(static fact => fact.Content).Distinct(StringComparer.Ordinal).Count());
            Assert.All(facts, static fact =>
                Assert.Equal(2, fact.Sources.Select(static source => source.SessionId).Distinct(StringComparer.Ordinal).Count()));
        }
    }

    [Fact]
    public async Task Two_processes_that_consolidate_at_the_same_moment_keep_one_fact_of_what_both_say()
    {
        var pair = new[] { Script("met-a", "met"), Script("met-b", "met") };
        foreach (var session in pair)
            await session.AppendAsync("I am allergic to peanuts.", "My favourite colour is green.");
        using var other = Consolidate(Store.Memories);
        var commits = 0;
        var meeting = FirstCall.Over(Store.Memories, nameof(IMemoryStore.CommitMemoriesAsync), async () =>
        {
            commits++;
            await Distil(Store.Sessions, Store.Memories, other).RunAsync(pair[1].Key, default);
        });
        using var one = Consolidate(meeting);
        Assert.True((await Distil(Store.Sessions, meeting, one).RunAsync(pair[0].Key, default)).Value.IsComplete);

        Assert.Equal(1, commits);
        var facts = (await ListAsync("met")).Where(static memory => memory.Kind != "episode").ToList();
        Assert.NotEmpty(facts);
        Assert.Equal(facts.Count, facts.Select(static fact => fact.Content).Distinct(StringComparer.Ordinal).Count());
        Assert.All(facts, static fact =>
            Assert.Equal(2, fact.Sources.Select(static source => source.SessionId).Distinct(StringComparer.Ordinal).Count()));
    }

    [Fact]
    public async Task What_was_read_before_an_erasure_is_in_no_memory_after_it()
    {
        var session = Script("passing", "pat");
        await session.AppendAsync(Talk);
        var erasing = FirstCall.Over(
            Store.Memories, nameof(IMemoryStore.CommitMemoriesAsync), () =>
            Store.Erasures.EraseTurnsAsync(session.Key, [1], Tick(), default));
        using var consolidate = Consolidate(erasing);
        Assert.True((await Distil(Store.Sessions, erasing, consolidate).RunAsync(session.Key, default)).Value.IsComplete);

        var memories = await ListAsync("pat");
        Assert.NotEmpty(memories);
        Assert.DoesNotContain(memories, static memory => memory.Sources.Any(static source => source.Seq == 1));
        Assert.DoesNotContain(memories, static memory => memory.Content.Contains("Berlin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Erased_turns_are_passed_over()
    {
        var session = Script("erased", "eve");
        await session.AppendAsync(Talk);
        await Store.Erasures.EraseTurnsAsync(session.Key, [3], Tick(), default);
        using var consolidate = Consolidate(Store.Memories);
        var report = (await Distil(Store.Sessions, Store.Memories, consolidate).RunAsync(session.Key, default)).Value;

        Assert.Equal((8L, true), (report.Distilled, report.IsComplete));
        var memories = await ListAsync("eve");
        Assert.NotEmpty(memories);
        Assert.DoesNotContain(memories, static memory => memory.Sources.Any(static source => source.Seq == 3));
        Assert.DoesNotContain(memories, static memory => memory.Content.Contains("peanuts", StringComparison.Ordinal));
    }

    private async Task<SessionScript> TalkAsync(string name)
    {
        var session = Script(name, name);
        await session.AppendAsync(Talk);
        return session;
    }

    // What is there after a run that fails and one that does not: kind, state and text, without ids and times.
    private async Task<string[]> DistilledAsync(SessionScript session, FailingCall failing)
    {
        var (sessions, memories) = (failing.Over(Store.Sessions), failing.Over(Store.Memories));
        using (var consolidate = Consolidate(memories))
        {
            try
            {
                await Distil(sessions, memories, consolidate).RunAsync(session.Key, default);
            }
            catch (Exception stopped) when (stopped is StoreUnavailableException or OperationCanceledException)
            {
                // The run that follows has to do with what is left.
            }
        }

        using var again = Consolidate(Store.Memories);
        Assert.True((await Distil(Store.Sessions, Store.Memories, again).RunAsync(session.Key, default)).Value.IsComplete);
        Assert.Equal(Talk.Length, await Store.Memories.FindDistilledAsync(session.Key, default));
        Assert.Equal(Talk.Length, (await ReadAllAsync(session)).Count);
        var made = await ListAsync(session.Key.Id);
        Assert.Equal(
            Enumerable.Range(1, Talk.Length).Select(static seq => (long)seq),
            made.Where(static memory => memory.Kind == "episode").SelectMany(static memory => memory.Sources)
            .Select(static source => source.Seq).Order());
        return [.. made.Select(static memory => $"{memory.Kind} {memory.Status} {memory.Version}: {memory.Content}")
            .Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<MemoryRecord>> ListAsync(string user) =>
        (await Store.Memories.ListMemoriesAsync(Tenant, new MemoryFilter(Status: null, UserId: user), null, 100, default)).Value.Items;

    private SessionDistiller Distil(ISessionStore sessions, IMemoryStore memories, FactConsolidator consolidate) => new(
        sessions, memories, new ExtractiveDistiller(Wordless.Embedder), consolidate, TimeProvider.System, Mint,
        new DistillationLimits(TurnsMax: 2));

    private FactConsolidator Consolidate(IMemoryStore memories) => new(
        memories, new ConsolidateFacts(new ConsolidationRules(), new SalienceCurve(new SalienceRules()), Wordless.Embedder, Mint, Mint),
        TimeProvider.System);

    private string Mint() => $"{Tenant}-{Interlocked.Increment(ref minted)}";
}
