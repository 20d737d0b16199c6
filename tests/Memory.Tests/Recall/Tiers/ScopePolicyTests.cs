using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Tiers;

namespace MemoryOrleans.Memory.Tests.Recall.Tiers;

public sealed class ScopePolicyTests
{
    private static readonly RecallQuery OfAnn =
        new("acme", "bread", 10, UserId: "ann", AgentId: "chef", SessionId: "s1") { AgentClass = "cook" };

    [Fact]
    public void A_nearer_scope_counts_no_less_than_a_wider_one()
    {
        MemoryOwner[] owners = [new("ann", SessionId: "s1"), new("ann"), new(AgentId: "chef"), new(AgentClass: "cook"), MemoryOwner.Tenant];
        var places = owners.Select(static owner => ScopePolicy.PlaceOf(OfAnn, "ann", owner)!.Value).ToArray();

        Assert.Equal(["session", "user", "agent", "agent_class", "tenant"], places.Select(static place => place.Scope));
        Assert.Equal(places.OrderByDescending(static place => place.Factor), places);
        Assert.True(places[^1].Factor < places[0].Factor);
    }

    [Fact]
    public void Others_memories_are_not_seen()
    {
        MemoryOwner[] others = [new("bob"), new("ann", AgentId: "coach"), new(AgentId: "coach"), new(AgentClass: "coach"),
            new(SessionId: "s9"), new("bob", SessionId: "s9")];

        Assert.All(others, static owner => Assert.Null(ScopePolicy.PlaceOf(OfAnn, "ann", owner)));
        Assert.Null(ScopePolicy.PlaceOf(new RecallQuery("acme", "bread", 10, UserId: "ann"), null, new MemoryOwner(AgentId: "chef")));
        Assert.Null(ScopePolicy.PlaceOf(new RecallQuery("acme", "bread", 10, SessionId: "s1"), "ann",
            new MemoryOwner("ann", SessionId: "s2")));
    }

    [Fact]
    public void A_session_alone_inherits_what_holds_for_its_user() =>
        Assert.Equal("user", ScopePolicy.PlaceOf(new RecallQuery("acme", "bread", 10, SessionId: "s1"), "ann",
        new MemoryOwner("ann"))!.Value.Scope);

    [Fact]
    public void A_recall_that_names_nobody_sees_all_alike() =>
        Assert.Equal(1, ScopePolicy.PlaceOf(new RecallQuery("acme", "bread", 10), null, new MemoryOwner("bob"))!.Value.Factor);

    [Fact]
    public void Only_chosen_scopes_are_inherited()
    {
        var narrow = OfAnn with { Scopes = ["user", "agent"] };

        Assert.NotNull(ScopePolicy.PlaceOf(narrow, "ann", new MemoryOwner("ann")));
        Assert.NotNull(ScopePolicy.PlaceOf(narrow, "ann", new MemoryOwner(AgentId: "chef")));
        Assert.Null(ScopePolicy.PlaceOf(narrow, "ann", MemoryOwner.Tenant));
        Assert.Null(ScopePolicy.PlaceOf(narrow, "ann", new MemoryOwner("ann", SessionId: "s1")));
    }
}
