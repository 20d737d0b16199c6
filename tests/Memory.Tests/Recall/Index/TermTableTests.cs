using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class TermTableTests
{
    [Fact]
    public void It_finds_what_a_dictionary_of_lists_finds() =>
        Prop.ForAll(Gen.Choose(0, 300).ArrayOf().ToArbitrary(), Gen.Choose(0, 200).ToArbitrary(), static (terms, chunks) =>
        {
            var table = new TermTable();
            for (var chunk = 0; chunk < terms.Length; chunk++)
                table.Add(HashOf(terms[chunk]), Posting.Of(chunk, 1, isDate: false));
            foreach (var term in Enumerable.Range(0, 301))
            {
                var expected = Enumerable.Range(0, Math.Min(chunks, terms.Length)).Where(chunk => terms[chunk] == term);
                Assert.Equal(expected, Chunks(table.Find(HashOf(term), chunks)));
            }

            Assert.Equal(terms.Distinct().Count(), table.Count);
        }).Check(SameCases.Quick.WithMaxTest(200).WithEndSize(400));

    [Fact]
    public void Growing_loses_no_term()
    {
        const int terms = 50_000;
        var table = new TermTable();
        for (var term = 0; term < terms; term++)
            table.Add(HashOf(term), Posting.Of(term, 1, isDate: false));

        Assert.Equal(terms, table.Count);
        for (var term = 0; term < terms; term++)
            Assert.Equal([term], Chunks(table.Find(HashOf(term), terms)));
        Assert.Equal(terms, table.ReadAll().Select(static each => each.Hash).Distinct().Count());
        Assert.InRange(table.Bytes, terms * 50L, terms * 150L);
    }

    [Fact]
    public void Terms_that_want_one_slot_are_told_apart()
    {
        // The low twenty bits do not choose the slot.
        var table = new TermTable();
        for (var term = 1; term <= 1_000; term++)
            table.Add((ulong)term, Posting.Of(term, 1, isDate: false));

        for (var term = 1; term <= 1_000; term++)
            Assert.Equal([term], Chunks(table.Find((ulong)term, 2_000)));
        Assert.Empty(Chunks(table.Find(1_001, 2_000)));
        Assert.Empty(Chunks(table.Find(0, 2_000)));
    }

    [Fact]
    public async Task Readers_find_all_that_was_published_while_the_writer_adds()
    {
        const int chunks = 60_000;
        const int terms = 4_999;
        var table = new TermTable();
        var published = 0;
        var writing = Task.Run(() =>
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                table.Add(HashOf(chunk % terms), Posting.Of(chunk, 1, isDate: false));
                table.Add(HashOf(terms), Posting.Of(chunk, 2, isDate: true));
                Volatile.Write(ref published, chunk + 1);
            }
        });

        int count;
        do
        {
            count = Volatile.Read(ref published);
            AssertIsIn(table, count, terms);
        }
        while (count < chunks && !writing.IsFaulted);
        await writing;
    }

    private static void AssertIsIn(TermTable table, int count, int terms)
    {
        Assert.Equal(count, table.Find(HashOf(terms), count).Length);
        for (var term = 0; term < terms; term += 97)
        {
            var found = table.Find(HashOf(term), count);
            Assert.Equal(term < count ? ((count - term - 1) / terms) + 1 : 0, found.Length);
            for (var i = 0; i < found.Length; i++)
                Assert.Equal(term + (i * terms), Posting.ChunkOf(found[i]));
        }
    }

    private static ulong HashOf(int term) => unchecked((ulong)(term + 1) * 0x9E3779B97F4A7C15);

    private static int[] Chunks(ReadOnlySpan<uint> postings) => Array.ConvertAll(postings.ToArray(), Posting.ChunkOf);
}
