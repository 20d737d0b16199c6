using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

public sealed class LostDatabaseTests
{
    private const int Writers = 4;

    [Fact]
    public async Task After_the_database_is_moved_away_nothing_is_acknowledged_and_nothing_acknowledged_is_lost()
    {
        await using var server = await RunningServer.StartAsync();
        var database = server.DatabaseUrl["sqlite:".Length..];
        var acknowledged = new ConcurrentQueue<TurnResponse>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Enumerable.Range(0, Writers)
            .Select(writer => WriteUntilRefusedAsync(server.Client, $"s{writer}", acknowledged, reached)).ToArray();
        await Task.WhenAny(reached.Task, Task.WhenAll(writing)).Unwrap();
        File.Move(database, database + ".moved");

        foreach (var refusal in await Task.WhenAll(writing))
        {
            Assert.Equal((503, "store_unavailable"), (refusal.Status, refusal.Code));
            Assert.NotNull(refusal.RetryAfter);
        }

        var late = await Assert.ThrowsAsync<MemoryApiException>(() => server.Client.AppendAsync("late", Turn("late", 0)));
        Assert.Equal(503, late.Status);
        await AssertStoppedAsync(server, "is lost", $"lost: {database} was moved, deleted or replaced");
        Assert.Contains($"{database} was moved, deleted or replaced", server.Process.Output, StringComparison.Ordinal);
        server.Process.Kill();
        await server.Process.EndAsync();

        string[] settings = [$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={server.Address}"];
        var refused = await MemoryProcess.RunAsync(settings, "serve");
        Assert.Equal((74, string.Empty), (refused.ExitCode, refused.Output));
        Assert.Matches($"^{database} is missing, but {database}\\.identity says that a memory has been kept here since [^\\n]*\\n$",
            refused.Error);
        Assert.False(File.Exists(database));

        File.Move(database + ".moved", database);
        using var again = MemoryProcess.Start(settings, "serve");
        await server.WaitUntilReadyAsync(again);
        var stored = await ReadAllAsync(server.Client);
        Assert.All(acknowledged, turn => Assert.Equal(turn, stored[turn.Id]));
    }

    [Fact]
    public async Task Broken_pages_are_answered_503_and_shown_as_corrupt()
    {
        await using var server = await RunningServer.StartAsync();
        var database = server.DatabaseUrl["sqlite:".Length..];
        for (var i = 0; i < 200; i++)
            await server.Client.AppendAsync("s", Turn("s", i));
        server.Process.Terminate();
        await server.Process.EndAsync();
        BreakTexts(database);

        // The check in the background is off: whoever reads the turns first finds it.
        using var broken = MemoryProcess.Start(
            [$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={server.Address}", "MEMORY_INTEGRITY_CHECK_SECONDS=0"], "serve");
        await WaitUntilAliveAsync(server);
        var refused = await Assert.ThrowsAsync<MemoryApiException>(
            () => server.Client.RecallAsync(new RecallRequest { Query = "parcel", UserId = "load" }));
        Assert.Equal((503, "store_corrupt"), (refused.Status, refused.Code));
        Assert.NotNull(refused.RetryAfter);
        await AssertStoppedAsync(server, "is corrupt", "corrupt: ");
        Assert.Equal(503, (await Assert.ThrowsAsync<MemoryApiException>(() => server.Client.AppendAsync("s", Turn("s", 200)))).Status);
        broken.Kill();
        await broken.EndAsync();

        using var checkedAtStart =
            MemoryProcess.Start([$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={server.Address}"], "serve");
        await WaitUntilAliveAsync(server);
        await WaitUntilMeasuredAsync(server, "memory_store_integrity_checks_total{result=\"corrupt\"} 1");
        await AssertStoppedAsync(server, "is corrupt", "corrupt: ");
        Assert.Contains("The store writes nothing more", checkedAtStart.Output, StringComparison.Ordinal);
    }

    /// <summary>A server with a damaged store may never be ready.</summary>
    private static async Task WaitUntilAliveAsync(RunningServer server)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        var status = await Eventually.SeesAsync(
            async () =>
            {
                try
                {
                    return (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                    return (HttpStatusCode?)null;
                }
            },
            static answer => answer is not null);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private static async Task WaitUntilMeasuredAsync(RunningServer server, string sample)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        await Eventually.HoldsAsync(
            async () => (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains(sample, StringComparison.Ordinal),
            what: $"{sample} is measured");
    }

    private static AppendTurnRequest Turn(string session, int number) =>
        new() { Id = $"{session}-{number}", Role = "user", Content = $"parcel {session}x{number} was weighed {new string('x', 200)}",
        UserId = "load" };

    private static async Task<MemoryApiException> WriteUntilRefusedAsync(
        MemoryClient client, string session, ConcurrentQueue<TurnResponse> acknowledged, TaskCompletionSource reached)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                acknowledged.Enqueue((await client.AppendAsync(session, Turn(session, i))).Value);
            }
            catch (MemoryApiException refusal)
            {
                return refusal;
            }

            if (acknowledged.Count >= 400)
                reached.TrySetResult();
        }
    }

    private static async Task AssertStoppedAsync(RunningServer server, string fault, string detail)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        ProblemResponse? problem;
        HttpStatusCode status;
        do
        {
            // What an earlier probe found holds for a second.
            var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            (status, problem) = (answer.StatusCode, null);
            if (status != HttpStatusCode.OK)
                problem = await answer.Content.ReadFromJsonAsync<ProblemResponse>(
                    new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
        }
        while (status == HttpStatusCode.OK);
        Assert.Contains(new FieldErrorResponse("store", fault), problem!.Errors!);
        var health = await server.Client.GetHealthAsync();
        Assert.StartsWith(detail, health.Components.Single(static part => part.Name == "store").Detail, StringComparison.Ordinal);
        Assert.Contains("memory_store_stopped", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, TurnResponse>> ReadAllAsync(MemoryClient client)
    {
        var turns = new Dictionary<string, TurnResponse>(StringComparer.Ordinal);
        for (var writer = 0; writer < Writers; writer++)
        {
            string? cursor = null;
            do
            {
                var page = await client.ListTurnsAsync($"s{writer}", 100, cursor);
                foreach (var turn in page.Items)
                    turns.Add(turn.Id, turn);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
        }

        return turns;
    }

    /// <summary>Overwrites every page with a text of the turns on it, as a bad disk would.</summary>
    private static void BreakTexts(string database)
    {
        const int PageBytes = 4096;
        var bytes = File.ReadAllBytes(database);
        var broken = 0;
        for (var page = 1; page < bytes.Length / PageBytes; page++)
        {
            var span = bytes.AsSpan(page * PageBytes, PageBytes);
            if (span.IndexOf("was weighed"u8) < 0)
                continue;
            span.Fill(0x5A);
            broken++;
        }

        Assert.True(broken > 0);
        File.WriteAllBytes(database, bytes);
    }
}
