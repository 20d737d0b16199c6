namespace MemoryOrleans.Sessions;

/// <summary>Which turns may be cited: those that exist and were not erased.</summary>
internal static class FindCitable
{
    /// <summary>Of the named turns, those that may be cited, with their seqs.</summary>
    /// <param name="named">A session's id and a turn's id each.</param>
    public static async Task<Dictionary<(string SessionId, string TurnId), SourceTurn>> OfAsync(
        ISessionStore sessions, string tenant, IEnumerable<(string SessionId, string TurnId)> named, CancellationToken cancel)
    {
        var found = new Dictionary<(string SessionId, string TurnId), SourceTurn>();
        foreach (var session in named.GroupBy(static each => each.SessionId, StringComparer.Ordinal))
        {
            var wanted = session.Select(static each => each.TurnId).ToHashSet(StringComparer.Ordinal);
            foreach (var turn in await sessions.FindTurnsAsync(new SessionKey(tenant, session.Key), wanted, cancel))
            {
                if (!turn.IsErased)
                    found[(turn.SessionId, turn.Id)] = new SourceTurn(turn.SessionId, turn.Id, turn.Seq);
            }
        }

        return found;
    }
}
