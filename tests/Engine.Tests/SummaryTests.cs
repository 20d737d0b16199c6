using MemoryOrleans.Episodes;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>The rolling summary over the store: what has left the window, and nothing that was erased.</summary>
public sealed class SummaryTests
{
    private static readonly SessionKey Key = new("acme", "s");
    private static readonly EngineOptions Quiet = new()
    {
        Window = new WorkingMemoryLimits(10, 4_000),
            Distillation = new DistillationPace { EveryTurns = 10_000, Idle = TimeSpan.FromDays(7) },
    };

    [Fact]
    public async Task While_the_window_holds_the_session_there_is_none()
    {
        await using var under = await EngineOnSqlite.StartAsync(Quiet);
        await SayAsync(under, 1, 10);
        Assert.Empty((await ViewAsync(under)).Summary);
    }

    [Fact]
    public async Task Before_any_distillation_it_is_made_of_the_turns_that_left_the_window()
    {
        await using var under = await EngineOnSqlite.StartAsync(Quiet);
        await SayAsync(under, 1, 30);
        var parts = (await ViewAsync(under)).Summary;
        Assert.NotEmpty(parts);
        Assert.All(parts, static part => Assert.True(part.Memory is null && part.Sources is [{ Seq: >= 1 and <= 20 }]));
        Assert.Equal(parts, (await ViewAsync(under)).Summary,
            static (left, right) => left.Text == right.Text && left.Sources.SequenceEqual(right.Sources));
    }

    [Fact]
    public async Task An_episode_that_reaches_into_the_window_gives_way_to_its_turns_before_it()
    {
        await using var under = await EngineOnSqlite.StartAsync(Quiet);
        await SayAsync(under, 1, 30);
        Assert.True((await under.Host.Memories.DistilAsync(Key, default)).Value.IsComplete);
        var straddling = (await ViewAsync(under)).Summary;
        Assert.All(straddling.SelectMany(static part => part.Sources), static source => Assert.InRange(source.Seq, 1, 20));

        await SayAsync(under, 31, 60);
        var later = (await ViewAsync(under)).Summary;
        Assert.Contains(later, static part => part.Memory is not null && part.FromSeq == 1);
        Assert.All(later.Where(static part => part.Memory is null), static part => Assert.InRange(part.FromSeq, 31, 50));
    }

    [Fact]
    public async Task What_was_erased_is_in_no_summary_and_no_context()
    {
        await using var under = await EngineOnSqlite.StartAsync(Quiet);
        await SayAsync(under, 1, 19);
        await SayAsync(under, "We decided to rent the canary-yellow villa in Trieste for 900 euros.", 20);
        await SayAsync(under, 21, 30);
        Assert.Contains("canary", string.Join('\n', (await ViewAsync(under)).Summary.Select(static part => part.Text)),
            StringComparison.Ordinal);
        await under.Store.EraseTurnsAsync(Key, [20, 25], DateTimeOffset.UnixEpoch, default);

        Assert.DoesNotContain("canary", string.Join('\n', (await ViewAsync(under)).Summary.Select(static part => part.Text)),
            StringComparison.Ordinal);
        var context = (await under.Host.Recall.BuildContextAsync(Key, "villa in Trieste", 4_000, default)).Value;
        Assert.DoesNotContain("canary", context.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(context.Citations.SelectMany(static each => each.Sources), static source => source.Seq is 20 or 25);
    }

    [Fact]
    public async Task Of_a_long_session_no_more_is_read_than_its_bounds_say()
    {
        await using var under = await EngineOnSqlite.StartAsync(Quiet
            with { Window = new WorkingMemoryLimits(10, 4_000, SummaryTokensMax: 100_000) });
        for (var i = 0; i < 10; i++)
            await SayAsync(under, (i * 100) + 1, (i + 1) * 100);
        var undistilled = (await ViewAsync(under)).Summary;
        Assert.All(undistilled, static part => Assert.InRange(part.FromSeq, 990 - RollingSummary.TailTurnsMax + 1, 990));
        await under.Host.Memories.DistilAsync(Key, default);
        var distilled = (await ViewAsync(under)).Summary;
        Assert.Equal(Enumerable.Range(1, 960),
            distilled.SelectMany(static part => part.Sources).Select(static source => (int)source.Seq).Where(static seq => seq <= 960));
    }

    private static async Task<WorkingMemoryView> ViewAsync(EngineOnSqlite under) =>
        (await under.Host.Sessions.GetWorkingMemoryAsync(Key, default)).Value;

    private static Task SayAsync(EngineOnSqlite under, int from, int to) => AppendAsync(
        under, [.. Enumerable.Range(from, to - from + 1)
        .Select(static seq => $"On day {seq} we decided to plant {seq} trees near the harbour.")], from);

    private static Task SayAsync(EngineOnSqlite under, string content, int seq) => AppendAsync(under, [content], seq);

    private static async Task AppendAsync(EngineOnSqlite under, string[] contents, int from)
    {
        var appended = await under.Host.Sessions.AppendAsync(
            new AppendCommand(Key, "ann", null,
            [.. contents.Select((content, i) => new TurnDraft($"t{from + i}", "user", "Ann", content, null, null))]), default);
        Assert.True(appended.IsSuccess);
    }
}
