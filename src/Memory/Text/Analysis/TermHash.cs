namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// 64-bit hash of a term: FNV-1a over its UTF-16 code units, then the finalizer of MurmurHash3 so that every bit is fit
/// for a table's slot. The same in every process and version: indexes and stores may keep it. Not for adversaries: a made
/// collision merges two terms and no more.
/// </summary>
public static class TermHash
{
    private const ulong OffsetBasis = 0xCBF29CE484222325;
    private const ulong Prime = 0x00000100000001B3;

    public static ulong Of(ReadOnlySpan<char> term)
    {
        var hash = OffsetBasis;
        foreach (var unit in term)
            hash = (hash ^ unit) * Prime;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
