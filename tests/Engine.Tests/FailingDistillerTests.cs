using System.Collections.Concurrent;
using MemoryOrleans.Episodes;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>Distillation through the durable schedule when the model behind it fails.</summary>
public sealed class FailingDistillerTests
{
    private static readonly SessionKey Key = new("acme", "s");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly EngineOptions Quick = new()
    {
        DistillerAttemptsMax = 3,
        Due = new DueLimits { Poll = TimeSpan.FromMilliseconds(10),
        Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(10), 2, TimeSpan.FromMilliseconds(50)) },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_so_many_failures_the_rules_distil_and_nothing_is_lost_or_dead(bool isPassing)
    {
        var model = new ScriptedDistiller(new DistillerException("away", isPassing), failuresMax: int.MaxValue);
        await using var under = await EngineOnSqlite.StartAsync(Quick, distiller: model);
        await SayAsync(under, 30);
        Assert.True((await under.Host.Sessions.CloseAsync(Key, null, default)).IsSuccess);

        var episodes = await WhenDistilledAsync(under, 30);
        Assert.All(episodes, static episode => Assert.Equal("extractive-1 (fallback)", episode.Origin));
        Assert.InRange(model.Asked, 3, 6);
        Assert.Empty((await under.Host.Due.ListAsync("acme", DueState.Dead, null, null, 10, default)).Value.Items);
    }

    [Fact]
    public async Task A_model_that_comes_back_in_time_does_the_work_itself()
    {
        var model = new ScriptedDistiller(new DistillerException("away", isPassing: true), failuresMax: 2);
        await using var under = await EngineOnSqlite.StartAsync(Quick, distiller: model);
        await SayAsync(under, 5);
        Assert.True((await under.Host.Sessions.CloseAsync(Key, null, default)).IsSuccess);

        Assert.All(await WhenDistilledAsync(under, 5), static episode => Assert.Equal("extractive-1", episode.Origin));
    }

    [Fact]
    public async Task Asked_for_while_the_model_is_away_it_is_not_ready_and_says_when_to_ask_again()
    {
        var model = new ScriptedDistiller(new DistillerException("away", isPassing: true, TimeSpan.FromSeconds(7)),
            failuresMax: int.MaxValue);
        await using var under = await EngineOnSqlite.StartAsync(Quick
            with { DistillerAttemptsMax = 99, Due = new DueLimits { AttemptsMax = 100 } }, distiller: model);
        await SayAsync(under, 5);
        var refused = (await under.Host.Memories.DistilAsync(Key, default)).Error!;
        Assert.Equal((ErrorCode.NotReady, TimeSpan.FromSeconds(7)), (refused.Code, refused.RetryAfter));
    }

    private static async Task SayAsync(EngineOnSqlite under, int turns)
    {
        var drafts = Enumerable.Range(1, turns)
            .Select(static seq => new TurnDraft($"t{seq}", "user", "Ann", $"On day {seq} we decided to plant {seq} trees.", null, null));
        Assert.True((await under.Host.Sessions.AppendAsync(new AppendCommand(Key, "ann", null, [.. drafts]), default)).IsSuccess);
    }

    private static async Task<IReadOnlyList<MemoryRecord>> WhenDistilledAsync(EngineOnSqlite under, int turns)
    {
        return await Eventually.SeesAsync(
            async () => (await under.Host.Memories.ListAsync("acme", new MemoryFilter("episode"), null, 100, default)).Value.Items,
            made => made.SelectMany(static episode => episode.Sources).Select(static source => source.Seq).Distinct().Count() == turns,
            Patience);
    }

    private sealed class ScriptedDistiller(DistillerException failure, int failuresMax) : IDistiller
    {
        private readonly ExtractiveDistiller rules = new(new StaticEmbedder());
        private readonly ConcurrentQueue<long> asked = new();

        public int Asked => asked.Count;

        public ValueTask<Distillation> DistilAsync(
            Session session, IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, DistillationLimits limits, CancellationToken cancel)
        {
            asked.Enqueue(turns[0].Seq);
            return asked.Count > failuresMax ? rules.DistilAsync(session, before, turns, limits, cancel) : throw failure;
        }
    }
}
