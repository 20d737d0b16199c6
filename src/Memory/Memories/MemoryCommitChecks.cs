namespace MemoryOrleans.Memories;

/// <summary>What must hold of a commit in itself, before anything is compared with the store.</summary>
public static class MemoryCommitChecks
{
    public const int KeyLengthMax = 64;

    /// <summary>Checks versions, ids and keys; content has been validated long before.</summary>
    /// <exception cref="ArgumentException">The commit contradicts itself.</exception>
    public static void Check(MemoryCommit commit)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in commit.Writes)
        {
            Check(write);
            if (!ids.Add(write.After.Id))
                throw new ArgumentException($"Memory {write.After.Id} is written twice.", nameof(commit));
        }

        if (commit.Distilled is { } range && (range.FromSeq < 1 || range.ToSeq < range.FromSeq))
            throw new ArgumentException($"Turns {range.FromSeq} to {range.ToSeq} are no range.", nameof(commit));
    }

    /// <exception cref="ArgumentException">The write contradicts itself.</exception>
    public static void Check(MemoryWrite write)
    {
        var after = write.After;
        if (write.ExpectedVersion < 0 || after.Version != write.ExpectedVersion + 1)
            throw new ArgumentException($"Version {after.Version} does not follow the one before.", nameof(write));
        if (after.SupersededAt is not null)
            throw new ArgumentException($"The next version of memory {after.Id} is not superseded yet.", nameof(write));
        if (write.Keys.Any(static key => key.Length is 0 or > KeyLengthMax))
            throw new ArgumentException($"Keys have 1 to {KeyLengthMax} characters.", nameof(write));
    }

    /// <summary>Redacted versions are earlier ones of the same memory.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void Check(MemoryWrite next, IReadOnlyList<MemoryRecord> redacted)
    {
        if (redacted.Any(version => version.Id != next.After.Id || version.Version < 1 || version.Version > next.ExpectedVersion))
            throw new ArgumentException($"Not every redacted version is an earlier one of memory {next.After.Id}.", nameof(redacted));
    }
}
