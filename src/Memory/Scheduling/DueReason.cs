namespace MemoryOrleans.Scheduling;

/// <summary>Why an attempt failed, as it is kept.</summary>
public static class DueReason
{
    public const int LengthMax = 500;

    /// <summary>The beginning of a longer one; no surrogate pair is cut, and NUL, which PostgreSQL cannot hold, becomes a space.</summary>
    public static string Keep(string reason)
    {
        var kept = reason.Length <= LengthMax
            ? reason : reason[..(char.IsHighSurrogate(reason[LengthMax - 1]) ? LengthMax - 1 : LengthMax)];
        return kept.Replace('\0', ' ');
    }
}
