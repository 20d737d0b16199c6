namespace MemoryOrleans.Graph;

/// <summary>One step of a path: the relation taken, which may be against its direction.</summary>
public sealed record PathStep(Relation Relation, Entity To);

/// <summary>A shortest path, or that there is none.</summary>
/// <param name="Steps">From the first entity on; empty when both ends are one, null when nothing was found.</param>
/// <param name="Visited">Entities looked at.</param>
/// <param name="IsExhaustive">False when the search gave up at one of its limits: there may be a path after all.</param>
public sealed record GraphPath(Entity From, Entity To, IReadOnlyList<PathStep>? Steps, int Visited, bool IsExhaustive);

/// <summary>
/// Shortest path over the relations that hold at a moment, either way: breadth first from both ends, always the smaller
/// front, a whole level at a time. Of several shortest paths the one whose entities' names, then ids, come first, step by
/// step from the start; of several relations between two entities the first by type, then id.
/// </summary>
internal sealed class FindPath(IGraphStore store, string tenant, GraphMoment at, CancellationToken cancel)
{
    private int relationsRead;
    private int visited = 2;

    private bool IsSpent => visited > GraphLimits.PathVisitedMax || relationsRead > GraphLimits.PathRelationsMax;

    public async Task<GraphPath> FindAsync(Entity from, Entity to, int hopsMax)
    {
        if (from.Id == to.Id)
            return new GraphPath(from, to, [], 1, IsExhaustive: true);
        var (ahead, behind) = (new Front(from.Id), new Front(to.Id));
        while (ahead.Depth + behind.Depth < hopsMax && ahead.Newest.Count > 0 && behind.Newest.Count > 0)
        {
            var (front, other) = ahead.Newest.Count <= behind.Newest.Count ? (ahead, behind) : (behind, ahead);
            if (!await ExpandAsync(front))
                return new GraphPath(from, to, null, visited, IsExhaustive: false);
            var meeting = front.Newest.Where(other.Depths.ContainsKey).ToArray();
            if (meeting.Length > 0)
            {
                var steps = await ChooseAsync(from, ahead, behind, meeting);
                return new GraphPath(from, to, steps, visited, IsExhaustive: steps is not null);
            }
        }

        return new GraphPath(from, to, null, visited, IsExhaustive: true);
    }

    /// <summary>Takes a front one level further; false when a limit was reached first.</summary>
    private async Task<bool> ExpandAsync(Front front)
    {
        var pending = new Queue<NeighbourQuery>(front.Newest.Order(StringComparer.Ordinal).Select(static id => new NeighbourQuery(id)));
        front.BeginLevel();
        var batch = new List<NeighbourQuery>(GraphLimits.NeighbourBatch);
        while (pending.Count > 0)
        {
            while (batch.Count < GraphLimits.NeighbourBatch && pending.TryDequeue(out var query))
                batch.Add(query);
            foreach (var page in await store.ReadRelationsAsync(tenant, batch, at, GraphLimits.RelationsPerRead, cancel))
            {
                relationsRead += page.Relations.Count;
                foreach (var relation in page.Relations)
                    visited += front.Add(page.EntityId, relation) ? 1 : 0;
                if (page.NextAfter is { } after)
                    pending.Enqueue(new NeighbourQuery(page.EntityId, after));
            }

            batch.Clear();
            if (IsSpent)
                return false;
        }

        return true;
    }

    /// <summary>
    /// Walks from the start, at each step to the first by name of those that lie on a shortest path; null when an entity on
    /// the way was deleted meanwhile.
    /// </summary>
    private async Task<IReadOnlyList<PathStep>?> ChooseAsync(Entity from, Front ahead, Front behind, string[] meeting)
    {
        var onward = OnwardLinks(ahead, behind, meeting);
        var steps = new List<PathStep>();
        for (var here = from; onward.TryGetValue(here.Id, out var links); here = steps[^1].To)
        {
            var candidates = await FindAllAsync(links.Select(link => link.OtherEnd(here.Id)).Distinct(StringComparer.Ordinal).ToArray());
            var next = candidates.OrderBy(static entity => entity.Name, StringComparer.Ordinal)
                .ThenBy(static entity => entity.Id, StringComparer.Ordinal).FirstOrDefault();
            if (next is null)
                return null;
            var relation = links.Where(link => link.OtherEnd(here.Id) == next.Id)
                .OrderBy(static link => link.Type, StringComparer.Ordinal).ThenBy(static link => link.Id, StringComparer.Ordinal).First();
            steps.Add(new PathStep(relation, next));
        }

        return steps;
    }

    /// <summary>For each entity on a shortest path, the relations that lead on along one.</summary>
    private static Dictionary<string, List<Relation>> OnwardLinks(Front ahead, Front behind, string[] meeting)
    {
        var onward = new Dictionary<string, List<Relation>>(StringComparer.Ordinal);
        foreach (var (earlier, relation) in ahead.LinksTowardsStart(meeting))
            Add(earlier, relation);
        foreach (var (earlier, relation) in behind.LinksTowardsStart(meeting))
            Add(relation.OtherEnd(earlier), relation);
        return onward;

        void Add(string id, Relation relation)
        {
            if (!onward.TryGetValue(id, out var links))
                onward.Add(id, links = []);
            links.Add(relation);
        }
    }

    private async Task<IReadOnlyList<Entity>> FindAllAsync(string[] ids)
    {
        var found = new List<Entity>(ids.Length);
        foreach (var batch in ids.Chunk(GraphLimits.NeighbourBatch))
            found.AddRange(await store.FindEntitiesAsync(tenant, batch, cancel));
        return found;
    }

    /// <summary>What one side has reached: each entity's depth, and the relations that led there from the level before.</summary>
    private sealed class Front
    {
        private readonly Dictionary<string, List<Relation>> links = new(StringComparer.Ordinal);

        public Front(string start)
        {
            Depths.Add(start, 0);
            Newest = [start];
        }

        public int Depth { get; private set; }

        public Dictionary<string, int> Depths { get; } = new(StringComparer.Ordinal);

        /// <summary>The entities of the deepest level.</summary>
        public List<string> Newest { get; private set; }

        public void BeginLevel()
        {
            Depth++;
            Newest = [];
        }

        /// <summary>Notes a relation of an entity of the level before; true when it leads somewhere new.</summary>
        public bool Add(string entityId, Relation relation)
        {
            var other = relation.OtherEnd(entityId);
            var isNew = Depths.TryAdd(other, Depth);
            if (Depths[other] != Depth)
                return false;
            if (isNew)
            {
                Newest.Add(other);
                links.Add(other, []);
            }

            links[other].Add(relation);
            return isNew;
        }

        /// <summary>All links on shortest ways from the start to the given entities, with the end nearer the start.</summary>
        public IEnumerable<(string Nearer, Relation Relation)> LinksTowardsStart(string[] entities)
        {
            var seen = new HashSet<string>(entities, StringComparer.Ordinal);
            var pending = new Queue<string>(entities);
            while (pending.TryDequeue(out var id))
            {
                foreach (var relation in links.GetValueOrDefault(id) ?? [])
                {
                    var nearer = relation.OtherEnd(id);
                    yield return (nearer, relation);
                    if (seen.Add(nearer))
                        pending.Enqueue(nearer);
                }
            }
        }
    }
}
