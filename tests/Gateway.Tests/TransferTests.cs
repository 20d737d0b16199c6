using System.Net.Http.Headers;
using System.Text;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>A tenant leaves one gateway and arrives, the same, at another.</summary>
public sealed class TransferTests
{
    private const string Keys =
        "MEMORY_API_KEYS=acme:acme-key-0123456789:read+write+admin,globex:globex-key-0123456789:read+write+admin,acme:writer-key-0123456789:read+write";

    [Fact]
    public async Task A_tenant_moves_to_another_gateway_and_tenant_and_answers_the_same()
    {
        await using var from = await RunningGateway.StartAsync(Keys);
        await using var to = await RunningGateway.StartAsync(Keys);
        var (source, target) = (new MemoryClient(from.Http, "acme-key-0123456789"), new MemoryClient(to.Http, "globex-key-0123456789"));
        await FillAsync(source);

        var export = await ReadAsync(await source.ExportAsync());
        var report = await target.ImportAsync(new MemoryStream(export));

        Assert.Equal(("globex", "acme", 3), (report.Tenant, report.SourceTenant, report.Added.Turn));
        Assert.Equal(report.Records, report.Added);
        Assert.Equal(Records(export), Records(await ReadAsync(await target.ExportAsync())));
        var recall = new RecallRequest { Query = "Where is the bakery?", UserId = "mira" };
        var (asked, answered) = (await source.RecallAsync(recall), await target.RecallAsync(recall));
        Assert.Equal(asked.Items.Select(item => (item.Id, item.Content)), answered.Items.Select(item => (item.Id, item.Content)));
        Assert.Equal((await source.GetGraphOverviewAsync()).Relations, (await target.GetGraphOverviewAsync()).Relations);
        Assert.Equal(0, (await target.ImportAsync(new MemoryStream(export))).Added.Turn);
    }

    [Fact]
    public async Task A_changed_export_is_refused_by_its_line_and_stores_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        var (source, target) = (new MemoryClient(gateway.Http, "acme-key-0123456789"),
            new MemoryClient(gateway.Http, "globex-key-0123456789"));
        await FillAsync(source);
        var export = Encoding.UTF8.GetString(await ReadAsync(await source.ExportAsync()));

