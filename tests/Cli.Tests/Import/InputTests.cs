using System.Text;
using MemoryOrleans.Cli.Import;

namespace MemoryOrleans.Cli.Tests.Import;

/// <summary>However the bytes come, the same turns are read.</summary>
public sealed class InputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Lines_are_found_in_pieces(int step)
    {
        var lines = new LineReader(Input("\ufeffone\r\n\n  \nzwölf\nlast", step));
        var read = new List<string>();
        while (await lines.ReadAsync(default) is { } line)
            read.Add(Encoding.UTF8.GetString(line.Span));
        Assert.Equal(["one", "", "  ", "zwölf", "last"], read);
        Assert.Equal(5, lines.Number);
    }

    [Fact]
    public async Task A_line_beyond_1_MiB_is_refused_before_it_is_held()
    {
        var lines = new LineReader(Input("{}\n" + new string('x', 2 * LineReader.LineBytesMax), 4_096));
        await lines.ReadAsync(default);
        Assert.Equal("line 2 is longer than 1 MiB.",
            (await Assert.ThrowsAsync<BadTurnException>(async () => await lines.ReadAsync(default))).Message);
    }

    [Theory]
    [InlineData("""  { "conversations" : [] }""", nameof(InputFormat.Eval))]
    [InlineData("""{"session_id": "s"}""", nameof(InputFormat.Ndjson))]
    [InlineData("{\"conversations_of\": 1}", nameof(InputFormat.Ndjson))]
    [InlineData("[]", nameof(InputFormat.Ndjson))]
    [InlineData("hello", nameof(InputFormat.Ndjson))]
    [InlineData("", nameof(InputFormat.Ndjson))]
    public async Task The_format_is_told_by_the_beginning(string text, string format)
    {
        foreach (var step in new[] { 1, 5, 1_000 })
            Assert.Equal(format, (await DetectFormat.RunAsync(Input(text, step), default)).ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(1_000_000)]
    public async Task Conversations_are_read_one_by_one_whatever_stands_around_them(int step)
    {
        var text = """
            {"name": {"a": [1, {"b": 2}]}, "conversations": [
              {"speakers": ["Ünal"], "sessions": [{"turns": [{"text": "hi", "speaker": "Ünal", "id": "t1"}, {"id": "t2", "speaker": "assistant", "text": "so"}], "id": "s1"}], "id": "c1", "questions": [{"x": 1}]},
              {"id": "c2", "sessions": []}
            ], "more": 1}
            """;
        var turns = await TurnsAsync(text, step);
        Assert.Equal([("c1.s1", "c1", "t1", "user", "Ünal"), ("c1.s1", "c1", "t2", "assistant", null)],
            turns.Select(t => (t.SessionId, t.UserId!, t.Turn.Id!, t.Turn.Role!, t.Turn.Name)));
        Assert.All(turns, turn => Assert.Null(turn.Turn.OccurredAt));
    }

    [Theory]
    [InlineData("""{"conversations": [{"sessions": []}]}""", "conversation 1: id is missing.")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": [{"id": "s", "turns": [{"id": "t", "speaker": "user"}]}]}]}""",
        "conversation c, session s, turn t: text is missing.")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": [{"id": "s", "turns": [{"speaker": "user", "text": "x"}]}]}]}""",
        "conversation c, session s, turn 1: id is missing.")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": [{"id": "s", "date": "31 June, 2024", "turns": []}]}]}""",
        "conversation c, session s: date is no day that exists, but '31 June, 2024'.")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": [{"id": "s!", "turns": [{"id": "t", "speaker": "user", "text": "x"}]}]}]}""",
        "session_id must be 1 to 128 characters")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": [{"id": 7}]}]}""",
        "conversation 1: sessions[0].id is not of the type it should be.")]
    [InlineData("""{"conversations": [{"id": "c"},""" + "\n!", "conversation c: sessions is missing.")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": []},""" + "\n!",
        "conversation 2 is not JSON in UTF-8; it goes wrong in line 2.")]
    [InlineData("""{"conversations": [{"id": "c", "sessions": []}""", "conversation 2 is not JSON in UTF-8")]
    [InlineData("""{"conversations": {}}""", "the input must be")]
    [InlineData("""{"conversations": [7]}""", "the input must be")]
    public async Task What_is_wrong_with_a_conversation_is_named(string text, string fault)
    {
        foreach (var step in new[] { 3, 1_000 })
            Assert.Contains(fault, (await Assert.ThrowsAsync<BadTurnException>(() => TurnsAsync(text, step))).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"role": "user", "content": "x"}""", "session_id is missing")]
    [InlineData("""{"session_id": "a b", "role": "user", "content": "x"}""", "session_id must be 1 to 128 characters")]
    [InlineData("""{"session_id": "..", "role": "user", "content": "x"}""", "session_id must be 1 to 128 characters")]
    [InlineData("""{"session_id": "s", "content": "x"}""", "role is missing")]
    [InlineData("""{"session_id": "s", "role": "user"}""", "content is missing")]
    [InlineData("""{"session_id": "s", "role": "user", "content": 7}""", "content must be a string")]
    [InlineData("""{"session_id": "s", "role": "user", "content": "x", "speaker": "Nora"}""", "speaker is not a field")]
    [InlineData("""{"session_id": "s", "role": "user", "role": "user", "content": "x"}""", "role is there twice")]
    [InlineData("""{"session_id": "s", "role": "user", "content": "x", "occurred_at": "yesterday"}""",
        "occurred_at must be an RFC 3339 time")]
    [InlineData("""{"session_id": "s", "role": "user", "content": """, "is not JSON")]
    [InlineData("hello", "is not JSON")]
    [InlineData("null", "is null")]
    [InlineData("[1]", "must be a JSON object")]
    public async Task What_is_wrong_with_a_line_is_named(string line, string fault)
    {
        var turns = NdjsonTurns.ReadAsync(Input("\n" + line, 1_000), "u", null, default);
        var wrong = await Assert.ThrowsAsync<BadTurnException>(async () => await turns.GetAsyncEnumerator().MoveNextAsync());
        Assert.StartsWith("line 2", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(fault, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_without_id_get_one_that_is_the_same_the_next_time_and_differs_by_place_and_text()
    {
        const string Text = """
            {"session_id": "s", "role": "user", "content": "a"}
            {"session_id": "s", "role": "user", "content": "a"}
            {"session_id": "s", "role": "user", "content": "b", "id": "own"}
            """;
        var ids = await IdsAsync(Text);
        Assert.Equal(ids, await IdsAsync(Text.ReplaceLineEndings("\r\n")));
        Assert.Equal("own", ids[2]);
        Assert.NotEqual(ids[0], ids[1]);
        Assert.NotEqual(ids[0], (await IdsAsync(Text.Replace("\"a\"", "\"c\"", StringComparison.Ordinal)))[0]);
    }

    [Theory]
    [InlineData("1:56 pm on 8 May, 2023", "2023-05-08T13:56:00Z")]
    [InlineData("12:05 AM on 1 january 2024", "2024-01-01T00:05:00Z")]
    [InlineData("12:30 pm on 29 February, 2024", "2024-02-29T12:30:00Z")]
    [InlineData("8 May, 2023", "2023-05-08T12:00:00Z")]
    [InlineData("March-15-2024", "2024-03-15T12:00:00Z")]
    [InlineData("March 15, 2024", "2024-03-15T12:00:00Z")]
    [InlineData("some day", null)]
    [InlineData(null, null)]
    public void Dates_are_read_as_the_evaluation_reads_them(string? text, string? time)
    {
        Assert.True(SessionDate.TryParse(text, out var date));
        Assert.Equal(time, date is { } known ? Contracts.Rfc3339.Format(known) : null);
    }

    [Theory]
    [InlineData("31 June, 2024")]
    [InlineData("1:99 pm on 1 June, 2024")]
    [InlineData("99999999999999 June, 2024")]
    public void Days_that_do_not_exist_are_not_read(string text) => Assert.False(SessionDate.TryParse(text, out _));

    [Fact]
    public async Task Texts_beyond_the_limit_are_cut_as_the_evaluation_cuts_them()
    {
        var text = $$$"""{"conversations": [{"id": "c", "sessions": [{"id": "s", "turns": [{"id": "t", "speaker": "user", "text": "{{{new string('x', 99_999)}}}😀 and more"}]}]}]}""";
        Assert.Equal(99_999, Assert.Single(await TurnsAsync(text, 4_096)).Turn.Content!.Length);
    }

    private static InputBuffer Input(string text, int step) => new(new TrickleStream(Encoding.UTF8.GetBytes(text), step));

    private static async Task<List<string>> IdsAsync(string text)
    {
        var ids = new List<string>();
        await foreach (var turn in NdjsonTurns.ReadAsync(Input(text, 9), null, null, default))
            ids.Add(turn.Turn.Id!);
        return ids;
    }

    private static async Task<List<ImportTurn>> TurnsAsync(string text, int step)
    {
        var turns = new List<ImportTurn>();
        await foreach (var turn in EvalTurns.ReadAsync(Input(text, step), default))
            turns.Add(turn);
        return turns;
    }
}
