using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Memory.Tests.Transfer;

/// <summary>An import takes what the API takes and nothing else, however well its checksums agree.</summary>
public sealed class RecordRulesTests
{
    private static readonly DateTimeOffset At = new(2025, 3, 3, 9, 15, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Far = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly Session Session = new("s", "ada", null, SessionStatus.Open, 1, 1, At, At);
    private static readonly Turn Turn = new("s", 1, "t1", "user", null, "Hello.", At, At, null, 2);
    private static readonly Entity Entity = new("e", "Nora", "person", new GraphScope(null, null), null, 1, At, At);
    private static readonly Observation Observation = new("o", "e", "She bakes.", [], null, At, null, At, null, null);
    private static readonly Relation Relation = new("r", 1, "e", "e", "knows", null, At, null, At, null, null);

    private static readonly MemoryRecord Memory = new()
    {
        Id = "m", Version = 1, Kind = "preference", Tier = MemoryTier.Semantic, Status = MemoryStatus.Active, Content = "Rye bread.",
        Owner = new MemoryOwner("ada", null, null, null), Importance = 0.5, Salience = new Salience(0.5, At), ValidFrom = At,
        RecordedAt = At,
        Origin = "agent", Change = MemoryChange.Written, Operation = "op",
    };

    public static TheoryData<string, TransferRecord[]> Refused => new()
    {
        { "lines[3].content", OfTurn(Turn with { Content = new string('x', TextRules.ContentLengthMax + 1), Tokens = 1 }) },
        { "lines[3].content", OfTurn(Turn with { Content = string.Empty, Tokens = 0 }) },
        { "lines[3].content", OfTurn(Turn with { Content = " \t\n" }) },
        { "lines[3].role", OfTurn(Turn with { Role = "<script>" }) },
        { "lines[3].role", OfTurn(Turn with { Role = "<script>", IsErased = true, Content = string.Empty, Tokens = 0 }) },
        { "lines[3].name", OfTurn(Turn with { Name = "a\nb" }) },
        { "lines[3].name", OfTurn(Turn with { Name = new string('n', TextRules.NameLengthMax + 1) }) },
        { "lines[3].metadata", OfTurn(Turn with { Metadata = $$"""{"a":"{{new string('m', MetadataRules.BytesMax)}}"}""" }) },
        { "lines[3].metadata", OfTurn(Turn with { Metadata = $$"""{"a":"{{new string('m', 5 * MetadataRules.BytesMax)}}"}""" }) },
        { "lines[3].recorded_at", OfTurn(Turn with { RecordedAt = Far }) },
        { "lines[3].tokens", OfTurn(Turn with { Tokens = int.MaxValue }) },
        { "lines[4].id", [new SessionRecord(Session with { LastSeq = 2 }, 0), new TurnRecord(Turn),
        new TurnRecord(Turn with { Seq = 2 })] },
        { "lines[2].version", [new SessionRecord(Session with { Version = long.MaxValue }, 0), new TurnRecord(Turn)] },
        { "lines[2].created_at", [new SessionRecord(Session with { CreatedAt = Far }, 0), new TurnRecord(Turn)] },
        { "lines[2].updated_at", [new SessionRecord(Session with { UpdatedAt = Far }, 0), new TurnRecord(Turn)] },
        { "lines[2].version", [new DeletedSessionRecord("s", long.MaxValue, At)] },
        { "lines[2].deleted_at", [new DeletedSessionRecord("s", 1, Far)] },
        { "lines[2].content", OfMemory(Memory with { Content = new string('x', TextRules.ContentLengthMax + 1) }) },
        { "lines[2].content", OfMemory(Memory with { Content = string.Empty }) },
        { "lines[2].memory_kind", OfMemory(Memory with { Kind = "turn" }) },
        { "lines[2].memory_kind", OfMemory(Memory with { Kind = "<b>" }) },
        { "lines[2].agent_class", OfMemory(Memory with { Owner = new MemoryOwner("ada", null, "a b", null) }) },
        { "lines[2].recorded_at", OfMemory(Memory with { RecordedAt = Far }) },
        { "lines[2].salience_at", OfMemory(Memory with { Salience = new Salience(0.5, Far) }) },
        { "lines[2].operation", OfMemory(Memory with { Operation = new string('o', TextRules.WordLengthMax + 1) }) },
        { "lines[2].topics[1]", OfMemory(Memory with { Topics = ["bread", new string('t', TextRules.ContentLengthMax + 1)] }) },
        { "lines[2].claim.value",
        OfMemory(Memory with { Claim = new FactClaim("ada", "likes", new string('v', TextRules.ContentLengthMax + 1), false) }) },
        { "lines[2].name", [new EntityRecord(Entity with { Name = new string('n', TextRules.EntityNameLengthMax + 1) })] },
        { "lines[2].type", [new EntityRecord(Entity with { Type = "<i>" })] },
        { "lines[2].version", [new EntityRecord(Entity with { Version = long.MaxValue })] },
        { "lines[2].updated_at", [new EntityRecord(Entity with { UpdatedAt = Far })] },
        { "lines[3].content", [new EntityRecord(Entity),
        new ObservationRecord(Observation with { Content = new string('x', TextRules.ContentLengthMax + 1) })] },
        { "lines[3].valid_to", [new EntityRecord(Entity), new ObservationRecord(Observation with { ValidTo = At.AddDays(-1) })] },
        { "lines[3].recorded_at", [new EntityRecord(Entity), new ObservationRecord(Observation with { RecordedAt = Far })] },
        { "lines[3].type", [new EntityRecord(Entity), new RelationRecord(Relation with { Type = "a b" })] },
        { "lines[3].recorded_at", [new EntityRecord(Entity), new RelationRecord(Relation with { RecordedAt = Far })] },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task What_the_api_would_refuse_is_refused_by_line_and_field(string field, TransferRecord[] records)
    {
        var error = await ReadAsync(records, At.AddHours(1));
        Assert.Equal((ErrorCode.InvalidInput, field), (error!.Code, error.Field));
    }

    [Fact]
    public async Task What_the_memory_itself_writes_is_taken()
    {
        var erased = Turn with { Seq = 2, Id = "t2", IsErased = true, Content = string.Empty, Tokens = 0 };
        Assert.Null(await ReadAsync(
            [
                new SessionRecord(Session with { LastSeq = 2 }, 0),
                new TurnRecord(Turn with { Content = new string('.', TextRules.ContentLengthMax), Tokens = TextRules.ContentLengthMax }),
                new TurnRecord(erased),
                new MemoryVersionRecord(Memory with { Content = string.Empty, SupersededAt = At }, []),
                new MemoryVersionRecord(Memory
                with { Content = string.Empty, Version = 2, Status = MemoryStatus.Erased, Change = MemoryChange.Erased }, []),
                new EntityRecord(Entity), new ObservationRecord(Observation), new RelationRecord(Relation),
            ],
            At));
    }

    [Fact]
    public async Task An_export_is_whole_though_no_import_would_take_it() =>
        Assert.Null(await ReadAsync(OfTurn(Turn with { Role = "<script>", RecordedAt = Far }), importedAt: null));

    private static TransferRecord[] OfTurn(Turn turn) => [new SessionRecord(Session, 0), new TurnRecord(turn)];

    private static TransferRecord[] OfMemory(MemoryRecord memory) => [new MemoryVersionRecord(memory, [])];

    private static async Task<MemoryError?> ReadAsync(TransferRecord[] records, DateTimeOffset? importedAt)
    {
        using var stream = new MemoryStream();
        await new ExportTenant(new GivenRecords(records), new FakeClock()).RunAsync("acme", stream, default);
        stream.Position = 0;
        using var archive = new ArchiveReader(importedAt);
        await foreach (var line in ReadLines.OfAsync(stream, 1 << 20))
        {
            if (archive.Accept(line) is { } wrong)
                return wrong;
        }

        return archive.End();
    }

    private sealed class GivenRecords(TransferRecord[] records) : ITransferStore
    {
        public async Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
        {
            foreach (var record in records)
                await write(record);
        }

        public Task<CommitStatus> ImportSessionsAsync(
            string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
            CancellationToken cancel) =>
            Task.FromResult(CommitStatus.Unavailable);
    }
}
