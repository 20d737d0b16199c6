using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>samples/conversations.json from turns to episodes and facts, end to end over SQLite.</summary>
public sealed class SampleDistillationTests
{
    [Fact]
    public async Task The_samples_become_episodes_and_facts_that_cite_their_turns_and_repeat_none()
    {
        await using var running = await EngineOnSqlite.StartAsync();
        var host = running.Embedded;
        var sessions = await SampleConversations.AppendAllAsync(host);
        foreach (var key in sessions)
            Assert.True((await host.Memories.DistilAsync(key, CancellationToken.None)).Value.IsComplete);

        var made = await ReadAllAsync(host, sessions[0].Tenant);
        var episodes = made.Where(static memory => memory.Kind == "episode").ToList();
        Assert.Equal(sessions.Count,
            episodes.SelectMany(static episode => episode.Sources).Select(static source => source.SessionId).Distinct().Count());
        Assert.Contains(made, static memory => memory.Kind != "episode" && memory.Status == MemoryStatus.Active);
        await CiteExistingTurnsAsync(host, sessions[0].Tenant, made);
        RepeatNone(made);
    }

    private static async Task CiteExistingTurnsAsync(InProcessHost host, string tenant, IReadOnlyList<MemoryRecord> made)
    {
        Assert.All(made, static memory => Assert.NotEmpty(memory.Sources));
        var turns = new HashSet<SourceTurn>();
        foreach (var session in made.SelectMany(static memory => memory.Sources).Select(static source => source.SessionId).Distinct())
        {
            var log = (await host.Sessions.ListTurnsAsync(new SessionKey(tenant, session), 0, 1_000, CancellationToken.None)).Value;
            turns.UnionWith(log.Select(static turn => new SourceTurn(turn.SessionId, turn.Id, turn.Seq)));
        }

        Assert.All(made.SelectMany(static memory => memory.Sources), source => Assert.Contains(source, turns));
    }

    // Superseded facts are history: the same may have been so twice.
    private static void RepeatNone(IReadOnlyList<MemoryRecord> made)
    {
        var duplicates = new NearDuplicatePolicy(new ConsolidationRules());
        var embedder = new StaticEmbedder();
        foreach (var owner in made.Where(static memory => memory.Tier == MemoryTier.Semantic && memory.ValidTo is null)
            .GroupBy(static memory => memory.Owner))
        {
            var facts = owner.Select(fact => (Fact: fact, Text: FactText.Of(fact.Content, embedder))).ToList();
            for (var i = 0; i < facts.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var distinction = duplicates.Compare(facts[i].Text, facts[i].Fact.Claim, facts[j].Text, facts[j].Fact.Claim);
                    Assert.True(distinction != Distinction.None, $"{facts[i].Fact.Content} | {facts[j].Fact.Content}");
                }
            }
        }
    }

    private static async Task<IReadOnlyList<MemoryRecord>> ReadAllAsync(InProcessHost host, string tenant)
    {
        var made = new List<MemoryRecord>();
        string? cursor = null;
        do
        {
            var page = (await host.Memories.ListAsync(tenant, new MemoryFilter(Status: null), cursor, 100, CancellationToken.None)).Value;
            made.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return made;
    }
}
