using System.Globalization;
using System.Text.RegularExpressions;
using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Tests;

public sealed class ImportTests(SharedServer fixture) : IClassFixture<SharedServer>
{
    private readonly RunningServer server = fixture.Server;

    private static string NewId() => "s" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Both_samples_go_in_and_a_second_time_nothing_is_stored_twice()
    {
        await using var fresh = await RunningServer.StartAsync();
        var lines = await fresh.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"));
        Assert.Equal((0, string.Empty), (lines.ExitCode, lines.Error));
        Assert.StartsWith("12 lines read; 12 turns stored, 0 already there.\n", lines.Output, StringComparison.Ordinal);
        var eval = await fresh.RunAsync("import", Checkout.PathOf("samples/conversations.json"));
        Assert.StartsWith("453 turns read; 453 turns stored, 0 already there.\n", eval.Output, StringComparison.Ordinal);

        Assert.Contains("12 lines read; 0 turns stored, 12 already there.",
            (await fresh.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"))).Output, StringComparison.Ordinal);
        Assert.Contains("453 turns read; 0 turns stored, 453 already there.",
            (await fresh.RunAsync("import", Checkout.PathOf("samples/conversations.json"), "--batch", "7")).Output,
            StringComparison.Ordinal);
        var summary = await fresh.Client.GetSummaryAsync();
        Assert.Equal((43, 465, 11), (summary.Sessions, summary.Turns, summary.Users));
    }

    [Fact]
    public async Task Conversations_become_users_and_their_sessions_keep_turn_ids_speakers_and_dates()
    {
        Assert.Equal(0, (await server.RunAsync("import", Checkout.PathOf("samples/conversations.json"), "--format", "eval")).ExitCode);
        var chat = (await server.Client.ListTurnsAsync("bakery.s1")).Items;
        Assert.Equal(("D1:1", "user", "Nora"), (chat[0].Id, chat[0].Role, chat[0].Name));
        Assert.Equal(new DateTimeOffset(2025, 3, 3, 9, 15, 0, TimeSpan.Zero), chat[0].OccurredAt);
        Assert.Equal(("D1:3", new DateTimeOffset(2025, 3, 3, 9, 15, 40, TimeSpan.Zero)), (chat[2].Id, chat[2].OccurredAt));
        Assert.Equal("bakery", (await server.Client.GetSessionAsync("bakery.s1")).UserId);
        var pair = (await server.Client.ListTurnsAsync("renovation.s1")).Items;
        Assert.Equal([("user", null), ("assistant", null)], pair.Take(2).Select(turn => (turn.Role, turn.Name)));
    }

    [Fact]
    public async Task A_line_keeps_all_its_fields()
    {
        var id = NewId();
        using var file = new NdjsonFile(NdjsonFile.Line(
            id, "hi", """, "user_id": "u1", "agent_id": "a1", "id": "t1", "name": "Mira", "occurred_at": "2024-05-01T12:00:00+02:00", "metadata": {"b": 1, "a": "x"}"""));
        Assert.Equal(0, (await server.RunAsync("import", file.Path)).ExitCode);
        var turn = Assert.Single((await server.Client.ListTurnsAsync(id)).Items);
        Assert.Equal(("t1", "user", "Mira", "hi"), (turn.Id, turn.Role, turn.Name, turn.Content));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero), turn.OccurredAt);
        Assert.Equal("""{"a":"x","b":1}""", turn.Metadata?.GetRawText());
        var session = await server.Client.GetSessionAsync(id);
        Assert.Equal(("u1", "a1"), (session.UserId, session.AgentId));
    }

