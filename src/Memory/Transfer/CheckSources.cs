using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>What a record rests on, and when that was known.</summary>
internal sealed record SourcedRecord(long Line, IReadOnlyList<SourceTurn> Sources, DateTimeOffset RecordedAt);

/// <summary>
/// Whether the turns that records cite are there: each is a turn of the log, or was one of a session that has been deleted
/// since, or made anew after the record.
/// </summary>
internal sealed class CheckSources(string tenant, ISessionStore sessions)
{
    /// <summary>An error for the first source that is missing; null when none is.</summary>
    public async Task<MemoryError?> FindMissingAsync(IReadOnlyList<SourcedRecord> records, CancellationToken cancel)
    {
        var addresses = records.SelectMany(static record => record.Sources)
            .Select(static source => new TurnAddress(source.SessionId, source.Seq)).Distinct().ToArray();
        if (addresses.Length == 0)
            return null;
        var found = (await sessions.ReadTurnsAsync(tenant, addresses, cancel))
            .Select(static turn => new SourceTurn(turn.SessionId, turn.Id, turn.Seq)).ToHashSet();
        foreach (var record in records)
        {
            for (var i = 0; i < record.Sources.Count; i++)
            {
                if (!found.Contains(record.Sources[i]) && !await WasDeletedAsync(record.Sources[i].SessionId, record.RecordedAt, cancel))
                    return ImportErrors.Invalid(record.Line, $"sources[{i}]", "is a turn that does not exist");
            }
        }

        return null;
    }

    private async Task<bool> WasDeletedAsync(string sessionId, DateTimeOffset recordedAt, CancellationToken cancel)
    {
        var lookup = await sessions.FindSessionAsync(new SessionKey(tenant, sessionId), cancel);
        return lookup.Session is { } session ? session.CreatedAt > recordedAt : lookup.TombstoneVersion > 0;
    }
}
