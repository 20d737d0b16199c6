using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>What a record rests on, and when that was known.</summary>
internal sealed record SourcedRecord(long Line, IReadOnlyList<SourceTurn> Sources, DateTimeOffset RecordedAt);

/// <summary>
/// Whether the turns that records cite are there: each is a turn of the log, or was one of a session that has been deleted
/// since, or made anew after the record. Turns that were erased here are told: what rests on them must not come back.
/// </summary>
/// <param name="erasedThere">Turns that the file itself has erased: what it says of them is as it was there.</param>
internal sealed class CheckSources(string tenant, ISessionStore sessions, HashSet<SourceTurn> erasedThere)
{
    /// <summary>The sources that were erased here; an error for the first one that is missing.</summary>
    public async Task<Outcome<HashSet<SourceTurn>>> FindErasedAsync(IReadOnlyList<SourcedRecord> records, CancellationToken cancel)
    {
        var addresses = records.SelectMany(static record => record.Sources)
            .Select(static source => new TurnAddress(source.SessionId, source.Seq)).Distinct().ToArray();
        if (addresses.Length == 0)
            return new HashSet<SourceTurn>();
        var found = (await sessions.ReadTurnsAsync(tenant, addresses, cancel))
            .ToDictionary(static turn => new SourceTurn(turn.SessionId, turn.Id, turn.Seq), static turn => turn.IsErased);
        foreach (var record in records)
        {
            for (var i = 0; i < record.Sources.Count; i++)
            {
                if (!found.ContainsKey(record.Sources[i]) && !await WasDeletedAsync(record.Sources[i].SessionId, record.RecordedAt, cancel))
                    return ImportErrors.Invalid(record.Line, $"sources[{i}]", "is a turn that does not exist");
            }
        }

        return found.Where(each => each.Value && !erasedThere.Contains(each.Key)).Select(static each => each.Key).ToHashSet();
    }

    private async Task<bool> WasDeletedAsync(string sessionId, DateTimeOffset recordedAt, CancellationToken cancel)
    {
        var lookup = await sessions.FindSessionAsync(new SessionKey(tenant, sessionId), cancel);
        return lookup.Session is { } session ? session.CreatedAt > recordedAt : lookup.TombstoneVersion > 0;
    }
}