    [Fact]
    public async Task Options_stand_in_for_the_user_and_session_that_lines_do_not_name()
    {
        var id = NewId();
        using var file = new NdjsonFile(
            """{"role": "user", "content": "one"}""", string.Empty, NdjsonFile.Line(id + "-2", "two", """, "user_id": "other" """),
            """{"role": "user", "content": "three"}""");
        Assert.Contains("3 turns stored", (await server.RunAsync("import", file.Path, "--user", id, "--session", id)).Output,
            StringComparison.Ordinal);
        Assert.Equal(["one", "three"], (await server.Client.ListTurnsAsync(id)).Items.Select(turn => turn.Content));
        Assert.Equal(id, (await server.Client.GetSessionAsync(id)).UserId);
        Assert.Equal("other", (await server.Client.GetSessionAsync(id + "-2")).UserId);
    }

    [Theory]
    [InlineData("""{"session_id": "s", "role": "user", "content": "x", "speaker": "Nora"}""", "speaker is not a field")]
    [InlineData("""{"session_id": "s", "role": "user", "content": """, "is not JSON")]
    [InlineData("""{"session_id": "SESSION", "role": "user", "content": " "}""", "content must not be empty or blank")]
    [InlineData("""{"session_id": "SESSION", "role": "a user", "content": "x"}""", "role must be")]
    [InlineData("""{"session_id": "SESSION", "id": "?", "role": "user", "content": "x"}""", "id must be 1 to 128 characters")]
    [InlineData("""{"session_id": "SESSION", "role": "user", "content": "x", "metadata": 7}""", "metadata must be a JSON object")]
    [InlineData("""{"session_id": "SESSION", "id": "first", "role": "user", "content": "other"}""",
        "id Turn 'first' exists with other content")]
    [InlineData("""{"session_id": "SESSION", "user_id": "somebody", "role": "user", "content": "x"}""",
        "user_id The session belongs to another user")]
    public async Task A_bad_line_is_named_with_its_field_and_only_what_stands_before_it_is_stored(string bad, string fault)
    {
        var id = NewId();
        using var file = new NdjsonFile(
            NdjsonFile.Line(id, "one", ", \"id\": \"first\""), NdjsonFile.Line(id, "two"),
            bad.Replace("SESSION", id, StringComparison.Ordinal), NdjsonFile.Line(id, "four"));
        var ended = await server.RunAsync("import", file.Path);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("line 3", ended.Error, StringComparison.Ordinal);
        Assert.Contains(fault, ended.Error, StringComparison.Ordinal);
        Assert.Contains("run the same command again", ended.Error, StringComparison.Ordinal);
        Assert.Contains("2 turns stored", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], (await server.Client.ListTurnsAsync(id)).Items.Select(turn => turn.Content));

