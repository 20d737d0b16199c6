using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>
/// Holds a server's sessions against a journal. Acknowledged: there, once, where the answer said, with its content.
/// Not acknowledged: whole or absent, once. Refused with a 4xx: absent. In every session: seq 1..n without a gap, ids
/// unique, nothing that nobody sent.
/// </summary>
internal sealed class JournalCheck(JournalRecord journal, Target target, RequestForms forms, TimeSpan timeout, DrillReport report)
{
    private readonly Dictionary<string, ILookup<string, StoredTurn>> _byHash = new(StringComparer.Ordinal);

    public void Run()
    {
        using var connection = new HttpConnection(target, timeout);
        var expected = journal.Attempts.Values.ToLookup(a => a.Session, StringComparer.Ordinal);
        foreach (var session in journal.Sessions)
        {
            var turns = StoredTurns.ReadSession(connection, forms, session);
            report.Count("turns stored", turns.Count);
            CheckSession(session, turns, expected[session].SelectMany(a => a.Hashes).ToHashSet(StringComparer.Ordinal));
            _byHash[session] = turns.ToLookup(t => t.Hash, StringComparer.Ordinal);
        }

        foreach (var attempt in journal.Attempts.Values)
            CheckAttempt(attempt);
    }

    private void CheckSession(string session, List<StoredTurn> turns, HashSet<string> sent)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Seq != i + 1)
                report.Violate($"{session}: seq {turns[i].Seq} at place {i + 1}");
            if (!sent.Contains(turns[i].Hash))
                report.Violate($"{session}: seq {turns[i].Seq} has content that was never sent");
        }

        if (turns.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count() != turns.Count)
            report.Violate($"{session}: two turns with one id");
    }

    private void CheckAttempt(Attempt attempt)
    {
        var stored = attempt.Hashes.Select(hash => _byHash[attempt.Session][hash].ToArray()).ToArray();
        if (stored.Any(turns => turns.Length > 1))
            report.Violate($"{attempt.Session}: number {attempt.Number} is there twice");
        var present = stored.Count(turns => turns.Length > 0);
        if (journal.Acknowledged.TryGetValue(attempt.Number, out var places))
        {
            report.Count("acknowledged");
            CheckAcknowledged(attempt, places, stored);
        }
        else if (present > 0 && journal.Rejected.TryGetValue(attempt.Number, out var status) && status < 500)
        {
            report.Violate($"{attempt.Session}: number {attempt.Number} was refused with {status}, and is there");
        }
        else if (present > 0 && (present < stored.Length || !Follow(stored)))
        {
            report.Violate($"{attempt.Session}: number {attempt.Number} is there in part ({present} of {stored.Length})");
        }
        else
        {
            report.Count(present > 0 ? "unanswered and whole" : "unanswered and absent");
        }
    }

    private void CheckAcknowledged(Attempt attempt, IReadOnlyList<TurnPlace> places, StoredTurn[][] stored)
    {
        if (places.Count != stored.Length)
            report.Violate($"{attempt.Session}: number {attempt.Number} was answered with {places.Count} turns for {stored.Length}");
        for (var i = 0; i < Math.Min(places.Count, stored.Length); i++)
        {
            if (stored[i].Length == 0)
                report.Violate($"{attempt.Session}: number {attempt.Number}, acknowledged as seq {places[i].Seq}, is lost");
            else if (stored[i][0].Seq != places[i].Seq || stored[i][0].Id != places[i].Id)
                report.Violate($"{attempt.Session}: number {attempt.Number}, acknowledged as seq {places[i].Seq}, is there as seq {stored[i][0].Seq}");
        }
    }

    private static bool Follow(StoredTurn[][] stored) =>
        Enumerable.Range(1, stored.Length - 1).All(i => stored[i][0].Seq == stored[i - 1][0].Seq + 1);
}
