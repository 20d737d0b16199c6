using System.Text;
using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Memory.Tests.Transfer;

public sealed class ArchiveReaderTests
{
    private static readonly DateTimeOffset At = new(2025, 3, 3, 9, 15, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_whole_export_is_read_and_verified()
    {
        var (error, records) = await ReadAsync(await ExportAsync(2_500));
        Assert.Null(error);
        Assert.Equal(2_501, records);
    }

    [Fact]
    public async Task Two_exports_of_the_same_content_differ_in_their_header_and_the_sum_over_it_only()
    {
        var (first, second) = (await ExportAsync(1_200), await ExportAsync(1_200, At.AddDays(1)));
        Assert.Equal(Lines(first)[1..^1], Lines(second)[1..^1]);
        Assert.NotEqual(Lines(first)[0], Lines(second)[0]);
    }

    [Fact]
    public async Task A_changed_byte_anywhere_is_found()
    {
        var export = await ExportAsync(12);
        for (var place = 0; place < export.Length; place++)
        {
            var changed = (byte[])export.Clone();
            changed[place] ^= 1;
            Assert.True((await ReadAsync(changed)).Error is not null, $"byte {place}");
        }
    }

    [Fact]
    public async Task Records_before_a_bad_checkpoint_are_never_handed_out()
    {
        var lines = Lines(await ExportAsync(2_500));
        var changed = Array.FindIndex(lines, line => line.Contains("\"seq\":1500,", StringComparison.Ordinal));
        lines[changed] = lines[changed].Replace("word 1500", "word 15oo", StringComparison.Ordinal);

        var (error, records) = await ReadAsync(Bytes(lines));

        Assert.Equal(1_000, records);
        Assert.Equal((ErrorCode.InvalidInput, true), (error!.Code, error.Field!.EndsWith(".records_sha256", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"content\":", "\"content\":\"\\udc00\",\"x\":", "content")]
    [InlineData("\"content\":", "\"metadata\":{\"a\":[\"\\ud800\"]},\"content\":", "metadata.a[0]")]
    [InlineData("\"content\":", "\"metadata\":{\"\\udfff\":1},\"content\":", "metadata")]
    [InlineData("\"content\":", "\"\\udfff\":1,\"content\":", "kind")]
    public async Task Half_of_a_surrogate_pair_anywhere_in_a_line_is_refused_by_field(string text, string with, string field)
    {
        var lines = Lines(await ExportAsync(3));
        var changed = Array.FindIndex(lines, line => line.Contains(text, StringComparison.Ordinal));
        lines[changed] = lines[changed].Replace(text, with, StringComparison.Ordinal);

        var error = (await ReadAsync(Bytes(lines))).Error!;

        Assert.Equal((ErrorCode.InvalidInput, $"lines[{changed + 1}].{field}"), (error.Code, error.Field));
    }

    [Fact]
    public async Task An_export_cut_off_at_any_line_is_refused()
    {
        var lines = Lines(await ExportAsync(30));
        for (var kept = 0; kept < lines.Length; kept++)
            Assert.Equal(ErrorCode.InvalidInput, (await ReadAsync(Bytes(lines[..kept]))).Error?.Code);
    }

    [Fact]
    public async Task Lines_in_another_order_or_left_out_are_refused()
    {
        var lines = Lines(await ExportAsync(30));
        Assert.Equal("lines[5].seq", (await ReadAsync(Bytes([.. lines[..4], lines[5], lines[4], .. lines[6..]]))).Error?.Field);
        Assert.NotNull((await ReadAsync(Bytes([.. lines[..8], .. lines[9..]]))).Error);
        Assert.NotNull((await ReadAsync(Bytes([.. lines[..^2], lines[^1]]))).Error);
        Assert.Equal($"lines[{lines.Length + 1}].kind", (await ReadAsync(Bytes([.. lines, lines[^1]]))).Error?.Field);
    }

    [Theory]
    [InlineData("""{"format":"memory-orleans-export","version":2,"tenant":"t","exported_at":"2025-03-03T09:15:00.000000Z"}""",
        "lines[1].version")]
    [InlineData("""{"session_id":"s","role":"user","content":"hi"}""", "lines[1].format")]
    [InlineData("""{"format":"memory-orleans-export","version":1,"tenant":"t","exported_at":"2025-03-03T09:15:00.000000Z","extra":1}""",
        "lines[1].extra")]
    [InlineData("not json", "lines[1].format")]
    public async Task Another_header_is_refused(string header, string field)
    {
        var lines = Lines(await ExportAsync(3));
        Assert.Equal(field, (await ReadAsync(Bytes([header, .. lines[1..]]))).Error?.Field);
    }

    [Theory]
    [InlineData("\"role\":\"user\"", "\"role\":\"user\",\"role\":\"user\"", "role")]
    [InlineData("\"tokens\":2", "\"tokens\":-2", "tokens")]
    [InlineData("\"id\":\"t2\"", "\"id\":\"t 2\"", "id")]
    [InlineData("\"seq\":2", "\"seq\":3", "seq")]
    [InlineData("\"content\":\"word 2\"", "\"content\":\"\\u0000\"", "content")]
    [InlineData("\"content\":\"word 2\"", "\"content\":\"\\ud800\"", "content")]
    [InlineData("\"kind\":\"turn\"", "\"kind\":\"dream\"", "kind")]
    public async Task A_record_out_of_order_is_refused_by_line_and_field(string from, string to, string field)
    {
        var lines = Lines(await ExportAsync(3));
        lines[3] = lines[3].Replace(from, to, StringComparison.Ordinal);
        Assert.Equal($"lines[4].{field}", (await ReadAsync(Bytes(lines))).Error?.Field);
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_refused()
    {
        using var stream = new MemoryStream(await ExportAsync(3));
        await Assert.ThrowsAsync<LineTooLongException>(async () =>
        {
            await foreach (var line in ReadLines.OfAsync(stream, 100))
                Assert.InRange(line.Length, 0, 100);
        });
    }

    [Fact]
    public async Task The_store_is_read_no_further_than_the_stream_takes()
    {
        var store = new OneSession(100_000);
        using var stream = new StandingStream();

        var export = new ExportTenant(store, new FakeClock()).RunAsync("acme", stream, default);

        Assert.False(export.IsCompleted);
        Assert.InRange(store.Written, 1, 2_000);
        stream.GoOn();
        Assert.Equal(100_000, (await export).Counts.Turns);
    }

    private static async Task<byte[]> ExportAsync(int turns, DateTimeOffset? at = null)
    {
        using var stream = new MemoryStream();
        var clock = new FakeClock();
        clock.Advance((at ?? At) - clock.GetUtcNow());
        await new ExportTenant(new OneSession(turns), clock).RunAsync("acme", stream, default);
        return stream.ToArray();
    }

    private static async Task<(MemoryError? Error, int Records)> ReadAsync(byte[] export)
    {
        using var stream = new MemoryStream(export);
        using var archive = new ArchiveReader();
        var records = 0;
        await foreach (var line in ReadLines.OfAsync(stream, 1 << 20))
        {
            if (archive.Accept(line) is { } wrong)
                return (wrong, records);
            records += archive.TakeVerified().Count;
        }

        return (archive.End(), records);
    }

    private static string[] Lines(byte[] export) => Encoding.UTF8.GetString(export).TrimEnd('\n').Split('\n');

    private static byte[] Bytes(string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private sealed class StandingStream : MemoryStream
    {
        private readonly TaskCompletionSource going = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => going.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await going.Task;
    }

    private sealed class OneSession(int turns) : ITransferStore
    {
        public int Written { get; private set; }

        public async Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
        {
            await write(new SessionRecord(new Session("s", "ada", null, SessionStatus.Open, turns, 1, At, At), 0));
            for (var seq = 1; seq <= turns; seq++, Written++)
                await write(new TurnRecord(new Turn("s", seq, $"t{seq}", "user", null, $"word {seq}", At, At, """{"a":1}""", 2)));
        }

        public Task<CommitStatus> ImportSessionsAsync(
            string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
            CancellationToken cancel) =>
            Task.FromResult(CommitStatus.Unavailable);
    }
}
