using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Models.Neural;

namespace MemoryOrleans.Models.Tests.Neural;

public sealed class BatchTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 3)]
    public async Task Texts_are_spread_over_as_few_requests_as_their_number_allows(int texts, int requests)
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { BatchTextsMax = 4 });
        var vectors = await test.EmbedAsync([.. Enumerable.Range(0, texts).Select(static i => $"text {i}")]);
        Assert.Equal((texts, requests), (vectors.Count, (int)test.Server.Requests));
        Assert.All(test.Server.Seen, static seen => Assert.InRange(seen.Texts.Count, 1, 4));
        Assert.Equal(Enumerable.Range(0, texts).Select(static i => $"text {i}"), test.Server.Seen.SelectMany(static seen => seen.Texts));
    }

    [Fact]
    public async Task Characters_bound_a_request_too_and_a_longer_text_goes_alone()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { BatchCharactersMax = 10 });
        await test.EmbedAsync("12345", "67890", "1", "12345678901", "2");
        Assert.Equal([10, 1, 11, 1], test.Server.Seen.Select(static seen => seen.Texts.Sum(static text => text.Length)));
    }

    [Fact]
    public async Task An_over_long_text_is_embedded_by_its_beginning()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { TextCharactersMax = 6 });
        await test.EmbedAsync("123456", "1234567", "12345🌉");
        Assert.Equal(["123456", "123456", "12345"], test.Server.Seen.Single().Texts);
    }

    [Fact]
    public void Requests_cover_all_texts_in_order_within_the_limits_and_none_could_take_the_next_text() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt[]>(), ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<PositiveInt>(),
        static (lengths, textsMax, charactersMax) =>
        {
            string[] texts = [.. lengths.Select(static length => new string('x', length.Item))];
            var ranges = BatchPolicy.Split(texts, textsMax.Item, charactersMax.Item)
                .Select(range => (From: range.Start.Value, To: range.End.Value)).ToArray();
            var covered = ranges.SelectMany(static range => Enumerable.Range(range.From, range.To - range.From))
                .SequenceEqual(Enumerable.Range(0, texts.Length));
            var within = ranges.All(range => range.To - range.From == 1
                || (range.To - range.From <= textsMax.Item
                && texts[range.From..range.To].Sum(static text => text.Length) <= charactersMax.Item));
            var full = ranges.SkipLast(1).All(range => range.To - range.From == textsMax.Item
                || texts[range.From..(range.To + 1)].Sum(static text => text.Length) > charactersMax.Item);
            return covered && within && full;
        }).Check(SameCases.Quick);

    [Fact]
    public async Task A_batch_that_fails_ends_the_call()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { BatchTextsMax = 1 });
        test.Server.Behaviour = new() { Act = Scripted.Act.Refuse, Status = 400 };
        await test.FailAsync("one", "two", "three");
        Assert.Equal(1, test.Server.Requests);
    }
}
