using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MemoryOrleans.Scheduling;

/// <summary>
/// The journal of one recurring job of a tenant: how far the round under way is, and what the last whole one did. Holds
/// numbers and times, never content.
/// </summary>
/// <param name="ExpectedAt">When it is to move on next: now within a round, a period later between rounds. Much later than this
/// something is wrong, whatever its due work says: an attempt may fail again and again.</param>
public sealed record JobRun(string Kind, DateTimeOffset ExpectedAt)
{
    /// <summary>When the round under way began; null between rounds.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last got a page further.</summary>
    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>Where the next page begins, in the store's own words; null at the beginning.</summary>
    public string? Position { get; init; }

    /// <summary>
    /// What the round under way did so far. A page that was done twice, because a process died, is counted as it was the last time.
    /// </summary>
    public JobCounts Progress { get; init; } = JobCounts.None;

    /// <summary>When the last whole round ended; null before the first.</summary>
    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>What that one did.</summary>
    public JobCounts LastCounts { get; init; } = JobCounts.None;

    /// <summary>The journal after one more page, the last of its round when there is no next one.</summary>
    public JobRun After(JobStep page, DateTimeOffset startedAt, DateTimeOffset now, TimeSpan period)
    {
        var progress = Progress.Plus(page.Counts);
        return page.Next is null
            ? new JobRun(Kind, now + period) { HeartbeatAt = now, LastRunAt = now, LastCounts = progress }
            : this with { ExpectedAt = now, StartedAt = StartedAt ?? startedAt, HeartbeatAt = now, Position = page.Next,
            Progress = progress };
    }
}

/// <summary>One page of a job's round.</summary>
/// <param name="Next">Where the next page begins; null when this was the last.</param>
public sealed record JobStep(string? Next, JobCounts Counts);

/// <summary>Numbers by name, for instance <c>fact/archived</c>: what a job did to how many.</summary>
public sealed class JobCounts(IReadOnlyDictionary<string, long> values)
{
    public static readonly JobCounts None = new(new Dictionary<string, long>(StringComparer.Ordinal));

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyDictionary<string, long> Values => values;

    public static JobCounts Of(params IEnumerable<(string Name, long Count)> counts) =>
        new(counts.ToDictionary(static each => each.Name, static each => each.Count, StringComparer.Ordinal));

    public JobCounts Plus(JobCounts other)
    {
        var sums = new Dictionary<string, long>(values, StringComparer.Ordinal);
        foreach (var (name, count) in other.Values)
            sums[name] = sums.GetValueOrDefault(name) + count;
        return new JobCounts(sums);
    }

    /// <summary>As stores keep them: a JSON object.</summary>
    public string ToColumn()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            foreach (var (name, count) in values.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
                json.WriteNumber(name, count);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static JobCounts FromColumn(string column)
    {
        using var document = JsonDocument.Parse(column);
        return Of(document.RootElement.EnumerateObject().Select(static each => (each.Name, each.Value.GetInt64())));
    }
}
