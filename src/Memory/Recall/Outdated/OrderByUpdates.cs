using MemoryOrleans.Embeddings;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>
/// Puts what holds now right above what it replaced, and for a question about the past the other way round. Looks at the first
/// <see cref="CandidatesMax"/> items of an answer and at nothing else, so that what a mask left out has no say. Nothing is hidden.
/// </summary>
internal sealed class OrderByUpdates(IEmbedder embedder, ISessionStore store)
{
    /// <summary>Items that are looked at.</summary>
    public const int CandidatesMax = 20;

    private const int HeldMax = 3;
    private const int ChainMax = 4;
    private readonly StatementCache statements = new(embedder);

    public async Task<IReadOnlyList<RecalledItem>> OrderAsync(RecallQuery query, IReadOnlyList<RecalledItem> ranked, CancellationToken cancel)
    {
        if (ranked.Count < 2)
            return ranked;
        var candidates = await StateAsync(query, ranked, cancel);
        if (candidates.Count < 2)
            return ranked;
        var language = LanguageOf(candidates.Select(static each => each.Said.Content));
        var asked = UpdateQuestion.Of(statements.Reader.OfQuestion(query.Query, new Dictionary<string, int>(StringComparer.Ordinal) { [language] = 4 }));
        return new MoveItems(ranked, candidates, asked).Run();
    }

    public void Forget() => statements.Clear();

    private async Task<List<StatedItem>> StateAsync(RecallQuery query, IReadOnlyList<RecalledItem> ranked, CancellationToken cancel)
    {
        var items = ranked.Take(CandidatesMax).Where(static item => item.Kind != "episode" && !item.Turn.IsErased).ToList();
        var turns = items.Where(static item => item.Memory is null).ToDictionary(static item => AddressOf(item), static item => item.Turn);
        var missing = items.Where(static item => item.Memory is { Sources.Count: > 0 }).Select(AddressOf).Where(address => !turns.ContainsKey(address)).Distinct().ToArray();
        if (missing.Length > 0)
        {
            foreach (var turn in await store.ReadTurnsAsync(query.Tenant, missing, cancel))
                turns[new TurnAddress(turn.SessionId, turn.Seq)] = turn;
        }

        var said = items.ConvertAll(item => turns.GetValueOrDefault(AddressOf(item)) ?? item.Turn);
        var language = LanguageOf(said.Select(static turn => turn.Content));
        return [.. items.Zip(said).Where(static pair => !pair.Second.IsErased)
            .Select(pair => new StatedItem(pair.First, pair.Second, StatedItem.SpeakerOf(pair.Second), statements.Of(query.Tenant, pair.Second, language)))];
    }

    private static TurnAddress AddressOf(RecalledItem item) => item.Memory is { Sources.Count: > 0 } memory
        ? new TurnAddress(memory.Sources[^1].SessionId, memory.Sources[^1].Seq)
        : new TurnAddress(item.Turn.SessionId, item.Turn.Seq);

    private static string LanguageOf(IEnumerable<string> texts)
    {
        var sum = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var (language, count) in ReadStatements.CountLanguages(text.Length > 400 ? text[..400] : text))
                sum[language] = sum.GetValueOrDefault(language) + count;
        }

        return sum.Count == 0 ? Languages.English : sum.MaxBy(static pair => pair.Value).Key;
    }

    /// <summary>One answer while its items are moved.</summary>
    private sealed class MoveItems(IReadOnlyList<RecalledItem> ranked, List<StatedItem> candidates, UpdateQuestion asked)
    {
        private readonly List<RecalledItem> ordered = [.. ranked];

        public IReadOnlyList<RecalledItem> Run()
        {
            foreach (var first in candidates.Take(HeldMax).ToList())
            {
                if (asked.AsksPast)
                {
                    PutOlderAbove(first);
                    continue;
                }

                var held = first;
                for (var step = 0; step < ChainMax && FindNewer(held) is { } found; step++)
                {
                    Move(found.Newer, held, found.Rule, isNewer: true);
                    held = found.Newer;
                }
            }

            return ordered;
        }

        private void PutOlderAbove(StatedItem newer)
        {
            foreach (var older in candidates.Where(each => newer.IsNewerThan(each) && each.Speaker == newer.Speaker && PlaceOf(each) > PlaceOf(newer)))
            {
                if (RuleFor(older, newer) is not { } rule)
                    continue;
                Move(older, newer, rule, isNewer: false);
                return;
            }
        }

        private (StatedItem Newer, UpdateRule Rule)? FindNewer(StatedItem older)
        {
            foreach (var newer in candidates.Where(each => each.IsNewerThan(older) && each.Speaker == older.Speaker && PlaceOf(each) > PlaceOf(older)))
            {
                if (RuleFor(older, newer) is { } rule)
                    return (newer, rule);
            }

            return null;
        }

        private UpdateRule? RuleFor(StatedItem older, StatedItem newer)
        {
            var scores = older.Item.Score > 0 ? newer.Item.Score / older.Item.Score : 1;
            var olds = Nearest(older.Statements);
            UpdateRule? answering = null;
            foreach (var now in newer.Statements)
            {
                if (UpdateGuards.IsNoUpdate(now))
                    continue;
                foreach (var old in olds)
                {
                    var pair = new StatementPair(old, now);
                    if (LinkRules.Find(pair) is { } linked)
                        return linked;
                    if (asked.IsPresent)
                        answering ??= QuestionRule.Find(asked, pair, scores);
                }
            }

            return answering;
        }

        // Of what an item states, the statements that meet the question best.
        private List<Statement> Nearest(IReadOnlyList<Statement> all)
        {
            const int most = 3;
            return all.Count <= most ? [.. all] : [.. all.OrderByDescending(Meets).Take(most)];
        }

        private double Meets(Statement statement) =>
            Prototypes.Cosine(asked.Statement.Vector, statement.Vector) + asked.Statement.Words.Where(pair => statement.Words.ContainsKey(pair.Key)).Sum(static pair => pair.Value);

        private int PlaceOf(StatedItem item) => ordered.FindIndex(each => each.Id == item.Item.Id);

        private void Move(StatedItem moved, StatedItem below, UpdateRule rule, bool isNewer)
        {
            var (from, to) = (PlaceOf(moved), PlaceOf(below));
            var (item, other) = (ordered[from], ordered[to]);
            ordered.RemoveAt(from);
            var part = Math.Round(other.Score - item.Score, 6);
            ordered.Insert(to, item with { Score = other.Score, Update = new UpdateNote(part, rule.Name, isNewer ? other.Id : null, isNewer ? null : other.Id) });
            ordered[to + 1] = other with { Update = new UpdateNote(other.Update?.Part ?? 0, rule.Name, isNewer ? null : item.Id, isNewer ? item.Id : null) };
        }
    }
}
