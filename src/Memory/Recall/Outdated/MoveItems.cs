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
    private readonly Dictionary<string, int> places = new(ranked.Count, StringComparer.Ordinal);

    public IReadOnlyList<RecalledItem> Run()
    {
        FindPlaces();
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
            if (FindNewerBelow(held) is not { } found)
                return;
            Move(found.Item, held, found.Rule, isNewer: true);
            held = found.Item;
        }
    }

    private (StatedItem Item, string Rule)? FindNewerBelow(StatedItem held)
    {
        var place = PlaceOf(held);
        IReadOnlyList<Statement>? nearest = null;
        foreach (var each in candidates)
        {
            if (PlaceOf(each) > place && each.Speaker == held.Speaker && each.IsNewerThan(held)
                && RuleFor(held, nearest ??= Nearest(held.Statements), each) is { } rule)
                return (each, rule);
        }

        return null;
    }

    private void PutOlderAbove(StatedItem newer)
    {
        var older = candidates.Where(each => IsThere(each) && newer.IsNewerThan(each) && each.Speaker == newer.Speaker
            && PlaceOf(each) > PlaceOf(newer))
            .Select(each => (Item: each, Rule: RuleFor(each, Nearest(each.Statements), newer)))
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

    /// <param name="olds">What the older one states, as far as it meets the question.</param>
    private string? RuleFor(StatedItem older, IReadOnlyList<Statement> olds, StatedItem newer)
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
        var (isLong, isLater) = (older.IsLong || newer.IsLong, older.Said.SessionId != newer.Said.SessionId);
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
                    answering ??= QuestionRule.Find(asked, pair, scores, isLong, isLater)?.Name;
            }
        }

        return answering ?? (IsTold(older, newer, namesOther: false) ? ToldRule.Name : null);
    }

    // What is said a few turns later goes on with the matter more often than it changes it.
    private bool IsTold(StatedItem older, StatedItem newer, bool namesOther) =>
        older.Said.SessionId != newer.Said.SessionId && ToldRule.Holds(asked, older.Statements, newer.Statements, namesOther);

    // "Which otter is number 7?" is not answered by number 13. "Do I still work at A?" is, by what says no.
    private bool AsksForOlder(StatedItem older, StatedItem newer) => !asked.IsYesOrNo
        && asked.Named.Count > 0 && asked.Named.Any(word => older.Says(word) && !newer.Says(word));

    // Of long turns a link is about one sentence among others: the question must be about it.
    private bool MayMove(StatedItem older, StatedItem newer)
    {
        const double much = 0.1;
        if (!older.IsLong && !newer.IsLong)
            return true;
        return IsThere(newer) && asked.IsPresent && newer.Statements.Max(Meets) >= older.Statements.Max(Meets) - much;
    }

    // Of what an item states, the statements that meet the question best.
    private IReadOnlyList<Statement> Nearest(IReadOnlyList<Statement> all) =>
        all.Count <= NearestMax ? all : all.OrderByDescending(Meets).Take(NearestMax).ToList();

    private double Meets(Statement statement) =>
        Prototypes.Cosine(asked.Statement.Vector, statement.Vector) + asked.WeightIn(statement);

    private static TurnAddress AddressOf(StatedItem item) => new(item.Said.SessionId, item.Said.Seq);

    private bool IsThere(StatedItem item) => places.ContainsKey(item.Item.Id);

    private int PlaceOf(StatedItem item) => places.TryGetValue(item.Item.Id, out var at) ? at : int.MaxValue;

    // Where two items have one id, the first is meant.
    private void FindPlaces()
    {
        places.Clear();
        for (var i = 0; i < ordered.Count; i++)
            places.TryAdd(ordered[i].Id, i);
    }

    // The moved one takes the score of the one below it, so that scores go on falling; its note says by how much.
    private void Move(StatedItem moved, StatedItem below, string rule, bool isNewer)
    {
        const int digits = 6;
        var at = PlaceOf(moved);
        var item = at == int.MaxValue ? moved.Item : ordered[at];
        var to = PlaceOf(below);
        var other = ordered[to];
        if (at != int.MaxValue)
            ordered.RemoveAt(at);
        if (at < to)
            to--;
        ordered.Insert(to, item with
        {
            Score = other.Score,
            Update = new UpdateNote(Math.Round(other.Score - item.Score + (item.Update?.Part ?? 0), digits), rule,
            isNewer ? other.Id : null, isNewer ? null : other.Id),
        });
        ordered[to + 1] = other with { Update =
            new UpdateNote(other.Update?.Part ?? 0, rule, isNewer ? null : item.Id, isNewer ? item.Id : null) };
        FindPlaces();
    }
}
