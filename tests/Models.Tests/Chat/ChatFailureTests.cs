using MemoryOrleans.Episodes;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Models.Tests.Chat;

public sealed class ChatFailureTests
{
    [Theory]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    public async Task A_status_that_refuses_is_told_without_what_was_sent(int status, bool isPassing)
    {
        var failure = await FailAsync(new ChatReply(null, status));

        Assert.Equal(isPassing, failure.IsPassing);
        Assert.Contains($"{status}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(DistillerUnderTest.Key, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("peanuts", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", 12)]
    [InlineData("86400", 300)]
    public async Task A_pause_the_server_asks_for_is_passed_on_up_to_five_minutes(string header, int seconds)
    {
        var failure = await FailAsync(new ChatReply(null, 429) { RetryAfter = header });
        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
    }

    [Theory]
    [InlineData("<html>gateway</html>")]
    [InlineData("{}")]
    [InlineData("""{"choices": []}""")]
    [InlineData("""{"choices": [{}]}""")]
    public async Task What_is_not_of_the_protocol_passes(string body) =>
        Assert.True((await FailAsync(new ChatReply(null) { Body = body })).IsPassing);

    [Fact]
    public async Task An_answer_of_megabytes_is_not_read() =>
        Assert.Contains("more than", (await FailAsync(new ChatReply(new string('x', 2_000_000)))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_model_that_hangs_is_given_up_after_its_time()
    {
        await using var under = await DistillerUnderTest.StartAsync(static _ => new ChatReply(null) { Hangs = true });
        var asking = under.DistilAsync(DistillerUnderTest.Talk);
        await under.Server.WhenAsked;
        under.Time.Advance(TimeSpan.FromSeconds(46));
        Assert.True((await Assert.ThrowsAsync<DistillerException>(() => asking)).IsPassing);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_failure_of_the_model()
    {
        await using var under = await DistillerUnderTest.StartAsync(static _ => new ChatReply(null) { Hangs = true });
        using var caller = new CancellationTokenSource();
        var asking = under.DistilAsync(DistillerUnderTest.Talk, caller.Token);
        await under.Server.WhenAsked;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_refused_connection_passes()
    {
        var under = await DistillerUnderTest.StartAsync(static _ => new ChatReply(null));
        await under.Server.DisposeAsync();
        Assert.True((await Assert.ThrowsAsync<DistillerException>(() => under.DistilAsync(DistillerUnderTest.Talk))).IsPassing);
        await under.DisposeAsync();
    }

    [Fact]
    public async Task A_model_that_keeps_failing_is_left_alone_for_a_while_and_then_probed()
    {
        await using var under = await DistillerUnderTest.StartAsync(static _ => new ChatReply(null, 500),
            static options => options with { CircuitRequestsMin = 4 });
        for (var i = 0; i < 4; i++)
            await Assert.ThrowsAsync<DistillerException>(() => under.DistilAsync(DistillerUnderTest.Talk));
        var left = await Assert.ThrowsAsync<DistillerException>(() => under.DistilAsync(DistillerUnderTest.Talk));
        Assert.Equal((4, true), (under.Server.Seen.Count, left.IsPassing));

        under.Time.Advance(TimeSpan.FromSeconds(31));
        under.Server.Script = static _ => new ChatReply(string.Empty);
        Assert.EndsWith(FallbackDistiller.Mark, (await under.DistilAsync(DistillerUnderTest.Talk)).Origin, StringComparison.Ordinal);
        Assert.Equal(5, under.Server.Seen.Count);
    }

    private static async Task<DistillerException> FailAsync(ChatReply reply)
    {
        await using var under = await DistillerUnderTest.StartAsync(_ => reply);
        return await Assert.ThrowsAsync<DistillerException>(() => under.DistilAsync(DistillerUnderTest.Talk));
    }
}
