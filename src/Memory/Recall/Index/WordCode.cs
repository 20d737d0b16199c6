using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// A word of a text in 16 bits: whether it is a stop word (1), and a hash of the term it counts as, or of the stop word itself
/// (15). Two words in 33,000 share a code, so a code alone proves little; four in a row, or all of a text's, prove enough.
/// </summary>
internal static class WordCode
{
    private const ushort StopFlag = 0x8000;

    public static ushort OfTerm(ulong hash) => (ushort)((hash >> 40) & 0x7FFF);

    public static ushort OfStopWord(ReadOnlySpan<char> word) => (ushort)(OfTerm(TermHash.Of(word)) | StopFlag);

    public static bool IsStopWord(ushort code) => (code & StopFlag) != 0;
}
