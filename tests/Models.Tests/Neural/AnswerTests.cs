using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Models.Tests.Neural;

public sealed class AnswerTests
{
    [Theory]
    [InlineData(EmbedderProvider.OpenAi, false)]
    [InlineData(EmbedderProvider.OpenAi, true)]
    [InlineData(EmbedderProvider.Gemini, false)]
    public async Task Vectors_come_in_order_and_of_unit_length(EmbedderProvider provider, bool base64)
    {
        await using var test = await EmbedderUnderTest.StartAsync(provider: provider);
        test.Server.Behaviour = new Behaviour { Base64 = base64 };
        string[] texts = ["the red boat", "a letter from Lisbon", "die Brücke 橋 🌉"];
        var vectors = await test.EmbedAsync(texts);
        Assert.Equal(texts.Length, vectors.Count);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(1, Dot(vectors[i], vectors[i]), 1e-5);
            Assert.Equal(1, Dot(vectors[i], Unit(WordHashVector.Of(texts[i], 64))), 1e-5);
        }

        Assert.Equal(texts, test.Server.Seen.Single().Texts);
    }

    [Fact]
    public async Task Answers_out_of_order_are_put_in_order()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        test.Server.Behaviour = new Behaviour { Act = Act.Reversed };
        var vectors = await test.EmbedAsync("one boat", "two bridges", "three letters");
        Assert.Equal(1, Dot(vectors[0], Unit(WordHashVector.Of("one boat", 64))), 1e-5);
        Assert.Equal(1, Dot(vectors[2], Unit(WordHashVector.Of("three letters", 64))), 1e-5);
    }

    [Fact]
    public async Task OpenAi_is_sent_its_key_the_model_and_no_encoding()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        await test.EmbedAsync("a boat");
        var seen = test.Server.Seen.Single();
        Assert.Equal(("/v1/embeddings", $"Bearer {EmbedderUnderTest.Key}", EmbedderUnderTest.Model, null),
            (seen.Path, seen.Authorization, seen.Model, seen.Dimensions));
        Assert.DoesNotContain("encoding_format", seen.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("dimensions", seen.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_no_credential_is_sent()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { ApiKey = null });
        await test.EmbedAsync("a boat");
        Assert.Null(test.Server.Seen.Single().Authorization);
    }

    [Fact]
    public async Task Gemini_is_sent_its_key_in_a_header_and_what_each_text_is_for()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { Dimensions = 16 },
            EmbedderProvider.Gemini);
        await test.EmbedAsync("a boat");
        await test.AskAsync("which boat?");
        Assert.All(test.Server.Seen, static seen => Assert.Equal(
            ($"/v1beta/models/{EmbedderUnderTest.Model}:batchEmbedContents", EmbedderUnderTest.Key, $"models/{EmbedderUnderTest.Model}"),
            (seen.Path, seen.ApiKey, seen.Model)));
        Assert.Equal(
            [("RETRIEVAL_DOCUMENT", null), ("RETRIEVAL_DOCUMENT", 16), ("RETRIEVAL_QUERY", 16)],
            test.Server.Seen.Select(static seen => (seen.TaskType, seen.Dimensions)));
    }

    [Fact]
    public async Task Another_model_than_that_of_the_settings_can_be_asked()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        await test.Embedder.EmbedAsync("older", null, ["a boat"], TextRole.Stored, CancellationToken.None);
        Assert.Equal("older", test.Server.Seen.Single().Model);
    }

    [Fact]
    public async Task A_models_own_dimensions_are_never_named_because_servers_refuse_that()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { Dimensions = 64 });
        test.Server.Behaviour = new Behaviour { RefusesDimensions = true };
        Assert.Equal(64, (await test.EmbedAsync("a boat"))[0].Length);
        Assert.Equal(1, test.Server.Requests);
    }

    [Fact]
    public async Task Other_dimensions_are_named_once_the_answer_shows_that_they_must_be()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { Dimensions = 16 });
        Assert.Equal(16, (await test.EmbedAsync("a boat"))[0].Length);
        Assert.Equal(16, (await test.EmbedAsync("a bridge"))[0].Length);
        Assert.Equal([null, 16, 16], test.Server.Seen.Select(static seen => seen.Dimensions));
    }

    [Fact]
    public async Task No_texts_need_no_request_and_an_empty_text_is_an_error_of_the_caller()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        Assert.Empty(await test.EmbedAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => test.EmbedAsync("a boat", string.Empty));
        Assert.Equal(0, test.Server.Requests);
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, static (a, b) => a * (double)b).Sum();

    private static float[] Unit(float[] vector)
    {
        var length = Math.Sqrt(Dot(vector, vector));
        return [.. vector.Select(value => (float)(value / length))];
    }
}
