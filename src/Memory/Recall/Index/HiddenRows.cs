namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Turns and chunks that are gone but not yet swept away, as bits, and speakers who said nothing but those; immutable once
/// handed to readers. Rows beyond the bits are there.
/// </summary>
internal sealed class HiddenRows
{
    private ulong[] turns = [];
    private ulong[] chunks = [];
    private HashSet<int> speakers = [];

    public int Turns { get; private set; }

    public int Chunks { get; private set; }

    public int Sessions { get; private set; }

    /// <summary>Terms of the hidden chunks, dates left out.</summary>
    public long Terms { get; private set; }

    public bool HasTurn(int turn) => Has(turns, turn);

    public bool HasChunk(int chunk) => Has(chunks, chunk);

    public bool HasSpeaker(int speaker) => speakers.Contains(speaker);

    public void AddSpeaker(int speaker) => speakers.Add(speaker);

    public void ReturnSpeaker(int speaker) => speakers.Remove(speaker);

    public void AddSession() => Sessions++;

    public void AddTurn(int turn)
    {
        Turns++;
        Set(ref turns, turn);
    }

    public void AddChunk(int chunk, int terms)
    {
        Chunks++;
        Terms += terms;
        Set(ref chunks, chunk);
    }

    public HiddenRows Copy() => new()
    {
        turns = [.. turns], chunks = [.. chunks], speakers = [.. speakers], Turns = Turns, Chunks = Chunks, Sessions = Sessions,
            Terms = Terms,
    };

    private static bool Has(ulong[] bits, int row) => (row >> 6) < bits.Length && ((bits[row >> 6] >> row) & 1) != 0;

    private static void Set(ref ulong[] bits, int row)
    {
        if ((row >> 6) >= bits.Length)
            Array.Resize(ref bits, Math.Max((row >> 6) + 1, bits.Length * 2));
        bits[row >> 6] |= 1UL << row;
    }
}
