using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Sealing.Tests;

/// <summary>A store whose master keys can be changed from one opening to the next, and whose rows can be tampered with.</summary>
internal interface ISealedUnderTest : IStoreUnderTest
{
    KeyRing? Ring { get; }

    ITenantKeys TenantKeys { get; }

    Task ReopenAsync(IMasterKeys? masters);

    /// <summary>Puts the text of the third turn of the tenant's one session into the first as well.</summary>
    Task CopyThirdTurnToFirstAsync(string tenant);
}

/// <summary>What holds of texts at rest, over each store.</summary>
public abstract class SealingConformance
{
    private const string Tenant = "tenant";

    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly SampleMemories memories = new(static () => Moment);

    private protected abstract Task<ISealedUnderTest> OpenAsync(IMasterKeys? masters);

    [Fact]
    public async Task No_word_of_a_tenant_is_left_readable_in_what_the_store_keeps()
    {
        await using var store = await OpenAsync(TestKeys.Of("k1"));
        await LiveAsync(store);

        string[] words =
        [
            "zebra", "giraffe", "ostrich", "walrus", "pelican", "badger", "heron", "marmot", "weasel", "otter", "lynx", "gazelle",
            "hooks.example", "Heron", "Marmot", "Badger",
        ];
        Assert.Empty(await store.FindAnywhereAsync(words));

        await store.ReopenAsync(TestKeys.Of("k1"));
        var turns = await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default);
        Assert.Equal(["zebra", "giraffe"], turns.Select(static turn => turn.Content));
        Assert.Equal("name of zebra", turns[0].Name);
        Assert.Equal("""{"note":"zebra"}""", turns[0].Metadata);
        var memory = await store.Memories.FindMemoryAsync(Tenant, "m", default);
        Assert.Equal("walrus", memory!.Content);
        Assert.Equal(["badger"], memory.Aliases);
        Assert.Equal(["ostrich", "walrus"],
            (await store.Memories.ReadHistoryAsync(Tenant, "m", default)).Select(static each => each.Content));
        Assert.Equal("m", Assert.Single(await store.Memories.FindByKeysAsync(Tenant, "ada", ["gazelle"], default)).Id);
        Assert.Equal("Heron", (await store.Graph.FindEntityByNameAsync(Tenant, GraphScope.Tenant, "HERON", default))?.Name);
        Assert.Equal("Heron", (await store.Graph.FindEntityByNameAsync(Tenant, GraphScope.Tenant, "marmot", default))?.Name);
        Assert.Equal("https://hooks.example/weasel", (await store.Events.FindWebhookAsync(Tenant, "w", default))?.Url);
        var exported = new List<TransferRecord>();
        await store.Transfers.ExportAsync(Tenant, record => { exported.Add(record); return ValueTask.CompletedTask; }, default);
        Assert.Equal(MemoryKeyDigest.Of("gazelle"), Assert.Single(exported.OfType<MemoryVersionRecord>().Last().KeyDigests));
        Assert.Contains(exported.OfType<TurnRecord>(), static record => record.Turn.Content == "otter");
    }

    [Fact]
    public async Task Without_its_master_key_or_with_another_of_its_name_a_store_is_not_opened_and_says_so()
    {
        await using var store = await OpenAsync(TestKeys.Of("k1"));
        await store.Sessions.CommitAsync(new SampleTurns("s").Next("zebra"));

        Assert.Contains("MEMORY_ENCRYPTION_KEYS",
            (await Assert.ThrowsAsync<StoreSealedException>(() => store.ReopenAsync(masters: null))).Message, StringComparison.Ordinal);
        Assert.Contains("'k1'", (await Assert.ThrowsAsync<StoreSealedException>(() => store.ReopenAsync(TestKeys.Of("k2")))).Message,
            StringComparison.Ordinal);
        Assert.True(MasterKeys.TryParse($"k1:{TestKeys.KeyOf("another")}", out var wrong, out _));
        Assert.Contains("not the one", (await Assert.ThrowsAsync<StoreSealedException>(() => store.ReopenAsync(wrong))).Message,
            StringComparison.Ordinal);
        await store.ReopenAsync(TestKeys.Of("k1"));
    }

    [Fact]
    public async Task After_a_rotation_the_old_master_key_is_needed_no_more()
    {
        await using var store = await OpenAsync(TestKeys.Of("k1"));
        await store.Sessions.CommitAsync(new SampleTurns("s").Next("zebra"));
        await store.ReopenAsync(TestKeys.Of("k2", "k1"));
        await store.Sessions.CommitAsync(new SampleTurns("s", "newer").Next("giraffe"));

        Assert.Equal((1, 1), await store.Ring!.RotateAsync(default));
        Assert.Equal((0, 2), await store.Ring.RotateAsync(default));
        await store.ReopenAsync(TestKeys.Of("k2"));

        Assert.Equal(2, (await KeyRing.CountAsync(store.TenantKeys, default))["k2"]);
        Assert.Equal("zebra", Assert.Single(await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default)).Content);
    }

    [Fact]
    public async Task What_a_destroyed_key_sealed_is_read_by_nobody_and_other_tenants_do_not_notice()
    {
        await using var store = await OpenAsync(TestKeys.Of("k1"));
        await store.Sessions.CommitAsync(new SampleTurns("s").Next("zebra"));
        await store.Sessions.CommitAsync(new SampleTurns("s", "other").Next("giraffe"));

        Assert.True(await store.TenantKeys.DestroyKeyAsync(Tenant, default));
        store.Ring!.Forget(Tenant);
        Assert.False(await store.TenantKeys.DestroyKeyAsync(Tenant, default));

        Assert.Equal(UnreadableText.Sentence,
            Assert.Single(await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default)).Content);
        Assert.Equal("giraffe", Assert.Single(await store.Sessions.ReadTurnsAsync(new SessionKey("other", "s"), 0, 10, default)).Content);

        await store.Sessions.CommitAsync(new SampleTurns("later").Next("otter"));
        await store.ReopenAsync(TestKeys.Of("k1"));
        Assert.Equal("otter", Assert.Single(await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "later"), 0, 10, default)).Content);
        Assert.Equal(UnreadableText.Sentence,
            Assert.Single(await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default)).Content);
    }

    [Fact]
    public async Task A_text_put_in_another_s_place_is_that_one_text_lost_and_not_recalled()
    {
        await using var store = await OpenAsync(TestKeys.Of("k1"));
        await store.Sessions.CommitAsync(new SampleTurns("s").Next("zebra", "giraffe", "ostrich"));
        await store.CopyThirdTurnToFirstAsync(Tenant);

        var turns = await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default);
        Assert.Equal([UnreadableText.Sentence, "giraffe", "ostrich"], turns.Select(static turn => turn.Content));
        var changes = new List<FeedChange>();
        await foreach (var page in store.Feed.ReadSinceAsync(new PartitionKey(Tenant, "ada"), 0, default))
            changes.AddRange(page);
        Assert.Equal(1, Assert.IsType<TurnErased>(changes[0]).Seq);
        Assert.Equal(["giraffe", "ostrich"], changes.OfType<TurnCommitted>().Select(static change => change.Turn.Content));
    }

    [Fact]
    public async Task What_was_stored_before_texts_were_encrypted_is_read_and_found()
    {
        await using var store = await OpenAsync(masters: null);
        await LiveAsync(store);
        Assert.NotEmpty(await store.FindAnywhereAsync(["zebra"]));
        await store.ReopenAsync(TestKeys.Of("k1"));

        Assert.Equal("zebra", (await store.Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default))[0].Content);
        Assert.Equal("walrus", (await store.Memories.FindMemoryAsync(Tenant, "m", default))?.Content);
        Assert.Single(await store.Memories.FindByKeysAsync(Tenant, "ada", ["gazelle"], default));
        Assert.Equal("e", (await store.Graph.FindEntityByNameAsync(Tenant, GraphScope.Tenant, "heron", default))?.Id);
        Assert.NotNull(await store.Graph.FindSaidAsync(Tenant, "e", "lynx", default));
        await store.Sessions.CommitAsync(new SampleTurns("more").Next("platypus"));
        await store.Graph.CommitGraphAsync(new GraphCommit(Tenant, [new ObservationAdded(Say("later", "hedgehog"))]));
        Assert.NotNull(await store.Graph.FindSaidAsync(Tenant, "e", "hedgehog", default));
        Assert.Empty(await store.FindAnywhereAsync(["platypus", "hedgehog"]));
    }

    /// <summary>Turns, a memory with its history, a graph, a webhook and an import.</summary>
    private async Task LiveAsync(IStoreUnderTest store)
    {
        await store.Sessions.CommitAsync(new SampleTurns("s").Next("zebra", "giraffe"));
        var said = memories.Plain("m", "ostrich") with
        {
            Metadata = """{"a":"pelican"}""", Topics = ["badger"], Entities = ["Badger"], Aliases = ["badger"],
            Claim = new FactClaim("user", "pet", "badger", IsSingleValued: true),
        };
        await CommitAsync(SampleMemories.Write(said, "gazelle"));
        await CommitAsync(SampleMemories.Write(memories.Next(said, "walrus"), "gazelle"));
        var entity = new Entity("e", "Heron", "bird", GraphScope.Tenant, """{"a":"weasel"}""", 1, Moment, Moment) { Aliases = ["Marmot"] };
        var status = await store.Graph.CommitGraphAsync(
            new GraphCommit(Tenant, [new EntityWrite(0, entity), new ObservationAdded(Say("o", "lynx"))]));
        Assert.Equal(CommitStatus.Committed, status);
        Assert.True(await store.Events.AddWebhookAsync(Tenant,
            new Webhook("w", "https://hooks.example/weasel", ["memory.changed"], Moment, "key", new byte[32]), 8, default));
        var turn = new Turn("imported", 1, "t", "user", null, "otter", Moment, Moment, null, 1);
        var session = new Session("imported", "ada", null, SessionStatus.Open, 1, 1, Moment, Moment);
        status = await store.Transfers.ImportSessionsAsync(Tenant, [new SessionImport(0, 0, session, 0, [turn], WakeDistil: false)], [],
            Moment, default);
        Assert.Equal(CommitStatus.Committed, status);

        async Task CommitAsync(MemoryWrite write) =>
            Assert.Equal(CommitStatus.Committed, await store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [write]), default));
    }

    private static Observation Say(string id, string content) => new(id, "e", content, [], null, Moment, null, Moment, null, null);
}
