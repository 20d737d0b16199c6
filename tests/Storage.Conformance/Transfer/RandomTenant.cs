using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>
/// Writes a tenant that has a bit of everything, different for every seed: sessions open, closed, deleted and made anew, erased
/// turns, distilled ones, memories in several versions, some erased, and a graph with its past.
/// </summary>
public sealed class RandomTenant(Func<IStoreUnderTest> store, string tenant, int seed, Func<DateTimeOffset> tick)
{
    /// <summary>In everything that was erased or deleted, and in nothing else.</summary>
    public const string ErasedWord = "quokkaberry";

    private static readonly string?[] Users = ["ada", "bob", null];

    // Only decides what the test data are; a failing seed is in the test's message.
#pragma warning disable RS0030
    private readonly Random random = new(seed);
#pragma warning restore RS0030
    private readonly SampleMemories some = new(tick);
    private readonly List<SessionScript> sessions = [];
    private int minted;

    public static IReadOnlyList<string?> AllUsers => Users;

    public async Task WriteAsync()
    {
        await WriteSessionsAsync();
        await WriteMemoriesAsync();
        await WriteGraphAsync();
    }

    private async Task WriteSessionsAsync()
    {
        for (var n = 0; n < 2 + random.Next(4); n++)
        {
            var script = NewSession($"s{n}");
            await AppendAsync(script);
            if (random.Next(4) == 0)
            {
                await script.AppendAsync($"{ErasedWord} in a session that goes");
                await script.DeleteAsync();
                if (random.Next(2) == 0)
                    continue;
                await AppendAsync(script);
            }

            sessions.Add(script);
        }

        sessions.Add(NewSession("always"));
        await AppendAsync(sessions[^1]);
        foreach (var script in sessions)
            await ChangeAsync(script);
    }