        var refused = await Assert.ThrowsAsync<MemoryApiException>(() => target.ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(export.Replace("Lisbon", "Lisbom", StringComparison.Ordinal)))));

        Assert.Equal(("invalid_input", 400), (refused.Code, refused.Status));
        Assert.EndsWith(".sha256", Assert.Single(refused.Errors).Field, StringComparison.Ordinal);
        Assert.Equal(0, (await target.GetSummaryAsync()).Sessions);
    }

    [Theory]
    [InlineData("user", "", 1)]
    [InlineData("<script>", "Hello.", 1)]
    [InlineData("user", "Hello.", long.MaxValue)]
    public async Task An_import_takes_no_more_than_the_api_however_well_its_checksums_agree(string role, string content, long version)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var forged = new MemoryStream();
        await new ExportTenant(new ForgedTenant(role, content, version), TimeProvider.System).RunAsync("acme", forged, default);

        var refused = await Assert.ThrowsAsync<MemoryApiException>(() => gateway.Client.ImportAsync(new MemoryStream(forged.ToArray())));

        Assert.Equal(("invalid_input", 400), (refused.Code, refused.Status));
        Assert.Equal(0, (await gateway.Client.GetSummaryAsync()).Sessions);
        Assert.Equal(1, (await gateway.Client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = "Hello." })).Value.Seq);
    }

    [Fact]
    public async Task Imports_beyond_the_size_of_other_requests_are_taken()
    {
        await using var from = await RunningGateway.StartAsync();
        await using var to = await RunningGateway.StartAsync();
        var line = new string('x', 90_000);
        for (var batch = 0; batch < 3; batch++)
            await from.Client.AppendAsync("long",
                new AppendTurnsRequest { Turns =
                [.. Enumerable.Range(0, 40).Select(_ => new TurnInput { Role = "user", Content = line })] });

        await using var export = await from.Client.ExportAsync();

        Assert.Equal(120, (await to.Client.ImportAsync(export)).Added.Turn);
    }

    [Fact]
    public async Task Only_administrators_export_and_import_and_only_exports_are_taken()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var writer = gateway.NewHttp("writer-key-0123456789");
        (await writer.CallAsync("GET", "v1/admin/export", null)).IsProblem(403, "insufficient_scope");
        (await writer.CallAsync("POST", "v1/admin/import", "{}")).IsProblem(403, "insufficient_scope");
        using var admin = gateway.NewHttp("acme-key-0123456789");
        (await admin.CallAsync("POST", "v1/admin/import", "{}")).IsProblem(415, "unsupported_media_type");
        (await admin.CallAsync("POST", "v1/admin/import", "{}", "Content-Type: application/x-ndjson")).Blames("lines[1].format");
        (await admin.CallAsync("POST", "v1/admin/import", string.Empty, "Content-Type: application/x-ndjson")).Blames("lines[1].format");
        (await admin.CallAsync("GET", "v1/admin/export?tenant=globex", null)).Blames("tenant");
    }

    [Fact]
    public async Task A_line_longer_than_the_limit_is_refused()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_IMPORT_LINE_MEGABYTES=1");
        using var content = new StringContent(new string(' ', 2 * 1024 * 1024), Encoding.UTF8,
            new MediaTypeHeaderValue("application/x-ndjson"));
        using var response = await gateway.Http.PostAsync(new Uri("v1/admin/import", UriKind.Relative), content);
        new Answer(response, await response.Content.ReadAsStringAsync()).Blames("lines[1]");
    }

    [Fact]
    public async Task An_export_ends_with_its_caller_and_only_so_many_run_at_a_time()
    {
        var endless = new EndlessExport();
        await using var gateway = await RunningGateway.StartAsync(new StubHost { Transfers = endless }, null, "MEMORY_TRANSFERS_MAX=1");
        var export = await gateway.Client.ExportAsync();
        Assert.True(await export.ReadAsync(new byte[1]) > 0);

        (await gateway.GetAsync("v1/admin/export")).IsProblem(503, "overloaded");
        Assert.False(endless.Ended.IsCompleted);
        await export.DisposeAsync();

        await endless.Ended.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class ForgedTenant(string role, string content, long version) : ITransferStore
    {
        public async Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
        {
            var at = new DateTimeOffset(2025, 3, 3, 9, 15, 0, TimeSpan.Zero);
            await write(new SessionRecord(new Session("s", null, null, SessionStatus.Open, 1, version, at, at), 0));
            await write(new TurnRecord(new Turn("s", 1, "t1", role, null, content, at, at, null, 0)));
        }

        public Task<CommitStatus> ImportSessionsAsync(
            string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
            CancellationToken cancel) =>
            throw new NotSupportedException();
    }

    private sealed class EndlessExport : ITransferOperations
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => ended.Task;

        public async Task<TransferTrailer> ExportAsync(string tenant, Stream to, CancellationToken cancel)
        {
            using var registration = cancel.Register(ended.SetResult);
            await to.WriteAsync("{}\n"u8.ToArray(), cancel);
            await to.FlushAsync(cancel);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            throw new InvalidOperationException();
        }

        public Task<Outcome<ImportReport>> ImportAsync(string tenant, Stream from, int lineBytesMax, CancellationToken cancel) =>
            throw new NotSupportedException();
    }

    private static async Task FillAsync(MemoryClient client)
    {
        await client.AppendAsync("s", new AppendTurnsRequest
        {
            UserId = "mira",
            Turns = [.. new[] { "My bakery is in Lisbon.", "It opened in May.",
            "I love rye bread." }.Select(text => new TurnInput { Role = "user", Content = text })],
        });
        await client.WriteMemoryAsync(new WriteMemoryRequest { Kind = "preference", Content = "Mira prefers rye bread.", UserId = "mira" });
        var (mira, bakery) = ((await client.UpsertEntityAsync(new EntityRequest { Name = "Mira" })).Value,
            (await client.UpsertEntityAsync(new EntityRequest { Name = "Bakery" })).Value);
        await client.AddRelationAsync(new RelationRequest { FromId = mira.Id, ToId = bakery.Id, Type = "owns" });
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using (stream)
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return copy.ToArray();
        }
    }

    private static string[] Records(byte[] export) => Encoding.UTF8.GetString(export).TrimEnd('\n').Split('\n')[1..^1];
}
