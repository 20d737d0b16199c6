using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>
/// What a client does after a crash: sends again, under the same Idempotency-Key, what it got no answer to; and some of
/// what it did get one to, which must be answered as before.
/// </summary>
internal sealed class Resend(Target target, TimeSpan timeout, JournalWriter writer, DrillRequests requests, DrillReport report)
{
    private const int AnsweredMax = 64;

    public void Run(JournalRecord journal)
    {
        using var connection = new HttpConnection(target, timeout);
        var request = new RequestBuffer();
        var keyed = journal.Attempts.Values.Where(a => a.Keyed).ToLookup(a => journal.Acknowledged.ContainsKey(a.Number));
        foreach (var attempt in keyed[false].Concat(keyed[true].OrderByDescending(a => a.Number).Take(AnsweredMax)).ToArray())
        {
            if (!requests.Compose(request, attempt.Number).Hashes.SequenceEqual(attempt.Hashes))
                throw new InvalidDataException("The journal was written with another seed or shape; it cannot be sent again.");
            if (connection.Exchange(request) != 201)
            {
                report.Violate($"{attempt.Session}: number {attempt.Number} sent again was answered {connection.Response.Status}");
                continue;
            }

            var places = StoredTurns.PlacesIn(connection.Response.Body);
            if (!journal.Acknowledged.TryGetValue(attempt.Number, out var first))
            {
                report.Count("sent again, now acknowledged");
                writer.Acknowledged(attempt.Number, places);
            }
            else if (first.SequenceEqual(places))
            {
                report.Count("sent again, answered as before");
            }
            else
            {
                report.Violate($"{attempt.Session}: number {attempt.Number} sent again was answered with another place");
            }
        }
    }
}
