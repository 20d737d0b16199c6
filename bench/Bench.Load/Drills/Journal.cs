using System.Globalization;
using System.Text;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>A request that was about to be sent: one turn, or a batch that must come whole or not at all.</summary>
/// <param name="Hashes">Content hashes of its turns, in order.</param>
internal sealed record Attempt(long Number, string Session, bool Keyed, IReadOnlyList<string> Hashes);

/// <summary>What a 201 named: the turn's place and id.</summary>
internal readonly record struct TurnPlace(long Seq, string Id);

/// <summary>
/// What a run sent and was promised, in a file that lives outside the server. A line for each event, handed to the
/// operating system before the worker goes on: <c>A number session keyed hash,…</c> before sending,
/// <c>K number seq:id,…</c> after a 201, <c>R number status</c> after any other answer.
/// </summary>
internal sealed class JournalWriter(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Attempted(Attempt attempt) =>
        Append($"A {attempt.Number} {attempt.Session} {(attempt.Keyed ? 1 : 0)} {string.Join(',', attempt.Hashes)}\n");

    public void Acknowledged(long number, IEnumerable<TurnPlace> places) =>
        Append($"K {number} {string.Join(',', places.Select(p => $"{p.Seq}:{p.Id}"))}\n");

    public void Rejected(long number, int status) => Append($"R {number} {status}\n");

    public void Dispose() => _file.Dispose();

    private void Append(string line)
    {
        var bytes = Encoding.ASCII.GetBytes(line);
        lock (_gate)
            _file.Write(bytes);
    }
}

/// <summary>A journal read back.</summary>
internal sealed class JournalRecord
{
    public Dictionary<long, Attempt> Attempts { get; } = [];

    public Dictionary<long, IReadOnlyList<TurnPlace>> Acknowledged { get; } = [];

    /// <summary>Last status of the attempts that were answered with something else than a 201.</summary>
    public Dictionary<long, int> Rejected { get; } = [];

    public IEnumerable<string> Sessions =>
        Attempts.Values.Select(a => a.Session).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public long NextNumber => Attempts.Count == 0 ? 0 : Attempts.Keys.Max() + 1;

    /// <summary>Reads a journal; a file that is not there is an empty one.</summary>
    public static JournalRecord Read(string path)
    {
        var journal = new JournalRecord();
        if (!File.Exists(path))
            return journal;
        foreach (var line in File.ReadLines(path))
            journal.Add(line.Split(' '));
        return journal;
    }

    private void Add(string[] fields)
    {
        var number = long.Parse(fields[1], CultureInfo.InvariantCulture);
        switch (fields[0])
        {
            case "A":
                Attempts[number] = new Attempt(number, fields[2], fields[3] == "1", fields[4].Split(','));
                break;
            case "K":
                Acknowledged[number] = [.. fields[2].Split(',').Select(ParsePlace)];
                break;
            default:
                Rejected[number] = int.Parse(fields[2], CultureInfo.InvariantCulture);
                break;
        }
    }

    private static TurnPlace ParsePlace(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new TurnPlace(long.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture), text[(colon + 1)..]);
    }
}
