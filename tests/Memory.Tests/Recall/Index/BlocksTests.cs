using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class BlocksTests
{
    private const int Block = Blocks<int>.BlockRows;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((3 * Block) + 5)]
    public void Every_row_appended_is_read_back(int count)
    {
        var blocks = Counted(count);
        var view = blocks.Read();

        Assert.Equal(count, blocks.Count);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, view[i]);
            Assert.Equal(i, blocks.Row(i));
        }
    }

    [Fact]
    public void Rows_of_several_elements_lie_together()
    {
        const int stride = 3;
        var blocks = new Blocks<short>(stride);
        for (var i = 0; i < (2 * Block) + 7; i++)
            new[] { (short)i, (short)-i, (short)7 }.CopyTo(blocks.Append());
        var view = blocks.Read();

        Assert.Equal([2_000, -2_000, 7], view.Row(2_000).ToArray());
        Assert.Equal([(short)Block, (short)-Block, 7], view.Block(1)[..stride].ToArray());
        Assert.Equal(5, view[5]);
    }

    [Fact]
    public void A_view_taken_earlier_keeps_its_rows()
    {
        var blocks = Counted(10);
        var early = blocks.Read();
        for (var i = 10; i < 3_000; i++)
            blocks.Append(i);

        for (var i = 0; i < 10; i++)
            Assert.Equal(i, early[i]);
    }

    [Fact]
    public void A_row_can_be_changed_where_it_lies()
    {
        var blocks = Counted(2_000);
        blocks.Row(1_500) = -1;

        Assert.Equal(-1, blocks.Read()[1_500]);
        Assert.Equal(1_501, blocks.Read()[1_501]);
    }

    [Fact]
    public void A_short_list_holds_little()
    {
        Assert.Equal(0, Counted(0).Bytes);
        Assert.Equal(16 * sizeof(int), Counted(16).Bytes);
        Assert.Equal(Block * sizeof(int), Counted(Block).Bytes);
        Assert.Equal(2 * Block * sizeof(int), Counted(Block + 1).Bytes);
    }

    [Fact]
    public async Task A_reader_below_the_published_count_sees_whole_rows_while_the_writer_grows_it()
    {
        const int rows = 20_000;
        var blocks = new Blocks<long>(2);
        var published = 0;
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < rows; i++)
            {
                new[] { (long)i, -i }.CopyTo(blocks.Append());
                Volatile.Write(ref published, i + 1);
            }
        });

        int count;
        do
        {
            count = Volatile.Read(ref published);
            var view = blocks.Read();
            for (var i = Math.Max(0, count - 2_000); i < count; i++)
                Assert.True(view.Row(i) is [var left, var right] && left == i && right == -i);
        }
        while (count < rows && !writing.IsFaulted);
        await writing;
    }

    private static Blocks<int> Counted(int count)
    {
        var blocks = new Blocks<int>();
        for (var i = 0; i < count; i++)
            blocks.Append(i);
        return blocks;
    }
}
