using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>One answer while its items are moved.</summary>
/// <param name="candidates">The items looked at, best first, then those that only links lead to.</param>
internal sealed class MoveItems(IReadOnlyList<RecalledItem> ranked, List<StatedItem> candidates, UpdateQuestion asked, KnownLinks known)
{
    /// <summary>Of so many first items it is asked whether they still hold.</summary>
    public const int HeldMax = 3;

    private const int ChainMax = 4;
    private const int NearestMax = 3;
    private readonly List<RecalledItem> ordered = [.. ranked];

    public IReadOnlyList<RecalledItem> Run()
    {
        foreach (var first in candidates.Where(IsThere).Take(HeldMax).ToList())
        {
            if (asked.AsksPast)
                PutOlderAbove(first);
            else
                PutNewerAbove(first);
        }

        if (candidates.Find(each => PlaceOf(each) == 0) is { } best)
            PutOwnAbove(best);
        return ordered;
    }

    private void PutNewerAbove(StatedItem held)
    {
        for (var step = 0; step < ChainMax; step++)
        {
            var place = PlaceOf(held);
            var found = candidates.Where(each => each.IsNewerThan(held) && each.Speaker == held.Speaker && PlaceOf(each) > place)
                .Select(each => (Item: each, Rule: RuleFor(held, each)))
                .FirstOrDefault(static each => each.Rule is not null);
            if (found.Rule is not { } rule)
                return;
            Move(found.Item, held, rule, isNewer: true);
            held = found.Item;
        }
    }

    private void PutOlderAbove(StatedItem newer)
    {
        var older = candidates.Where(each => IsThere(each) && newer.IsNewerThan(each) && each.Speaker == newer.Speaker
            && PlaceOf(each) > PlaceOf(newer))
            .Select(each => (Item: each, Rule: RuleFor(each, newer)))
            .FirstOrDefault(static each => each.Rule is not null);
        if (older.Rule is { } rule)
            Move(older.Item, newer, rule, isNewer: false);
    }

    // "What dose do I take?" is answered by one's own, before somebody else's.
    private void PutOwnAbove(StatedItem best)
    {
        const double least = 0.1;
        if (best.IsLong || !OwnRule.IsAsked(asked))
            return;
        var own = candidates.Find(each => IsThere(each) && !each.IsLong && each.Speaker == best.Speaker && PlaceOf(each) > 0
            && each.Item.Score >= least * best.Item.Score
            && each.Statements.Any(statement => best.Statements.All(another => OwnRule.Holds(asked, another, statement))));
        if (own is not null)
            Move(own, best, OwnRule.Name, isNewer: own.IsNewerThan(best));
    }

    private string? RuleFor(StatedItem older, StatedItem newer)
    {
        var (to, from) = (AddressOf(newer), AddressOf(older));
        foreach (var link in known.Links)
        {
            if (KnownLinks.AddressOf(link.Newer) == to && KnownLinks.AddressOf(link.Older) == from && MayMove(older, newer))
                return link.Rule;
        }

        if (known.Undone.Contains((to, from)) || !IsThere(newer))
            return null;
        if (AsksForOlder(older, newer))
            return IsTold(older, newer, namesOther: true) ? ToldRule.Name : null;
        var scores = older.Item.Score > 0 ? newer.Item.Score / older.Item.Score : 1;
        var isLong = older.IsLong || newer.IsLong;
        var olds = Nearest(older.Statements);
        string? answering = null;
        foreach (var now in newer.Statements)
        {
            if (UpdateGuards.IsNoUpdate(now))
                continue;
            foreach (var old in olds)
            {
                var pair = new StatementPair(old, now);
                if (!isLong && LinkRules.Find(pair) is { } linked)
                    return linked.Name;
                if (asked.IsPresent)
                    answering ??= QuestionRule.Find(asked, pair, scores, isLong)?.Name;
            }
        }

        return answering ?? (IsTold(older, newer, namesOther: false) ? ToldRule.Name : null);
    }

    // What is said a few turns later goes on with the matter more often than it changes it.
    private bool IsTold(StatedItem older, StatedItem newer, bool namesOther) =>
        older.Said.SessionId != newer.Said.SessionId && ToldRule.Holds(asked, older.Statements, newer.Statements, namesOther);

    // "Which otter is number 7?" is not answered by number 13. "Do I still work at A?" is, by what says no.
    private bool AsksForOlder(StatedItem older, StatedItem newer) => !asked.IsYesOrNo
        && asked.Named.Any(word => older.Statements.Any(each => each.Words.ContainsKey(word))
        && !newer.Statements.Any(each => each.Words.ContainsKey(word)));

    // Of long turns a link is about one sentence among others: the question must be about it.
    private bool MayMove(StatedItem older, StatedItem newer)
    {
        const double much = 0.1;
        if (!older.IsLong && !newer.IsLong)
            return true;
        return IsThere(newer) && asked.IsPresent && newer.Statements.Max(Meets) >= older.Statements.Max(Meets) - much;
    }

    // Of what an item states, the statements that meet the question best.
    private IEnumerable<Statement> Nearest(IReadOnlyList<Statement> all) =>
        all.Count <= NearestMax ? all : all.OrderByDescending(Meets).Take(NearestMax).ToList();

    private double Meets(Statement statement) =>
        Prototypes.Cosine(asked.Statement.Vector, statement.Vector)
        + asked.Statement.Words.Where(pair => statement.Words.ContainsKey(pair.Key)).Sum(static pair => pair.Value);

    private static TurnAddress AddressOf(StatedItem item) => new(item.Said.SessionId, item.Said.Seq);

    private bool IsThere(StatedItem item) => ordered.Exists(each => each.Id == item.Item.Id);

    private int PlaceOf(StatedItem item) => ordered.FindIndex(each => each.Id == item.Item.Id) is var at and >= 0 ? at : int.MaxValue;

    // The moved one takes the score of the one below it, so that scores go on falling; its note says by how much.
    private void Move(StatedItem moved, StatedItem below, string rule, bool isNewer)
    {
        const int digits = 6;
        var at = PlaceOf(moved);
        var item = at == int.MaxValue ? moved.Item : ordered[at];
        if (at != int.MaxValue)
            ordered.RemoveAt(at);
        var to = PlaceOf(below);
        var other = ordered[to];
        ordered.Insert(to, item with
        {
            Score = other.Score,
            Update = new UpdateNote(Math.Round(other.Score - item.Score + (item.Update?.Part ?? 0), digits), rule,
            isNewer ? other.Id : null, isNewer ? null : other.Id),
        });
        ordered[to + 1] = other with { Update =
            new UpdateNote(other.Update?.Part ?? 0, rule, isNewer ? null : item.Id, isNewer ? item.Id : null) };
    }
}
