using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Kinds;
using MemoryOrleans.Memories;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>Makes a conversation's sessions into episodes and facts, one session after another, by the default distiller.</summary>
internal sealed class DistilConversation(InProcessHost host, SqliteStore store, IEmbedder embedder, SalienceCurve curve, DateTimeOffset now)
{
    private const int TurnsMax = 1_000;
    private readonly ExtractiveDistiller distiller = new(embedder);
    private readonly Dictionary<string, MemoryRecord> facts = new(StringComparer.Ordinal);
    private int minted;

    /// <summary>Episodes made, and facts active in the end.</summary>
    public async Task<(int Episodes, int Facts)> RunAsync(EvalConversation conversation, CancellationToken cancel)
    {
        facts.Clear();
        var owner = new MemoryOwner(conversation.Id);
        var consolidate = new ConsolidateFacts(new ConsolidationRules(), curve, embedder, Mint, Mint);
        var episodes = 0;
        foreach (var session in conversation.Sessions.Where(static session => session.Turns.Count > 0))
        {
            var key = Evaluate.KeyOf(conversation, session);
            var turns = (await host.Sessions.ListTurnsAsync(key, 0, TurnsMax, cancel)).Value;
            var about = (await host.Sessions.GetAsync(key, cancel)).Value;
            var made = await distiller.DistilAsync(about, [], turns, new DistillationLimits(), cancel);
            var writes = made.Episodes.Select(draft =>
                MemoryVersions.First(EpisodeOf(draft, owner with { SessionId = key.Id }, made.Origin))).ToList();
            episodes += writes.Count;
            var changed = consolidate.Apply(new FactStatements([.. made.Facts.Select(ReadFactKind.Mark)], owner, made.Origin),
                [.. facts.Values], now);
            foreach (var write in changed)
                facts[write.After.Id] = write.After;
            if (await store.CommitMemoriesAsync(new MemoryCommit(key.Tenant, [.. writes, .. changed]),
                cancel) != Sessions.CommitStatus.Committed)
                throw new InvalidOperationException($"{key.Id}: what was distilled could not be committed.");
        }

        return (episodes, facts.Values.Count(static fact => fact.Status == MemoryStatus.Active));
    }

    private MemoryRecord EpisodeOf(EpisodeDraft draft, MemoryOwner owner, string origin) => new()
    {
        Id = Mint(),
        Version = 1,
        Kind = "episode",
        Tier = MemoryTier.Episodic,
        Status = MemoryStatus.Active,
        Content = draft.Summary,
        Owner = owner,
        Importance = draft.Importance,
        Salience = SalienceCurve.Initial(draft.Importance, now),
        ValidFrom = draft.OccurredFrom,
        ValidTo = draft.OccurredTo,
        RecordedAt = now,
        Sources = draft.Sources,
        Topics = draft.Topics,
        Entities = draft.Entities,
        Origin = origin,
        Change = MemoryChange.Distilled,
        Operation = Mint(),
    };

    private string Mint() => $"m{++minted:d7}";
}
