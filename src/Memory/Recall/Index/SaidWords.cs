using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Index;

/// <summary>A text's words as they come, as <see cref="WordCode"/>s.</summary>
internal sealed class SaidWords : ISaidWords
{
    private readonly List<ushort> codes = [];

    public void AddStopWord(ReadOnlySpan<char> word) => codes.Add(WordCode.OfStopWord(word));

    public void AddTerm(ulong hash) => codes.Add(WordCode.OfTerm(hash));

    public void Clear() => codes.Clear();

    public ushort[] ToArray() => [.. codes];
}
