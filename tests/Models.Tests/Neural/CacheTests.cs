using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Models.Tests.Neural;

public sealed class CacheTests
{
    [Fact]
    public async Task A_question_that_was_forgotten_is_asked_again()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        await test.AskAsync("question");
        test.Embedder.Forget();
        Assert.Equal(0, test.Measure("memory_embedder_cache_vectors"));
        await test.AskAsync("question");
        Assert.Equal(2, test.Server.Requests);
    }

    [Fact]
    public async Task A_question_asked_again_is_answered_from_memory_even_while_the_server_is_down()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        var first = await test.AskAsync("which boat?");
        test.Server.Behaviour = new Behaviour { Act = Act.Drop };
        var again = await test.AskAsync("which boat?");
        Assert.Equal(first, again);
        Assert.Equal((1, 1, 1), (test.Server.Requests, test.Measure("memory_embedder_cache_hits"),
            test.Measure("memory_embedder_cache_misses")));
    }

    [Fact]
    public async Task What_a_caller_does_to_its_vector_stays_with_it()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        var first = await test.AskAsync("which boat?");
        var expected = first.ToArray();
        Array.Clear(first);
        Assert.Equal(expected, await test.AskAsync("which boat?"));
    }

    [Fact]
    public async Task Models_dimensions_roles_and_texts_are_kept_apart()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        await test.AskAsync("which boat?");
        await test.AskAsync("which boat");
        await test.EmbedAsync("which boat?");
        await test.Embedder.EmbedAsync("other", null, ["which boat?"], TextRole.Question, CancellationToken.None);
        await test.Embedder.EmbedAsync(EmbedderUnderTest.Model, 64, ["which boat?"], TextRole.Question, CancellationToken.None);
        Assert.Equal(5, test.Server.Requests);
    }

    [Fact]
    public async Task Of_several_questions_only_the_new_ones_are_sent_each_once()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        var known = await test.AskAsync("one?");
        var all = await test.Embedder.EmbedAsync(EmbedderUnderTest.Model, null, ["two?", "one?", "two?", "three?"], TextRole.Question,
            CancellationToken.None);
        Assert.Equal(["two?", "three?"], test.Server.Seen[1].Texts);
        Assert.Equal(known, all[1]);
        Assert.Equal(all[0], all[2]);
        Assert.NotSame(all[0], all[2]);
        Assert.NotEqual(all[0], all[3]);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        test.Server.Behaviour = new Behaviour { Act = Act.Refuse, Times = 1 };
        await Assert.ThrowsAsync<EmbedderException>(() => test.AskAsync("which boat?"));
        Assert.Equal(64, (await test.AskAsync("which boat?")).Length);
    }

    [Fact]
    public async Task Memory_is_bounded_and_the_question_unasked_longest_leaves_it()
    {
        // Room for two vectors of 64 floats.
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { CacheBytesMax = 1_000 });
        await test.AskAsync("one?");
        await test.AskAsync("two?");
        await test.AskAsync("one?");
        await test.AskAsync("three?");
        Assert.Equal((3, 2), (test.Server.Requests, test.Measure("memory_embedder_cache_vectors")));
        await test.AskAsync("one?");
        Assert.Equal(3, test.Server.Requests);
        await test.AskAsync("two?");
        Assert.Equal(4, test.Server.Requests);
    }

    [Fact]
    public async Task It_can_be_turned_off()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { CacheBytesMax = 0 });
        await test.AskAsync("one?");
        await test.AskAsync("one?");
        Assert.Equal(2, test.Server.Requests);
    }

    [Fact]
    public void Parallel_use_stays_within_the_bound()
    {
        var cache = new VectorCache(50 * (200 + 16));
        Parallel.For(0, 20_000, i =>
        {
            var key = (UInt128)(i * 7 % 200);
            if (cache.TryGet(key, out var vector))
                Assert.Equal((float)key, vector[0]);
            else
                cache.Add(key, [(float)key, 0, 0, 0]);
        });
        Assert.Equal(50, cache.Count);
    }
}
