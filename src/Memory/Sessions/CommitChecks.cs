namespace MemoryOrleans.Sessions;

/// <summary>What must hold of a commit in itself, before anything is compared with the store.</summary>
public static class CommitChecks
{
    /// <summary>Checks versions and the run of seq; content has been validated long before.</summary>
    /// <exception cref="ArgumentException">The commit contradicts itself.</exception>
    public static void Check(SessionCommit commit)
    {
        var (after, turns) = (commit.After, commit.Turns);
        if (after.Id != commit.Key.Id)
            throw new ArgumentException($"The commit is of session {commit.Key.Id}, its row of {after.Id}.", nameof(commit));
        if (after.Version <= Math.Max(commit.ExpectedVersion, commit.TombstoneVersion))
            throw new ArgumentException($"Version {after.Version} does not follow the one before.", nameof(commit));
        if (commit.Idempotency is { } record && !Names(record, commit))
            throw new ArgumentException("An idempotency record names the turns it is committed with.", nameof(commit));
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].SessionId != after.Id || turns[i].Seq != after.LastSeq - turns.Count + 1 + i)
                throw new ArgumentException($"Turn {turns[i].Seq} does not lead up to the session's last seq {after.LastSeq}.",
                    nameof(commit));
        }
    }

    private static bool Names(IdempotencyRecord record, SessionCommit commit) =>
        commit.Turns.Count > 0 && record.SessionId == commit.Key.Id
        && record.FirstSeq == commit.Turns[0].Seq && record.Count == commit.Turns.Count;
}
