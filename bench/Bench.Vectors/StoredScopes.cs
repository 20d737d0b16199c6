using System.Diagnostics;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Bench.Vectors;

/// <summary>Fills tenants, one of each size, with sessions and their vectors; half of them are of the user <c>ada</c>.</summary>
internal sealed class StoredScopes(ISessionStore sessions, IVectorStore vectors, VectorSpace space, IVectorSource source)
{
    private const int Questions = 100;
    private const int TurnsPerSession = 50;
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Vectors stored a second.</summary>
    public async Task<(double Rate, List<float[]> Questions)> FillAsync(string tenant, int size, int from = 0)
    {
        var questions = new List<float[]>();
        var watch = new Stopwatch();
        for (var session = from; session < from + (size / TurnsPerSession); session++)
        {
            var turns = source.NextSession(TurnsPerSession);
            if (questions.Count < Questions)
                questions.Add(source.NextQuestion(turns[session % turns.Length]));
            var commit = Commit(tenant, session);
            if (await sessions.CommitAsync(commit) != CommitStatus.Committed)
                throw new InvalidOperationException("A commit was refused.");
            watch.Start();
            await vectors.SaveAsync(space, tenant, commit.Key.Id,
                [.. commit.Turns.Select((turn, i) => new TurnVector(turn.Seq, turn.Id, 0, turns[i]))], default);
            watch.Stop();
        }

        return (size / watch.Elapsed.TotalSeconds, questions);
    }

    private static SessionCommit Commit(string tenant, int session)
    {
        var id = $"s{session}";
        var turns = Enumerable.Range(1, TurnsPerSession)
            .Select(seq => new Turn(id, seq, $"t{seq}", "user", null, "made up", Moment, Moment, null, 2)).ToArray();
        var after = new Session(id, session % 2 == 0 ? "ada" : $"user{session % 50}", null, SessionStatus.Open, turns.Length, 1, Moment,
            Moment);
        return new SessionCommit(new SessionKey(tenant, id), 0, 0, after, turns, null);
    }
}
