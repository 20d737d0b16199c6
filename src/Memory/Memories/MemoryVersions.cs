namespace MemoryOrleans.Memories;

/// <summary>How one version of a memory follows another.</summary>
public static class MemoryVersions
{
    /// <summary>
    /// The write of a changed memory: next number, known from now on. Should the clock have gone back, from when the
    /// version before was known, so that no moment knows two versions or none.
    /// </summary>
    public static MemoryWrite Next(MemoryRecord before, MemoryRecord changed, MemoryChange change, string operation, DateTimeOffset now) =>
        Write(before.Version, changed with
        {
            Version = before.Version + 1,
            RecordedAt = now > before.RecordedAt ? now : before.RecordedAt,
            SupersededAt = null,
            Change = change,
            Operation = operation,
        });

    /// <summary>The write of a memory that does not exist yet.</summary>
    public static MemoryWrite First(MemoryRecord memory) => Write(0, memory);

    private static MemoryWrite Write(long expected, MemoryRecord after) => new(expected, after) { Keys = FactKeys.Of(after) };

    /// <summary>Whether two versions say the same, but for when and by what they were made, and for salience.</summary>
    public static bool SayTheSame(MemoryRecord left, MemoryRecord right) =>
        AsIfOneVersion(left) == AsIfOneVersion(right)
        && left.Sources.SequenceEqual(right.Sources)
        && left.Topics.SequenceEqual(right.Topics, StringComparer.Ordinal)
        && left.Entities.SequenceEqual(right.Entities, StringComparer.Ordinal)
        && left.Aliases.SequenceEqual(right.Aliases, StringComparer.Ordinal);

    // Records compare lists by reference; those are compared by content above.
    private static MemoryRecord AsIfOneVersion(MemoryRecord memory) => memory with
    {
        Version = 0,
        Salience = default,
        RecordedAt = default,
        SupersededAt = null,
        Change = default,
        Operation = "",
        Sources = [],
        Topics = [],
        Entities = [],
        Aliases = [],
    };
}
