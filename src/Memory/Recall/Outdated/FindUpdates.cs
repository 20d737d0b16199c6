using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>
/// Compares what is said with what the same speaker said before: of each statement that may update something, the turns nearest to it
/// by words and vectors are looked at. Off the way of appends; a statement costs one ranking.
/// </summary>
public sealed class FindUpdates(
    RecallIndex index, ISessionStore store, IEmbedder embedder, StatementCache statements) : IFindUpdates, IDisposable
{
    private const int NearestMax = 24;
    private const int StatementsMax = 6;
    private readonly RankLane lane = new(1);
    private readonly QueryAnalyzer analyze = new(embedder);

    public async Task<IReadOnlyList<UpdateLink>> FindAsync(
        SessionKey key, Session session, IReadOnlyList<Turn> turns, CancellationToken cancel)
    {
        var links = new Dictionary<TurnAddress, UpdateLink>();
        var (language, isSure) = ReadStatements.JudgeLanguage(turns.Select(static turn => turn.Content));
        RankScope? scope = null;
        if (!isSure)
        {
            scope = await ReadScopeAsync(key, session, cancel);
            language = ReadStatements.LanguageOf(
                [.. turns.Select(static turn => turn.Content), .. await ReadNewestAsync(key.Tenant, scope, cancel)]);
        }

        foreach (var turn in turns.Where(static turn => Speaker.Of(turn.Role, turn.Name).IsPerson))
        {
            var telling = statements.Of(key.Tenant, turn).In(language, turn.Content).Where(LinkRules.MayUpdate).Take(StatementsMax)
                .ToList();
            if (telling.Count == 0)
                continue;
            scope ??= await ReadScopeAsync(key, session, cancel);
            foreach (var link in await FindAsync(key.Tenant, scope, turn, telling, language, cancel))
                links[new TurnAddress(link.Older.SessionId, link.Older.Seq)] = link;
        }

        return [.. links.Values];
    }

    public void Dispose() => lane.Dispose();

    private async Task<RankScope> ReadScopeAsync(SessionKey key, Session session, CancellationToken cancel)
    {
        var snapshot = await index.ReadBehindAsync(new PartitionKey(key.Tenant, session.UserId), cancel);
        // Without a user "I" is somebody else in every session.
        return new RankScope([snapshot], [session.UserId is null ? new TurnMask(SessionId: key.Id) : null]);
    }

    // A few short turns are easily misjudged; what was said around them tells more.
    private async Task<IEnumerable<string>> ReadNewestAsync(string tenant, RankScope scope, CancellationToken cancel)
    {
        const int turnsMax = 12;
        var newest = new List<TurnAddress>();
        foreach (var partition in scope.Partitions)
        {
            for (var turn = partition.TurnCount - 1; turn >= 0 && newest.Count < turnsMax; turn--)
            {
                if (partition.Hidden?.HasTurn(turn) != true)
                    newest.Add(new TurnAddress(partition.Sessions[partition.Turns[turn].Session].Id, partition.Details[turn].Seq));
            }
        }

        return newest.Count == 0 ? [] : (await store.ReadTurnsAsync(tenant, newest, cancel)).Where(static turn => !turn.IsErased)
            .Select(static turn => turn.Content);
    }

    private async Task<IReadOnlyList<UpdateLink>> FindAsync(
        string tenant, RankScope scope, Turn turn, List<Statement> telling, string language, CancellationToken cancel)
    {
        var near = new HashSet<TurnAddress>();
        foreach (var statement in telling)
        {
            var text = $"{statement.Wording.Text} {string.Join(' ', statement.Slots.SelectMany(slot => Slots.WordsOf(slot, statement.Language)))}";
            var ranked = await lane.RankAsync(scope, analyze.Analyze(text, scope) with { Subject = Subject.Nobody }, NearestMax, cancel);
            near.UnionWith(ranked.Select(static each => new TurnAddress(each.SessionId, each.Seq)));
        }

        near.Remove(new TurnAddress(turn.SessionId, turn.Seq));
        if (near.Count == 0)
            return [];
        var found = new List<UpdateLink>();
        foreach (var older in await store.ReadTurnsAsync(tenant, [.. near], cancel))
        {
            if (older.IsErased || StatedItem.SpeakerOf(older) != StatedItem.SpeakerOf(turn)
                || StatedItem.OrderOf(older).CompareTo(StatedItem.OrderOf(turn)) >= 0)
                continue;
            if (FindRule(statements.Of(tenant, older).In(language, older.Content), telling) is { } rule)
                found.Add(new UpdateLink(Source(turn), Source(older), rule.Name, rule.Class, rule.Confidence, turn.OccurredAt));
        }

        return found;
    }

    private static UpdateRule? FindRule(IReadOnlyList<Statement> older, List<Statement> telling)
    {
        foreach (var newer in telling)
        {
            foreach (var old in older)
            {
                var pair = new StatementPair(old, newer);
                if (LinkRules.Find(pair) is { } rule && LinkProof.IsEnough(pair, rule))
                    return rule;
            }
        }

        return null;
    }

    private static SourceTurn Source(Turn turn) => new(turn.SessionId, turn.Id, turn.Seq);
}
