using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests.Connecting;

public sealed class RetryPolicyTests
{
    private readonly List<TimeSpan> waits = [];
    private readonly RetryPolicy retries;

    public RetryPolicyTests() => retries = new RetryPolicy(new HurriedTime(), (wait, _) => waits.Add(wait));

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_refusal_is_repeated_after_as_long_as_it_asks(int status)
    {
        var left = 2;
        Assert.Equal(7, await retries.RunAsync(() => left-- > 0 ? throw Refusal(status, TimeSpan.FromSeconds(4)) : Task.FromResult(7),
            default));
        Assert.Equal([TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)], waits);
    }

    [Fact]
    public async Task Without_a_Retry_After_the_waits_double()
    {
        var left = 3;
        await retries.RunAsync(() => left-- > 0 ? throw Refusal(503, null) : Task.FromResult(7), default);
        Assert.Equal([0.5, 1, 2], waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Retries_are_bounded()
    {
        await Assert.ThrowsAsync<MemoryApiException>(() => retries.RunAsync<int>(() => throw Refusal(503, TimeSpan.Zero), default));
        Assert.Equal(11, waits.Count);
        Assert.All(waits, wait => Assert.True(wait > TimeSpan.Zero));
    }

    [Fact]
    public async Task Other_refusals_are_not_repeated()
    {
        await Assert.ThrowsAsync<MemoryApiException>(() => retries.RunAsync<int>(() => throw Refusal(409, null), default));
        Assert.Empty(waits);
    }

    [Fact]
    public async Task Silence_is_repeated_only_where_there_was_an_answer()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            retries.RunAsync<int>(() => throw new HttpRequestException("refused"), default));
        Assert.Empty(waits);
        await retries.RunAsync(() => Task.FromResult(1), default);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            retries.RunAsync<int>(() => throw new HttpRequestException("refused"), default));
        Assert.Equal([0.5, 1, 2, 4], waits.Select(wait => wait.TotalSeconds));
    }

    private static MemoryApiException Refusal(int status, TimeSpan? retryAfter) =>
        new(new ProblemResponse("about:blank", "No", status, "Not now.", "code"), retryAfter);

    /// <summary>Every wait is over at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