    private async Task AppendAsync(SessionScript script)
    {
        for (var n = 0; n < 1 + random.Next(3); n++)
            await script.AppendAsync(
                [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => $"We baked \"bread\" no. {random.Next(100)} – né\nin Köln 🥖")]);
    }

    private async Task ChangeAsync(SessionScript script)
    {
        if (random.Next(3) == 0)
        {
            var seq = script.PrepareAppend($"{ErasedWord} said once");
            Assert.Equal(CommitStatus.Committed, await store().Sessions.CommitAsync(seq));
            await store().Erasures.EraseTurnsAsync(script.Key, [seq.Turns[0].Seq], tick(), default);
            return;
        }

        if (random.Next(3) == 0)
            await script.CloseAsync();
    }

    private SessionScript NewSession(string id) =>
        new(store, new SessionKey(tenant, id), Users[random.Next(3)], random.Next(2) == 0 ? "helper" : null, tick);

    private async Task WriteMemoriesAsync()
    {
        for (var n = 0; n < 3 + random.Next(6); n++)
        {
            var script = sessions[random.Next(sessions.Count)];
            var memory = random.Next(2) == 0
                ? some.New($"m{n}", $"Bread no. {n} & more", Users[random.Next(3)], [.. SourcesIn(script)])
                : some.Plain($"m{n}", $"Bread no. {n}", Users[random.Next(3)]) with { Sources = [.. SourcesIn(script)] };
            await CommitAsync(memory, random.Next(3) == 0
                ? new DistilledRange(await ReadAsync(script), await DistilledAsync(script) + 1, script.Turns.Count) : null);
            for (var later = random.Next(4); later > 0; later--)
            {
                memory = some.Next(memory, $"{memory.Content}, later", random.Next(3) == 0 ? MemoryStatus.Archived : null);
                await CommitAsync(memory, null);
            }

            await store().Memories.SaveSalienceAsync(tenant, [new SalienceUpdate(memory.Id, new Salience(1 / (3.0 + n), tick()))], default);
        }

        await CommitAsync(some.New("gone", ErasedWord), null);
        var erasure = EraseMemory.Erase(await store().Memories.ReadHistoryAsync(tenant, "gone", default), null, "erase-1", tick()).Value;
        Assert.Equal(CommitStatus.Committed,
            await store().Erasures.RedactMemoryAsync(tenant, erasure.Tombstone, erasure.Redacted, default));
    }

    private async Task<Session> ReadAsync(SessionScript script) => (await store().Sessions.FindSessionAsync(script.Key, default)).Session!;

    private async Task<long> DistilledAsync(SessionScript script) => await store().Memories.FindDistilledAsync(script.Key, default);

    private IEnumerable<SourceTurn> SourcesIn(SessionScript script) =>
        script.Turns.Take(random.Next(4)).Select(turn => new SourceTurn(script.Key.Id, turn.Id, turn.Seq));

    private async Task CommitAsync(MemoryRecord memory, DistilledRange? distilled)
    {
        var commit = new MemoryCommit(tenant, [Write(memory, [.. Enumerable.Range(0, random.Next(3)).Select(n => $"key {n}")])])
        {
            Distilled = distilled is { } range && range.FromSeq <= range.ToSeq ? range : null,
        };
        Assert.Equal(CommitStatus.Committed, await store().Memories.CommitMemoriesAsync(commit, default));
    }

    private async Task WriteGraphAsync()
    {
        var entities = new List<Entity>();
        for (var n = 0; n < 2 + random.Next(4); n++)
        {
            var scope = new GraphScope(Users[random.Next(3)], random.Next(2) == 0 ? "helper" : null);
            var entity = new Entity(NewId("e"), $"Person {n} Žižek", "person", scope, random.Next(2) == 0 ? """{"a":[1,"b"]}""" : null, 1,
                tick(), tick())
            {
                Aliases = random.Next(2) == 0 ? [] : [$"P{n}", $"Ž{n}"],
            };
            await CommitAsync(new EntityWrite(0, entity));
            if (random.Next(2) == 0)
                await CommitAsync(new EntityWrite(1, entity = entity with { Version = 2, Type = "baker", UpdatedAt = tick() }));
            entities.Add(entity);
            await ObserveAsync(entity);
        }

        for (var n = 0; n < 1 + random.Next(5); n++)
            await RelateAsync(entities[random.Next(entities.Count)], entities[random.Next(entities.Count)], $"knows{n}");
        var gone = new Entity(NewId("e"), ErasedWord, "person", GraphScope.Tenant, null, 1, tick(), tick());
        await CommitAsync(new EntityWrite(0, gone));
        await store().Graph.DeleteEntityAsync(tenant, gone.Id, 1, tick());
    }

    private async Task ObserveAsync(Entity entity)
    {
        Observation? before = null;
        for (var n = 0; n < random.Next(4); n++)
        {
            var sources = SourcesIn(sessions[random.Next(sessions.Count)]).ToArray();
            var observation = new Observation(NewId("o"), entity.Id, $"Bakes <b>{n}</b>", sources, random.Next(2) == 0 ? 0.123456 : null,
                tick(), null, tick());
            await CommitAsync(new ObservationAdded(observation));
            if (before is not null && random.Next(2) == 0)
                await CommitAsync(new ObservationSuperseded(entity.Id, before.Id, observation.Id, tick()));
            before = observation;
        }
    }

    private async Task RelateAsync(Entity from, Entity to, string type)
    {
        if (from.Id == to.Id)
            return;
        var relation = new Relation(NewId("r"), 1, from.Id, to.Id, type, """{"x":"y"}""", tick(), null, tick());
        await CommitAsync(new RelationAdded(relation));
        if (random.Next(2) == 0)
        {
            var later = relation with { Version = 2, ValidTo = tick(), RecordedAt = tick() };
            await CommitAsync(new RelationSuperseded(relation.Id, 1, null, later.RecordedAt), new RelationAdded(later));
        }
    }

    private async Task CommitAsync(params GraphWrite[] writes) =>
        Assert.Equal(CommitStatus.Committed, await store().Graph.CommitGraphAsync(new GraphCommit(tenant, writes)));

    private string NewId(string prefix) => $"{prefix}{++minted:0000}";
}