        // Corrected, the same command goes on.
        await File.WriteAllLinesAsync(file.Path,
            (await File.ReadAllLinesAsync(file.Path)).Select((line, i) => i == 2 ? NdjsonFile.Line(id, "three") : line));
        var again = await server.RunAsync("import", file.Path);
        Assert.Contains("4 lines read; 2 turns stored, 2 already there.", again.Output, StringComparison.Ordinal);
        Assert.Equal(["one", "two", "three", "four"], (await server.Client.ListTurnsAsync(id)).Items.Select(turn => turn.Content));
    }

    [Fact]
    public async Task A_line_that_stands_twice_is_two_turns_unless_it_has_an_id()
    {
        var id = NewId();
        var withId = NdjsonFile.Line(id, "same", ", \"id\": \"t1\"");
        using var file = new NdjsonFile(NdjsonFile.Line(id, "again"), NdjsonFile.Line(id, "again"), withId, withId);
        Assert.Contains("3 turns stored, 1 already there", (await server.RunAsync("import", file.Path)).Output, StringComparison.Ordinal);
        Assert.Equal(["again", "again", "same"], (await server.Client.ListTurnsAsync(id)).Items.Select(turn => turn.Content));
    }

    [Fact]
    public async Task Long_turns_are_spread_over_requests_that_the_memory_takes()
    {
        var id = NewId();
        var content = new string('記', 90_000);
        using var file = new NdjsonFile(Enumerable.Range(0, 40).Select(i => NdjsonFile.Line(id, $"{i} {content}")));
        Assert.Contains("40 turns stored", (await server.RunAsync("import", file.Path, "--batch", "1000")).Output,
            StringComparison.Ordinal);
        Assert.Equal(40, (await server.Client.GetSessionAsync(id)).Turns);
    }

    [Fact]
    public async Task A_rate_limit_slows_an_import_down_and_loses_nothing()
    {
        await using var limited = await RunningServer.StartAsync("MEMORY_GLOBAL_RATE_LIMIT=5/second");
        using var file = new NdjsonFile(Enumerable.Range(0, 12).Select(i => NdjsonFile.Line("s", $"turn {i}")));
        var ended = await limited.RunAsync("import", file.Path, "--batch", "1");
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("waiting 1 s: the memory's rate limit is reached", ended.Error, StringComparison.Ordinal);
        Assert.Contains("12 turns stored, 0 already there", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_kill_in_the_middle_the_same_command_goes_on_and_stores_nothing_twice()
    {
        const int Lines = 3_000;
        var id = NewId();
        string[] sessions = [$"{id}-0", $"{id}-1", $"{id}-2"];
        using var file = new NdjsonFile(Enumerable.Range(0, Lines).Select(i => NdjsonFile.Line($"{id}-{i / 1_000}", $"turn {i}")));

        // A stdin that does not go on keeps it from coming to its end.
        using (var import = server.Start("import", "-"))
        {
            foreach (var line in File.ReadLines(file.Path).Take(Lines / 2))
                await import.Input.WriteLineAsync(line);
            await import.Input.FlushAsync();
            await Eventually.HoldsAsync(async () => await CountAsync(sessions) > 0);
            import.Kill();
            await import.EndAsync();
        }

        var before = await CountAsync(sessions);
        Assert.InRange(before, 1, Lines / 2);
        var again = await server.RunAsync("import", file.Path);
        var counts = Regex.Match(again.Output, @"^3,000 lines read; (?<stored>[\d,]+) turns stored, (?<there>[\d,]+) already there\.",
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        var (stored, there) = (Number(counts.Groups["stored"]), Number(counts.Groups["there"]));
        Assert.Equal(Lines, stored + there);
        Assert.InRange(there, before, Lines / 2);
        Assert.Equal(Lines, await CountAsync(sessions));
        Assert.Equal(["turn 1000", "turn 1001"],
            (await server.Client.ListTurnsAsync($"{id}-1", limit: 2)).Items.Select(turn => turn.Content));
    }

    [Fact]
    public async Task A_stopped_import_says_how_to_go_on()
    {
        var id = NewId();
        using var import = server.Start("import", "-", "--batch", "1");
        await import.Input.WriteLineAsync(NdjsonFile.Line(id, "one"));
        await import.Input.WriteLineAsync(NdjsonFile.Line(id, "two"));
        await import.Input.FlushAsync();
        await Eventually.HoldsAsync(async () => await CountAsync(id) == 1);
        import.Terminate();
        var ended = await import.EndAsync();
        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("run the same command again", ended.Error, StringComparison.Ordinal);
        Assert.StartsWith("2 lines read; ", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no file", "no-such-file.ndjson")]
    [InlineData("--batch must be a whole number from 1 to 1000", "-", "--batch", "0")]
    [InlineData("--user and --session are for lines", "samples/conversations.json", "--user", "u")]
    [InlineData("Required argument missing")]
    public async Task Usage_errors_are_told_in_a_sentence(string fault, params string[] arguments)
    {
        var ended = await server.RunAsync(
            ["import", .. arguments.Select(a => a.StartsWith("samples/", StringComparison.Ordinal) ? Checkout.PathOf(a) : a)]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(fault, ended.Error, StringComparison.Ordinal);
    }

    private static int Number(Group digits) => int.Parse(digits.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private async Task<long> CountAsync(params IEnumerable<string> sessions)
    {
        var count = 0L;
        foreach (var session in sessions)
        {
            try
            {
                count += (await server.Client.GetSessionAsync(session)).Turns;
            }
            catch (MemoryApiException absent) when (absent.Status == 404)
            {
                continue;
            }
        }

        return count;
    }
}
