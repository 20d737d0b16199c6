using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>One call of <c>commit_turns_3</c>: many sessions' commits of one tenant as arrays, in one round trip.</summary>
internal static class CommitCall
{
    private const int ParametersCount = 34;

    private static readonly string Sql =
        $"SELECT commit_turns_3({string.Join(", ", Enumerable.Range(1, ParametersCount).Select(static n => $"${n}"))})";

    /// <summary>The command for the commits; answers an array of <see cref="Answer"/>.</summary>
    public static NpgsqlCommand Build(string tenant, IReadOnlyList<CommitWrite> writes)
    {
        var commits = writes.Select(static write => write.Commit).ToArray();
        var command = new NpgsqlCommand(Sql);
        var users = commits.Select(static commit => UserName.ToColumn(commit.After.UserId)).Distinct(StringComparer.Ordinal).ToArray();
        command.Parameters.AddText(tenant);
        command.Parameters.AddTexts(users);
        AddCommits(command.Parameters, commits, users);
        AddIdempotency(command.Parameters, writes, commits);
        AddTurns(command.Parameters, writes, commits);
        command.Parameters.AddArray(FirstTurns(commits), NpgsqlDbType.Integer);
        AddWakes(command.Parameters, commits);
        command.Parameters.AddTexts([.. commits.Select(static commit => commit.After.TimeZone)]);
        command.Parameters.AddArray(
            [.. commits.SelectMany(static commit => commit.Turns).Select(static turn => Timestamp.OffsetOf(turn.OccurredAt))],
            NpgsqlDbType.Smallint);
        return command;
    }

    private static void AddCommits(NpgsqlParameterCollection parameters, IReadOnlyList<SessionCommit> commits, string[] users)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var user in users)
            places.Add(user, places.Count + 1);
        parameters.AddTexts([.. commits.Select(static commit => commit.Key.Id)]);
        parameters.AddArray([.. commits.Select(commit => places[UserName.ToColumn(commit.After.UserId)])], NpgsqlDbType.Integer);
        parameters.AddTexts([.. commits.Select(static commit => commit.After.AgentId)]);
        parameters.AddArray([.. commits.Select(static commit => (short)commit.After.Status)], NpgsqlDbType.Smallint);
        parameters.AddBigints([.. commits.Select(static commit => commit.After.LastSeq)]);
        parameters.AddBigints([.. commits.Select(static commit => commit.After.Version)]);
        parameters.AddBigints([.. commits.Select(static commit => Timestamp.Of(commit.After.CreatedAt))]);
        parameters.AddBigints([.. commits.Select(static commit => Timestamp.Of(commit.After.UpdatedAt))]);
        parameters.AddBigints([.. commits.Select(static commit => commit.ExpectedVersion)]);
        parameters.AddBigints([.. commits.Select(static commit => commit.TombstoneVersion)]);
        parameters.AddArray([.. commits.Select(static commit => commit.Turns.Count)], NpgsqlDbType.Integer);
    }

    private static void AddIdempotency(NpgsqlParameterCollection parameters, IReadOnlyList<CommitWrite> writes, SessionCommit[] commits)
    {
        parameters.AddTexts([.. commits.Select(static commit => commit.Idempotency?.Scope)]);
        parameters.AddTexts([.. commits.Select(static commit => commit.Idempotency?.Key)]);
        parameters.AddArray([.. writes.Select(static write => write.Seal.SealedRequest(write.Commit.Idempotency))], NpgsqlDbType.Bytea);
        parameters.AddBigints([.. commits.Select(static commit => commit.Idempotency?.Version ?? 0)]);
        parameters.AddBigints([.. commits.Select(static commit => commit.Idempotency is { } record ? Timestamp.Of(record.ExpiresAt) : 0)]);
    }

    private static void AddTurns(NpgsqlParameterCollection parameters, IReadOnlyList<CommitWrite> writes, SessionCommit[] commits)
    {
        var turns = commits.SelectMany(static commit => commit.Turns).ToArray();
        parameters.AddArray([.. commits.SelectMany(static (commit, i) => Enumerable.Repeat(i + 1, commit.Turns.Count))],
            NpgsqlDbType.Integer);
        parameters.AddBigints([.. turns.Select(static turn => turn.Seq)]);
        parameters.AddTexts([.. turns.Select(static turn => turn.Id)]);
        parameters.AddTexts([.. turns.Select(static turn => turn.Role)]);
        parameters.AddTexts(Texts(writes, SealedField.TurnName, static turn => turn.Name));
        parameters.AddTexts(Texts(writes, SealedField.TurnContent, static turn => turn.Content));
        parameters.AddTexts(Texts(writes, SealedField.TurnMetadata, static turn => turn.Metadata));
        parameters.AddBigints([.. turns.Select(static turn => Timestamp.Of(turn.OccurredAt))]);
        parameters.AddBigints([.. turns.Select(static turn => Timestamp.Of(turn.RecordedAt))]);
        parameters.AddArray([.. turns.Select(static turn => turn.Tokens)], NpgsqlDbType.Integer);
    }

    private static string?[] Texts(IReadOnlyList<CommitWrite> writes, SealedField field, Func<Turn, string?> text) =>
        [.. writes.SelectMany(write => write.Commit.Turns.Select(turn => write.Seal.Sealed(field, turn.SessionId, turn.Seq, text(turn))))];

    private static void AddWakes(NpgsqlParameterCollection parameters, IReadOnlyList<SessionCommit> commits)
    {
        var wakes = commits.SelectMany(static commit => commit.Wakes).ToArray();
        parameters.AddArray([.. commits.SelectMany(static (commit, i) => Enumerable.Repeat(i + 1, commit.Wakes.Count))],
            NpgsqlDbType.Integer);
        parameters.AddTexts([.. wakes.Select(static wake => wake.Kind)]);
        parameters.AddBigints([.. wakes.Select(static wake => Timestamp.Of(wake.DueAt))]);
    }

    /// <summary>The place of each commit's first turn among all turns, from 1.</summary>
    private static int[] FirstTurns(IReadOnlyList<SessionCommit> commits)
    {
        var firsts = new int[commits.Count];
        var next = 1;
        for (var i = 0; i < firsts.Length; i++)
        {
            firsts[i] = next;
            next += commits[i].Turns.Count;
        }

        return firsts;
    }
}

/// <summary>What the functions answer for a write.</summary>
internal enum Answer : short
{
    Committed = 0,
    Stale = 1,
    OwnerChanged = 2,
}
