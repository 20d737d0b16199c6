using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Graph;

namespace MemoryOrleans.Memory.Tests.Graph;

public sealed class FindPathTests
{
    private const int Entities = 7;
    private static readonly DateTimeOffset Zero = DateTimeOffset.UnixEpoch;

    [Fact]
    public void The_path_is_the_one_that_trying_all_paths_finds_whatever_the_times() =>
        Prop.ForAll(LinkGen.ArrayOf(14).ToArbitrary(), MomentGen.ToArbitrary(), Gen.Choose(1, GraphLimits.HopsMax).ToArbitrary(),
        static (links, moment, hopsMax) =>
        {
            var graph = Build(links);
            var found = FindAsync(graph, "e0", "e1", hopsMax, moment).GetAwaiter().GetResult();
            Assert.Equal(Shown(TryAll(graph, "e0", "e1", hopsMax, moment)), Shown(found.Steps));
            Assert.True(found.IsExhaustive);
        }).Check(SameCases.Quick.WithMaxTest(1_000));

    [Fact]
    public async Task Both_ends_one_is_a_path_without_steps()
    {
        var path = await FindAsync(Build([]), "e0", "e0", 4, Now);
        Assert.Empty(path.Steps!);
    }

    [Fact]
    public async Task A_relation_is_taken_against_its_direction()
    {
        var path = await FindAsync(Build([new Link(1, 0, 0, 0, 9, 0, 9)]), "e0", "e1", 1, Now);
        Assert.Equal("e1", Assert.Single(path.Steps!).To.Id);
    }

    [Fact]
    public async Task A_path_through_an_entity_of_more_relations_than_one_read_brings_is_found()
    {
        var graph = new GraphInMemory();
        var hub = Add(graph, "hub");
        foreach (var i in Enumerable.Range(0, (2 * GraphLimits.RelationsPerRead) + 1))
            Connect(graph, hub, Add(graph, $"leaf{i}"));
        var path = await FindAsync(graph, "leaf0", $"leaf{2 * GraphLimits.RelationsPerRead}", 2, Now);
        Assert.Equal(["hub", $"leaf{2 * GraphLimits.RelationsPerRead}"], path.Steps!.Select(static step => step.To.Name));
    }

    [Fact]
    public async Task A_search_that_sees_too_many_entities_gives_up_and_says_so()
    {
        var graph = new GraphInMemory();
        var (from, to) = (Add(graph, "from"), Add(graph, "to"));
        foreach (var end in new[] { from, to })
        {
            foreach (var i in Enumerable.Range(0, GraphLimits.PathVisitedMax))
                graph.Relations.Add(Relation($"{end}{i}", end, $"{end}-{i}"));
        }

        var path = await FindAsync(graph, "from", "to", 6, Now);
        Assert.Null(path.Steps);
        Assert.False(path.IsExhaustive);
        Assert.InRange(path.Visited, GraphLimits.PathVisitedMax, GraphLimits.PathVisitedMax + GraphLimits.RelationsPerRead);
    }

    private static GraphMoment Now => new(Zero.AddDays(5), Zero.AddDays(5));

    private static Gen<Link> LinkGen =>
        from @from in Gen.Choose(0, Entities - 1)
        from to in Gen.Choose(0, Entities - 1)
        from type in Gen.Choose(0, 1)
        from validFrom in Gen.Choose(0, 6)
        from validTo in Gen.Choose(0, 9)
        from recorded in Gen.Choose(0, 6)
        from superseded in Gen.Choose(0, 9)
        select new Link(@from, to, type, validFrom, validTo, recorded, superseded);

    private static Gen<GraphMoment> MomentGen =>
        from valid in Gen.Choose(0, 7)
        from known in Gen.Choose(0, 7)
        select new GraphMoment(Zero.AddDays(valid), Zero.AddDays(known));

    // The names run against the ids, and two entities share one, so that ties are decided by name first.
    private static GraphInMemory Build(Link[] links)
    {
        var graph = new GraphInMemory();
        for (var i = 0; i < Entities; i++)
            graph.Entities.Add(new Entity($"e{i}", $"name{Math.Max(1, Entities - i)}", "thing", GraphScope.Tenant, null, 1, Zero, Zero));
        foreach (var (link, i) in links.Select(static (link, i) => (link, i)).Where(static each => each.link.From != each.link.To))
        {
            graph.Relations.Add(new Relation(
                $"r{i:00}", 1, $"e{link.From}", $"e{link.To}", $"type{link.Type}", null,
                Zero.AddDays(link.ValidFrom), link.ValidTo > 8 ? null : Zero.AddDays(link.ValidTo),
                Zero.AddDays(link.Recorded), link.Superseded > 6 ? null : Zero.AddDays(link.Superseded)));
        }

        return graph;
    }

    private static Task<GraphPath> FindAsync(GraphInMemory graph, string from, string to, int hopsMax, GraphMoment at) =>
        new FindPath(graph, "acme", at, default).FindAsync(Of(graph, from), Of(graph, to), hopsMax);

    /// <summary>Every path without a repeated entity, shortest first, then by names, ids and relations.</summary>
    private static List<PathStep>? TryAll(GraphInMemory graph, string from, string to, int hopsMax, GraphMoment at)
    {
        var relations = graph.Relations.Where(at.Holds).ToArray();
        var paths = new List<List<PathStep>>();
        Extend([], from);
        return paths.OrderBy(static path => path.Count).ThenBy(Order, StringComparer.Ordinal).FirstOrDefault();

        void Extend(List<PathStep> path, string here)
        {
            if (here == to)
                paths.Add([.. path]);
            if (here == to || path.Count == hopsMax)
                return;
            foreach (var relation in relations.Where(each => each.FromId == here || each.ToId == here))
            {
                var next = relation.OtherEnd(here);
                if (next != from && path.TrueForAll(step => step.To.Id != next))
                    Extend([.. path, new PathStep(relation, Of(graph, next))], next);
            }
        }
    }

    private static string Order(List<PathStep> path) =>
        string.Join('\n', path.Select(static step => $"{step.To.Name} {step.To.Id}"))
        + '\r' + string.Join('\n', path.Select(static step => $"{step.Relation.Type} {step.Relation.Id}"));

    private static string Shown(IReadOnlyList<PathStep>? path) =>
        path is null ? "none" : string.Join(' ', path.Select(static step => $"-{step.Relation.Id}-{step.To.Id}"));

    private static Entity Of(GraphInMemory graph, string id) => graph.Entities.Single(entity => entity.Id == id);

    private static string Add(GraphInMemory graph, string name)
    {
        graph.Entities.Add(new Entity(name, name, "thing", GraphScope.Tenant, null, 1, Zero, Zero));
        return name;
    }

    private static void Connect(GraphInMemory graph, string from, string to) => graph.Relations.Add(Relation($"{from}-{to}", from, to));

    private static Relation Relation(string id, string from, string to) => new(id, 1, from, to, "knows", null, Zero, null, Zero);

    private sealed record Link(int From, int To, int Type, int ValidFrom, int ValidTo, int Recorded, int Superseded);
}
