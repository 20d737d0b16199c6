using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class PostingTests
{
    [Fact]
    public void A_posting_gives_back_what_was_packed() =>
        Prop.ForAll(
            Gen.Choose(0, Posting.ChunksMax - 1).ToArbitrary(), Gen.Choose(0, 127).ToArbitrary(),
            Gen.Choose(0, Posting.ChunksMax - 1).ToArbitrary(),
            static (chunk, count, other) =>
            {
                foreach (var isDate in new[] { false, true })
                {
                    var packed = Posting.Of(chunk, count, isDate).Packed;
                    Assert.Equal(chunk, Posting.ChunkOf(packed));
                    Assert.Equal(count, Posting.TextCountOf(packed));
                    Assert.Equal(count + (isDate ? 1 : 0), Posting.CountOf(packed));
                    Assert.Equal(Posting.Of(other, count, isDate).Packed, Posting.MoveTo(packed, other));
                }
            }).Check(SameCases.Quick);

    [Fact]
    public void A_count_saturates()
    {
        var packed = Posting.Of(7, 1_000, isDate: true).Packed;

        Assert.Equal(7, Posting.ChunkOf(packed));
        Assert.Equal(127, Posting.TextCountOf(packed));
        Assert.Equal(128, Posting.CountOf(packed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(1_000)]
    public void A_list_reads_back_what_was_appended(int count)
    {
        var list = new PostingList();
        for (var i = 0; i < count; i++)
            list.Append((uint)i * 3);

        Assert.Equal(Enumerable.Range(0, count).Select(static i => (uint)i * 3), list.Read().ToArray());
    }

    [Fact]
    public void What_was_read_stays_while_the_list_grows()
    {
        var list = new PostingList();
        list.Append(5);
        var one = list.Read();
        list.Append(6);
        var two = list.Read();
        for (var i = 7u; i < 100; i++)
            list.Append(i);

        Assert.Equal([5], one.ToArray());
        Assert.Equal([5, 6], two.ToArray());
    }

    [Fact]
    public async Task A_reader_always_sees_a_beginning_of_the_list()
    {
        const int count = 100_000;
        var list = new PostingList();
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < count; i++)
                list.Append((uint)i);
        });

        int seen;
        do
        {
            var read = list.Read();
            seen = read.Length;
            for (var i = Math.Max(0, seen - 300); i < seen; i++)
                Assert.True(read[i] == i);
        }
        while (seen < count && !writing.IsFaulted);
        await writing;
    }
}
