namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Terms of a partition by their 64-bit hash, and each one's postings in ascending chunk order. Words themselves are not
/// kept: what is erased leaves nothing to read here. One writer; readers may look up while it writes, and cut postings
/// off at their snapshot's chunk count.
/// </summary>
internal sealed class TermTable
{
    private const double LoadMax = 0.6;
    
    // Open addressing over (hash, term index + 1). A slot's hash is written before its index, and the index last, so a
    // reader that sees an index sees its hash. Growth replaces both arrays at once.
    private Slots slots = new(64);
    private PostingList[] terms = new PostingList[32];
    private int count;

    public int Count => count;

    /// <summary>Adds a posting; chunk numbers of one term never fall.</summary>
    public void Add(ulong hash, Posting posting)
    {
        // Looked up first: adding a term may replace the array.
        var index = FindOrAdd(hash);
        terms[index].Append(posting.Packed);
    }

    /// <summary>
    /// The postings of a term that lie below <paramref name="chunks"/>; empty when there are none.
    /// </summary>
    public ReadOnlySpan<uint> Find(ulong hash, int chunks)
    {
        var current = Volatile.Read(ref slots);
        var index = current.Find(hash);
        if (index < 0)
            return [];
        var all = Volatile.Read(ref terms)[index].Read();
        var length = all.Length;
        while (length > 0 && Posting.ChunkOf(all[length - 1]) >= chunks)
            length--;
        return all[..length];
    }

    /// <summary>All terms with their postings, for copying; the writer's side only.</summary>
    public IEnumerable<(ulong Hash, uint[] Postings)> ReadAll()
    {
        foreach (var (hash, index) in slots.ReadAll())
            yield return (hash, terms[index].Read().ToArray());
    }

    public long Bytes
    {
        get
        {
            // The count first: the array read after it holds at least as many.
            var counted = Volatile.Read(ref count);
            var lists = Volatile.Read(ref terms);
            var bytes = Volatile.Read(ref slots).Bytes + (lists.Length * 8L);
            foreach (var list in lists.AsSpan(0, counted))
                bytes += list.Bytes;
            return bytes;
        }
    }

    private int FindOrAdd(ulong hash)
    {
        var found = slots.Find(hash);
        if (found >= 0)
            return found;
        if (count == terms.Length)
        {
            var grown = new PostingList[terms.Length * 2];
            terms.CopyTo(grown, 0);
            Volatile.Write(ref terms, grown);
        }

        if (count + 1 > slots.Capacity * LoadMax)
        {
            var larger = new Slots(slots.Capacity * 2);
            foreach (var (each, index) in slots.ReadAll())
                larger.Add(each, index);
            Volatile.Write(ref slots, larger);
        }

        terms[count] = new PostingList();
        slots.Add(hash, count);
        return count++;
    }

    private sealed class Slots(int capacity)
    {
        private readonly ulong[] hashes = new ulong[capacity];
        private readonly int[] indexes = new int[capacity];

        public int Capacity => capacity;

        public long Bytes => capacity * 12L;

        public int Find(ulong hash)
        {
            var mask = capacity - 1;
            for (var at = (int)(hash >> 20) & mask; ; at = (at + 1) & mask)
            {
                var index = Volatile.Read(ref indexes[at]);
                if (index == 0)
                    return -1;
                if (hashes[at] == hash)
                    return index - 1;
            }
        }

        public void Add(ulong hash, int index)
        {
            var mask = capacity - 1;
            var at = (int)(hash >> 20) & mask;
            while (indexes[at] != 0)
                at = (at + 1) & mask;
            hashes[at] = hash;
            Volatile.Write(ref indexes[at], index + 1);
        }

        public IEnumerable<(ulong Hash, int Index)> ReadAll()
        {
            for (var at = 0; at < capacity; at++)
            {
                if (indexes[at] != 0)
                    yield return (hashes[at], indexes[at] - 1);
            }
        }
    }
}
