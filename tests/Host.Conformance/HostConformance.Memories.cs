using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Host.Conformance;

public abstract partial class HostConformance
{
    private static readonly TimeSpan DistilPatience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_closed_session_is_distilled_though_nobody_asks()
    {
        await AppendAsync("short", Say("I am allergic to peanuts.", id: "t1"), user: "mia");
        Assert.True((await Host.Sessions.CloseAsync(Key("short"), null, CancellationToken.None)).IsSuccess);

        var episode = Assert.Single(await WhenMadeAsync("mia", "episode"));
        Assert.Equal([new SourceTurn("short", "t1", 1)], episode.Sources);
        Assert.Contains("peanuts", episode.Content, StringComparison.Ordinal);
        Assert.Equal(new MemoryOwner("mia", SessionId: "short"), episode.Owner);
        Assert.Contains(await ListAsync("mia", MemoryStatus.Candidate, MemoryStatus.Active), static memory => memory.Kind != "episode");
    }

    [Fact]
    public async Task Every_twenty_turns_a_session_is_distilled_though_it_goes_on()
    {
        for (var i = 1; i <= 20; i++)
            await AppendAsync("long", Say($"We decided to plant {i} trees."), user: "ann");
        var episodes = await WhenMadeAsync("ann", "episode");
        Assert.Equal(20, episodes.SelectMany(static episode => episode.Sources).Select(static source => source.Seq).Distinct().Count());
    }

    [Fact]
    public async Task What_agents_write_survives_a_restart_with_its_history()
    {
        var draft = new MemoryDraft("preference", "tea", new MemoryOwner("mia"));
        var written = (await Host.Memories.WriteAsync(Tenant, draft, [], CancellationToken.None)).Value;
        var edited = (await Host.Memories.EditAsync(Tenant, written.Id, new MemoryPatch { Content = "coffee" }, written.Version,
            CancellationToken.None)).Value;
        await RestartAsync();

        Assert.Equal(("coffee", 2),
            ((await Host.Memories.GetAsync(Tenant, written.Id, CancellationToken.None)).Value.Content, edited.Version));
        Assert.Equal(2, (await Host.Memories.ReadHistoryAsync(Tenant, written.Id, CancellationToken.None)).Value.Count);
        Assert.Equal(ErrorCode.NotFound, (await Host.Memories.GetAsync("others", written.Id, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Edits_at_once_all_take_effect_each_in_a_version_of_its_own()
    {
        var id = (await Host.Memories.WriteAsync(Tenant, new MemoryDraft("note", "0", MemoryOwner.Tenant), [], CancellationToken.None))
            .Value.Id;
        var edits = await Task.WhenAll(Enumerable.Range(1, 4).Select(i =>
            Host.Memories.EditAsync(Tenant, id, new MemoryPatch { Content = $"{i}" }, null, CancellationToken.None)));
        Assert.All(edits, static edit => Assert.True(edit.IsSuccess));
        Assert.Equal([2, 3, 4, 5], edits.Select(static edit => edit.Value.Version).Order());
    }

    private async Task<IReadOnlyList<MemoryRecord>> WhenMadeAsync(string user, string kind) => await Eventually.SeesAsync(
        async () => (await ListAsync(user, MemoryStatus.Active)).Where(memory => memory.Kind == kind).ToList(),
        static made => made.Count > 0, DistilPatience, $"a memory of kind {kind} is made");

    private async Task<IReadOnlyList<MemoryRecord>> ListAsync(string user, params MemoryStatus[] statuses)
    {
        var memories = new List<MemoryRecord>();
        foreach (var status in statuses)
            memories.AddRange((await Host.Memories.ListAsync(Tenant, new MemoryFilter(Status: status, UserId: user), null, 100,
                CancellationToken.None)).Value.Items);
        return memories;
    }
}
