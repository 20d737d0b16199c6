using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>
/// What is to be written of a file's sessions. What the tenant has already must be the same as far as both go; it may have
/// gone on since. Turns that were erased here stay erased; a session that was deleted here is not brought back.
/// </summary>
internal sealed class PlanSessions(string tenant, ISessionStore sessions)
{
    private SessionRecord? open;
    private long openLine;

    /// <param name="records">Sessions and turns. The first turns may be of the session that the last call ended in.</param>
    public async Task<Outcome<ImportPlan<SessionImport>>> PlanAsync(IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        var writes = new List<SessionImport>();
        var added = new TransferCounts();
        foreach (var part in CutParts(records))
        {
            var lookup = await sessions.FindSessionAsync(new SessionKey(tenant, part.Record.Session.Id), cancel);
            var stored = lookup.Session is null ? [] : await ReadStoredAsync(part, cancel);
            if (FindConflict(part, lookup, stored) is { } conflict)
                return conflict;
            if (Plan(part, lookup.Session) is not { } write)
                continue;
            writes.Add(write);
            added += new TransferCounts(Sessions: write.ExpectedVersion == 0 ? 1 : 0, Turns: write.Turns.Count);
        }

        return new ImportPlan<SessionImport>(writes, added);
    }

    /// <summary>Called when a batch's plan was carried out: the next may go on with its last session.</summary>
    public void Advance(IReadOnlyList<NumberedRecord> records)
    {
        foreach (var (line, record) in records)
        {
            if (record is SessionRecord session)
                (open, openLine) = (session, line);
        }
    }

    private List<Part> CutParts(IReadOnlyList<NumberedRecord> records)
    {
        var parts = new List<Part>();
        foreach (var (line, record) in records)
        {
            if (record is SessionRecord session)
                parts.Add(new Part(session, line, []));
            else if (parts.Count == 0)
                parts.Add(new Part(open ?? throw new InvalidOperationException("A turn without its session."), openLine, []));
            if (record is TurnRecord turn)
                parts[^1].Turns.Add((line, turn.Turn));
        }

        return parts;
    }

    private async Task<IReadOnlyList<Turn>> ReadStoredAsync(Part part, CancellationToken cancel) => part.Turns.Count == 0
        ? []
        : await sessions.ReadTurnsAsync(new SessionKey(tenant, part.Record.Session.Id), part.Turns[0].Turn.Seq - 1, part.Turns.Count,
        cancel);

    private static MemoryError? FindConflict(Part part, SessionLookup lookup, IReadOnlyList<Turn> stored)
    {
        var wanted = part.Record.Session;
        if (lookup.Session is not { } existing)
        {
            return lookup.TombstoneVersion > 0 || part.FirstSeq > 1
                ? ImportErrors.Conflict(part.Line, "id", "names a session that was deleted here")
                : null;
        }

        if (existing.UserId != wanted.UserId || existing.AgentId != wanted.AgentId || existing.CreatedAt != wanted.CreatedAt)
            return ImportErrors.Different(part.Line);
        for (var i = 0; i < stored.Count; i++)
        {
            var (line, turn) = part.Turns[i];
            var isSame = stored[i].IsErased ? stored[i].Id == turn.Id : stored[i] == turn;
            if (!isSame)
                return ImportErrors.Different(line);
        }

        // The session's own turns and versions would be overwritten by those of the file.
        var isBehind = existing.LastSeq < part.LastSeq;
        if (existing.Version > wanted.Version ? isBehind : existing.Version == wanted.Version && !IsUnfinished(existing, wanted)
            && existing != wanted)
            return ImportErrors.Different(part.Line);
        return null;
    }

    private SessionImport? Plan(Part part, Session? existing)
    {
        var (wanted, distilled) = part.Record;
        var lastSeq = Math.Max(part.LastSeq, existing?.LastSeq ?? 0);
        var news = part.Turns.Where(turn => turn.Turn.Seq > (existing?.LastSeq ?? 0)).Select(static turn => turn.Turn).ToArray();
        var isComplete = lastSeq >= wanted.LastSeq;
        if (existing is not null && news.Length == 0 && (existing.Version >= wanted.Version || !isComplete))
            return null;
        return new SessionImport(
            existing?.Version ?? 0, existing?.LastSeq ?? 0, wanted with { LastSeq = lastSeq }, Math.Min(distilled, lastSeq), news,
            WakeDistil: isComplete && distilled < wanted.LastSeq);
    }

    /// <summary>An import that was interrupted left the session's own row, with fewer turns.</summary>
    private static bool IsUnfinished(Session existing, Session wanted) => existing with { LastSeq = wanted.LastSeq } == wanted;

    private sealed record Part(SessionRecord Record, long Line, List<(long Line, Turn Turn)> Turns)
    {
        public long FirstSeq => Turns.Count > 0 ? Turns[0].Turn.Seq : 1;

        public long LastSeq => Turns.Count > 0 ? Turns[^1].Turn.Seq : 0;
    }
}
