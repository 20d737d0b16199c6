using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>
/// Puts what holds now right above what it replaced, and for a question about the past the other way round. Looks at the first
/// <see cref="CandidatesMax"/> items of an answer and at what links say of them, so that what a mask left out has no say. Nothing is
/// hidden unless it is asked for.
/// </summary>
internal sealed class OrderByUpdates(StatementCache statements)
{
    /// <summary>Items that are looked at.</summary>
    public const int CandidatesMax = 20;

    /// <param name="ranked">All of one user's turns, or of one session without a user.</param>
    public async Task<IReadOnlyList<RecalledItem>> OrderAsync(
        RecallQuery query, IReadOnlyList<RecalledItem> ranked, AnswerReads reads, CancellationToken cancel)
    {
        var items = ranked.Take(CandidatesMax)
            .Where(static item => item is not { Kind: "episode", Memory.Sources.Count: not 1 } && !item.Turn.IsErased).ToList();
        if (items.Count == 0)
            return ranked;
        var links = new StoredLinks(query, reads);
        var known = await links.FindAsync(items.Select(AddressOf).ToHashSet(), cancel);
        var said = await ReadAsync(reads, items, cancel);
        var pulled = await PullAsync(links, items, known, cancel);
        var stated = items.Select(item => (Item: item, Said: said.GetValueOrDefault(AddressOf(item)) ?? item.Turn))
            .Concat(pulled.Select(turn => (Item: Present(turn, query), Said: turn)))
            .Where(static pair => !pair.Said.IsErased)
            .Select(pair => (pair.Item, pair.Said, Stated: statements.Of(query.Tenant, pair.Said)))
            .ToList();
        var language = ReadStatements.JudgeLanguage(stated.Select(static each => each.Stated.LanguagesOf(each.Said.Content))).Language;
        var candidates = stated.ConvertAll(each =>
            new StatedItem(each.Item, each.Said, StatedItem.SpeakerOf(each.Said), each.Stated.In(language, each.Said.Content)));
        var asked = UpdateQuestion.Of(statements.Reader.OfQuestion(query.Query,
            ReadStatements.Mostly(language)));
        return MarkOutdated.Apply(query, new MoveItems(ranked, candidates, asked, known).Run(), known);
    }

    public void Forget() => statements.Clear();

    /// <summary>The turn that an item says again: its own, or the newest that a memory rests on.</summary>
    internal static TurnAddress AddressOf(RecalledItem item) => item.Memory is { Sources.Count: > 0 } memory
        ? new TurnAddress(memory.Sources[^1].SessionId, memory.Sources[^1].Seq)
        : new TurnAddress(item.Turn.SessionId, item.Turn.Seq);

    private static async Task<Dictionary<TurnAddress, Turn>> ReadAsync(
        AnswerReads reads, List<RecalledItem> items, CancellationToken cancel)
    {
        var turns = items.Where(static item => item.Memory is null).ToDictionary(AddressOf, static item => item.Turn);
        var missing = items.Where(static item => item.Memory is { Sources.Count: > 0 }).Select(AddressOf)
            .Where(address => !turns.ContainsKey(address)).Distinct().ToArray();
        if (missing.Length > 0)
        {
            foreach (var turn in await reads.FindTurnsAsync(missing, cancel))
                turns[new TurnAddress(turn.SessionId, turn.Seq)] = turn;
        }

        return turns;
    }

    // What updates one of the first items, where the ranking did not find it by itself.
    private static async Task<IReadOnlyList<Turn>> PullAsync(
        StoredLinks links, List<RecalledItem> items, KnownLinks known, CancellationToken cancel)
    {
        if (known.Links.Count == 0)
            return [];
        var there = items.Where(static item => item.Memory is null).Select(AddressOf)
            .Concat(items.SelectMany(static item => item.AlsoSaid).Select(static said => new TurnAddress(said.SessionId, said.Seq)))
            .ToHashSet();
        var first = items.Take(MoveItems.HeldMax).Select(AddressOf).ToHashSet();
        var wanted = known.Links
            .Where(link => first.Contains(KnownLinks.AddressOf(link.Older)) && !there.Contains(KnownLinks.AddressOf(link.Newer)))
            .Select(static link => link.Newer).Distinct().ToArray();
        return wanted.Length == 0 ? [] : await links.ReadTurnsAsync(wanted, cancel);
    }

    private static RecalledItem Present(Turn turn, RecallQuery query) => new(
        $"{turn.SessionId}:{turn.Seq}", "turn", "episodic", turn.Content, Score: 0, Relevance: 0, turn,
        query.Explain ? new ScoreExplanation(0, 0, 0, 0, 0, [], 1) : null);
}
