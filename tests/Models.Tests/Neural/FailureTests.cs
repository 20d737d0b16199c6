using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Models.Tests.Neural;

public sealed class FailureTests
{
    private const string Secret = "my sister lives in Lisbon";

    [Theory]
    [InlineData(429, true, "throttled")]
    [InlineData(500, true, "server")]
    [InlineData(503, true, "server")]
    [InlineData(408, true, "server")]
    [InlineData(400, false, "refused")]
    [InlineData(401, false, "refused")]
    [InlineData(404, false, "refused")]
    [InlineData(413, false, "refused")]
    [InlineData(307, false, "refused")]
    public async Task A_status_tells_whether_trying_later_may_help(int status, bool isPassing, string kind)
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        test.Server.Behaviour = new Behaviour { Act = Act.Refuse, Status = status };
        var failure = await test.FailAsync(Secret);
        Assert.Equal((isPassing, null), (failure.IsPassing, failure.RetryAfter));
        Assert.Contains($"{status}", failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (test.Measure($"memory_embedder_failures{{kind={kind}}}"), test.Server.Requests));
    }

    [Theory]
    [InlineData(Act.Zeros, false)]
    [InlineData(Act.NanLetters, false)]
    [InlineData(Act.NotANumber, false)]
    [InlineData(Act.Infinite, false)]
    [InlineData(Act.Uneven, false)]
    [InlineData(Act.OneTooFew, false)]
    [InlineData(Act.SameIndex, true)]
    [InlineData(Act.Garbage, true)]
    [InlineData(Act.OtherProtocol, true)]
    [InlineData(Act.CutShort, true)]
    [InlineData(Act.Drop, true)]
    public async Task Anything_but_a_vector_for_each_text_is_a_failure(Act act, bool isPassing)
    {
        foreach (var base64 in new[] { false, true })
        {
            await using var test = await EmbedderUnderTest.StartAsync();
            test.Server.Behaviour = new Behaviour { Act = act, Base64 = base64 && act != Act.NanLetters };
            var failure = await test.FailAsync("a boat", Secret);
            Assert.Equal(isPassing, failure.IsPassing);
        }
    }

    [Theory]
    [InlineData(Act.Zeros, false)]
    [InlineData(Act.NotANumber, false)]
    [InlineData(Act.OneTooFew, false)]
    [InlineData(Act.OtherProtocol, true)]
    public async Task Gemini_is_checked_the_same_way(Act act, bool isPassing)
    {
        await using var test = await EmbedderUnderTest.StartAsync(provider: EmbedderProvider.Gemini);
        test.Server.Behaviour = new Behaviour { Act = act };
        Assert.Equal(isPassing, (await test.FailAsync("a boat", Secret)).IsPassing);
    }

    [Fact]
    public async Task Vectors_of_other_dimensions_than_asked_for_are_a_lasting_failure()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { Dimensions = 32 });
        test.Server.Behaviour = new Behaviour { Act = Act.WrongDimensions };
        var failure = await test.FailAsync(Secret);
        Assert.False(failure.IsPassing);
        Assert.Contains("33 dimensions where 32 were asked for", failure.Message, StringComparison.Ordinal);
        Assert.Equal(EmbedderCondition.Failing, test.Embedder.State.Condition);
    }

    [Fact]
    public async Task Batches_of_several_dimensions_are_a_failure()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { BatchTextsMax = 1 });
        test.Server.Behaviour = new Behaviour { Act = Act.WrongDimensions, Times = 1 };
        Assert.False((await test.FailAsync("one", "two")).IsPassing);
    }

    [Fact]
    public async Task Nobody_listening_is_a_passing_failure()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options
            with { BaseUrl = new Uri($"http://127.0.0.1:{FreePorts.Next()}/v1") });
        var failure = await test.FailAsync(Secret);
        Assert.True(failure.IsPassing);
        Assert.Contains("ConnectionError", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_after_the_time_out()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { Timeout = TimeSpan.FromSeconds(7) });
        test.Server.Behaviour = new Behaviour { Act = Act.Hang };
        var embedding = test.FailAsync(Secret);
        await test.Server.WhenRequestsAsync(1);
        test.Time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(embedding.IsCompleted);
        test.Time.Advance(TimeSpan.FromSeconds(0.2));
        var failure = await embedding;
        Assert.True(failure.IsPassing);
        Assert.Contains("within 7 seconds", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, test.Measure("memory_embedder_failures{kind=timeout}"));
    }

    [Fact]
    public async Task A_delay_within_the_time_out_is_no_failure()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        test.Server.Behaviour = new Behaviour { DelayMilliseconds = 20 };
        Assert.Single(await test.EmbedAsync(Secret));
    }

    [Fact]
    public async Task Neither_text_nor_key_is_in_any_failure()
    {
        foreach (var provider in new[] { EmbedderProvider.OpenAi, EmbedderProvider.Gemini })
        {
            foreach (var act in Enum.GetValues<Act>().Except([Act.Answer, Act.Hang, Act.Reversed, Act.WrongDimensions]))
            {
                if (provider == EmbedderProvider.Gemini && act is Act.SameIndex)
                    continue;
                await using var test = await EmbedderUnderTest.StartAsync(provider: provider);
                test.Server.Behaviour = new Behaviour { Act = act, Status = 400 };
                var failure = await test.FailAsync(Secret, Secret);
                var told = $"{failure} {failure.InnerException} {test.Embedder.State}";
                Assert.DoesNotContain("Lisbon", told, StringComparison.Ordinal);
                Assert.DoesNotContain(EmbedderUnderTest.Key, told, StringComparison.Ordinal);
            }
        }
    }
}
