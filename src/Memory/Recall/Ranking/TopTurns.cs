namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The best k of a stream of scored turns: a bounded min-heap. Equal scores are ordered by session, then seq, so that
/// the choice does not depend on the order of arrival.
/// </summary>
internal sealed class TopTurns(int capacity, RankScope scope)
{
    private readonly (float Score, int Partition, int Turn)[] heap = new (float, int, int)[capacity];
    private int count;

    /// <summary>A score must exceed, or tie with, this to enter; zero and below never do.</summary>
    public float Threshold { get; private set; } = float.Epsilon;

    public int Capacity => heap.Length;

    public bool IsFull => count == heap.Length;

    public ReadOnlySpan<(float Score, int Partition, int Turn)> Items => heap.AsSpan(0, count);

    public void Offer(float score, int partition, int turn)
    {
        var offered = (score, partition, turn);
        if (count < capacity)
        {
            heap[count] = offered;
            SiftUp(count++);
        }
        else if (IsBefore(heap[0], offered))
        {
            heap[0] = offered;
            SiftDown();
        }

        if (count == capacity)
            Threshold = heap[0].Score;
    }

    public void Clear()
    {
        count = 0;
        Threshold = float.Epsilon;
    }

    private void SiftUp(int at)
    {
        while (at > 0 && IsBefore(heap[at], heap[(at - 1) / 2]))
        {
            var parent = (at - 1) / 2;
            (heap[at], heap[parent]) = (heap[parent], heap[at]);
            at = parent;
        }
    }

    private void SiftDown()
    {
        var at = 0;
        while (true)
        {
            var least = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < count; child++)
            {
                if (IsBefore(heap[child], heap[least]))
                    least = child;
            }

            if (least == at)
                return;
            (heap[at], heap[least]) = (heap[least], heap[at]);
            at = least;
        }
    }

    // True when left ranks lower than right, and so leaves the heap first.
    private bool IsBefore((float Score, int Partition, int Turn) left, (float Score, int Partition, int Turn) right) =>
        left.Score != right.Score ? left.Score < right.Score : Compare(left, right) > 0;

    private int Compare((float Score, int Partition, int Turn) left, (float Score, int Partition, int Turn) right)
    {
        var leftPartition = scope.Partitions[left.Partition];
        var rightPartition = scope.Partitions[right.Partition];
        var bySession = string.CompareOrdinal(
            leftPartition.Sessions[leftPartition.Turns[left.Turn].Session].Id,
            rightPartition.Sessions[rightPartition.Turns[right.Turn].Session].Id);
        return bySession != 0
            ? bySession
            : leftPartition.Details[left.Turn].Seq.CompareTo(rightPartition.Details[right.Turn].Seq);
    }
}
