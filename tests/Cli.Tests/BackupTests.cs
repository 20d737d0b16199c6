using System.Collections.Concurrent;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

public sealed class BackupTests : IDisposable
{
    private const int Writers = 4;
    private const int TurnsBefore = 400;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-cli-");

    private string Copy => Path.Combine(folder.FullName, "copy.db");

    private string NewPlace => $"MEMORY_DATABASE_URL=sqlite:{folder.FullName}/new/memory.db";

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_turn_acknowledged_before_a_backup_under_load_is_in_the_memory_restored_from_it()
    {
        TurnResponse[] before;
        await using (var server = await RunningServer.StartAsync())
        {
            using var stop = new CancellationTokenSource();
            var load = new AppendLoad(server, TurnsBefore, stop.Token);
            await load.Reached;
            before = [.. load.Acknowledged];
            var taken = await MemoryProcess.RunAsync([$"MEMORY_DATABASE_URL={server.DatabaseUrl}"], "backup", Copy);
            Assert.True(load.Acknowledged.Count > before.Length);
            await stop.CancelAsync();
            await load.EndAsync();
            Assert.Equal((0, string.Empty), (taken.ExitCode, taken.Error));
            Assert.Matches(@$"^Backed up {Writers} sessions, [\d,]+ turns, [\d,]+ bytes to ", taken.Output);
        }

        var restored = await MemoryProcess.RunAsync([NewPlace], "restore", Copy);
        Assert.Equal((0, string.Empty), (restored.ExitCode, restored.Error));
        Assert.Matches(@$"^Restored {Writers} sessions, ", restored.Output);

        await using var second = await RunningServer.StartAsync(NewPlace);
        var after = (await ReadAllAsync(second)).ToDictionary(static turn => (turn.SessionId, turn.Id));
        Assert.All(before, turn => Assert.Equal(turn, after[(turn.SessionId, turn.Id)]));
        Assert.Equal(after.Count, (await second.Client.GetSummaryAsync()).Turns);
        var found = await second.Client.RecallAsync(new RecallRequest { Query = before[17].Content, UserId = "load" });
        Assert.Equal(before[17].Id, found.Items[0].TurnIds[0]);
        await second.Client.AppendAsync("s0",
            new AppendTurnRequest { Role = "user", Content = "a heron lands on the pond", UserId = "load" });
        found = await second.Client.RecallAsync(new RecallRequest { Query = "heron pond", UserId = "load" });
        Assert.Equal("a heron lands on the pond", found.Items[0].Content);
    }

    [Fact]
    public async Task A_served_database_is_not_restored_over_and_turns_only_with_force()
    {
        await using var server = await RunningServer.StartAsync();
        await server.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"));
        var database = $"MEMORY_DATABASE_URL={server.DatabaseUrl}";
        Assert.Equal(0, (await MemoryProcess.RunAsync([database], "backup", Copy)).ExitCode);
        var again = await MemoryProcess.RunAsync([database], "backup", Copy);
        Assert.Equal((1, $"{Copy} exists already. With --force it is replaced.\n"), (again.ExitCode, again.Error));
        Assert.Equal(0, (await MemoryProcess.RunAsync([database], "backup", Copy, "--force")).ExitCode);

        var served = await MemoryProcess.RunAsync([database, "MEMORY_LOCK_SECONDS=0"], "restore", Copy, "--force");
        Assert.Equal(74, served.ExitCode);
        Assert.Contains("is in use by another process", served.Error, StringComparison.Ordinal);
        server.Process.Terminate();
        await server.Process.EndAsync();
        var full = await MemoryProcess.RunAsync([database], "restore", Copy);
        Assert.Equal(1, full.ExitCode);
        Assert.EndsWith("exists and is not empty. With --force it is replaced.\n", full.Error, StringComparison.Ordinal);
        var forced = await MemoryProcess.RunAsync([database], "restore", Copy, "--force");
        Assert.Equal((0, string.Empty), (forced.ExitCode, forced.Error));
    }

    [Fact]
    public async Task What_cannot_be_done_is_told_in_a_sentence()
    {
        const string Server = "MEMORY_DATABASE_URL=postgres://u:p@127.0.0.1:1/memory";
        var dump = await MemoryProcess.RunAsync([Server], "backup", Copy);
        Assert.Equal((2, "This is for SQLite; with PostgreSQL use pg_dump, as docs/operations.md shows.\n"), (dump.ExitCode, dump.Error));
        var load = await MemoryProcess.RunAsync([Server], "restore", Copy);
        Assert.Equal((2, "This is for SQLite; with PostgreSQL use pg_restore, as docs/operations.md shows.\n"),
            (load.ExitCode, load.Error));
        var nothing = await MemoryProcess.RunAsync([NewPlace], "backup", Copy);
        Assert.Equal((1, $"There is no database {folder.FullName}/new/memory.db.\n"), (nothing.ExitCode, nothing.Error));
        var missing = await MemoryProcess.RunAsync([NewPlace], "restore", Copy);
        Assert.Equal((1, $"There is no file {Copy}.\n"), (missing.ExitCode, missing.Error));
        Assert.Equal(2, (await MemoryProcess.RunAsync([NewPlace], "backup")).ExitCode);
        Assert.Empty(folder.GetFileSystemInfos());
    }

    private static async Task<List<TurnResponse>> ReadAllAsync(RunningServer server)
    {
        var turns = new List<TurnResponse>();
        for (var session = 0; session < Writers; session++)
        {
            string? cursor = null;
            do
            {
                var page = await server.Client.ListTurnsAsync($"s{session}", 100, cursor);
                turns.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
        }

        return turns;
    }

    /// <summary>Writers that append one turn after another, each to a session of its own, until they are stopped.</summary>
    private sealed class AppendLoad
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task writing;

        public AppendLoad(RunningServer server, int turns, CancellationToken stop) =>
            writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(session => WriteAsync(server, $"s{session}", turns, stop)));

        public ConcurrentQueue<TurnResponse> Acknowledged { get; } = new();

        /// <summary>Ends when so many turns are acknowledged, or with the writers' failure.</summary>
        public Task Reached => Task.WhenAny(reached.Task, writing).Unwrap();

        public Task EndAsync() => writing;

        private async Task WriteAsync(RunningServer server, string session, int turns, CancellationToken stop)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var turn = new AppendTurnRequest { Id = $"{session}-{i}", Role = "user", Content = $"parcel {session}x{i} was weighed",
                    UserId = "load" };
                Acknowledged.Enqueue((await server.Client.AppendAsync(session, turn, cancel: CancellationToken.None)).Value);
                if (Acknowledged.Count >= turns)
                    reached.TrySetResult();
            }
        }
    }
}
