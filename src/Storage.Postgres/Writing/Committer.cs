using MemoryOrleans.Sessions;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Writes what waits, a tenant at a time: a group of commits in one transaction, which is one round trip, and only then
/// lets the callers know. Several committers work side by side, on different tenants.
/// </summary>
internal sealed class Committer(NpgsqlDataSource source, WriteQueue queue, PlannerStatistics statistics, StoreMetrics metrics)
{
    /// <summary>Runs until the queue is closed and empty.</summary>
    public Task Start() => Task.Run(RunAsync);

    private async Task RunAsync()
    {
        var group = new List<PendingWrite>();
        try
        {
            await foreach (var lane in queue.ReadDueAsync())
            {
                queue.TakeGroup(lane, group);
                var taken = group.Count;
                await WriteAsync(lane.Tenant, group);
                group.Clear();
                await queue.ReturnAsync(lane, taken);
            }
        }
        finally
        {
            // Should a bug end a committer, callers are refused instead of left waiting.
            foreach (var write in group)
                write.TrySetResult(CommitStatus.Unavailable);
            if (group.Count > 0)
                queue.Abandon();
        }
    }

    private async Task WriteAsync(string tenant, List<PendingWrite> group)
    {
        try
        {
            await WriteTogetherAsync(tenant, group);
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            // Whether the transaction was stored is not known when the connection went in the middle of it. The callers'
            // next attempts carry the version, turn id or idempotency key that tells.
            if (Failures.IsConnectionLost(error))
                source.Clear();
            metrics.Failed("commit", error);
            foreach (var write in group)
                write.TrySetResult(CommitStatus.Unavailable);
        }
        catch (Exception error)
        {
            // The group's boundary: whatever one write threw, those beside it are not to fail with it.
            await WriteAloneAsync(tenant, group, error);
        }
    }

    private async Task WriteTogetherAsync(string tenant, List<PendingWrite> group)
    {
        var started = metrics.Now();
        short[] answers;
        try
        {
            answers = await SendAsync(tenant, group);
        }
        catch (PostgresException error) when (Failures.IsRace(error))
        {
            metrics.Failed("race", error);
            answers = await SendAsync(tenant, group);
        }

        var stored = group.Where((_, i) => answers[i] == (short)Answer.Committed).OfType<CommitWrite>().ToList();
        metrics.Committed(stored.Count, stored.Sum(static write => write.Commit.Turns.Count), started);
        for (var i = 0; i < answers.Length; i++)
            Complete(group[i], (Answer)answers[i]);
        statistics.Grown(metrics.TurnsTotal);
    }

    /// <summary>Something in the group cannot be stored (a turn id used before); the others must not suffer for it.</summary>
    private async Task WriteAloneAsync(string tenant, List<PendingWrite> group, Exception error)
    {
        if (group.Count > 1)
        {
            metrics.Failed("commit", error);
            foreach (var write in group)
                await WriteAsync(tenant, [write]);
        }
        else if (Failures.IsConstraint(error))
        {
            group[0].TrySetResult(CommitStatus.Stale);
        }
        else
        {
            group[0].TrySetException(error);
        }
    }

    private async Task<short[]> SendAsync(string tenant, List<PendingWrite> group)
    {
        await using var command = group[0] is LoneWrite lone
            ? lone.Build()
            : CommitCall.Build(tenant, [.. group.Cast<CommitWrite>()]);
        await using var connection = await source.OpenConnectionAsync();
        command.Connection = connection;
        var answer = await command.ExecuteScalarAsync();
        return answer is short one ? [one] : (short[])answer!;
    }

    private static void Complete(PendingWrite write, Answer answer)
    {
        if (answer == Answer.OwnerChanged)
            write.TrySetException(new InvalidOperationException(
                $"{write.Key.Id} belongs to another user or agent; a commit cannot change that."));
        else
            write.TrySetResult(answer == Answer.Committed ? CommitStatus.Committed : CommitStatus.Stale);
    }
}
