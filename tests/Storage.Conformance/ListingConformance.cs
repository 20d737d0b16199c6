using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class ListingConformance : StoreConformance
{
    [Fact]
    public async Task Sessions_are_listed_newest_first_whatever_was_written_last()
    {
        var scripts = await MakeAsync(("s1", null, null), ("s2", null, null), ("s3", null, null));
        await scripts[0].AppendAsync("more");

        var page = await ListAsync(new SessionFilter(), cursor: null, limit: 10);

        Assert.Null(page.NextCursor);
        Assert.Equal([scripts[2].Session!, scripts[1].Session!, scripts[0].Session!], page.Items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Pages_add_up_to_the_whole_list(int limit)
    {
        await MakeAsync([.. Enumerable.Range(1, 7).Select(i => ($"s{i}", (string?)null, (string?)null))]);

        Assert.Equal(["s7", "s6", "s5", "s4", "s3", "s2", "s1"], await ListIdsAsync(new SessionFilter(), limit));
    }

    [Fact]
    public async Task Sessions_made_at_the_same_moment_are_each_listed_once()
    {
        var now = Tick();
        for (var i = 0; i < 5; i++)
        {
            var commit = Script($"s{i}").PrepareAppend("one");
            await Sessions.CommitAsync(commit with { After = commit.After with { CreatedAt = now } });
        }

        var ids = await ListIdsAsync(new SessionFilter(), limit: 2);
        Assert.Equal(5, ids.Count);
        Assert.Equal(5, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_session_made_between_two_pages_does_not_shift_them()
    {
        await MakeAsync(("s1", null, null), ("s2", null, null), ("s3", null, null));
        var first = await ListAsync(new SessionFilter(), cursor: null, limit: 2);
        await MakeAsync(("s4", null, null));
        var second = await ListAsync(new SessionFilter(), first.NextCursor, limit: 2);

        Assert.Equal(["s3", "s2"], first.Items.Select(session => session.Id));
        Assert.Equal(["s1"], second.Items.Select(session => session.Id));
    }

    [Fact]
    public async Task Filters_restrict_alone_and_together()
    {
        var scripts = await MakeAsync(
            ("s1", "ada", "a1"), ("s2", "ada", "a2"), ("s3", "bob", "a1"), ("s4", null, "a1"), ("s5", "ada", null), ("s6", "ada", "a1"));
        await scripts[5].CloseAsync();
        await scripts[2].CloseAsync();

        Assert.Equal(["s6", "s5", "s2", "s1"], await ListIdsAsync(new SessionFilter(UserId: "ada")));
        Assert.Equal(["s6", "s4", "s3", "s1"], await ListIdsAsync(new SessionFilter(AgentId: "a1")));
        Assert.Equal(["s6", "s3"], await ListIdsAsync(new SessionFilter(Status: SessionStatus.Closed)));
        Assert.Equal(["s6", "s1"], await ListIdsAsync(new SessionFilter("ada", "a1")));
        Assert.Equal(["s5", "s2", "s1"], await ListIdsAsync(new SessionFilter("ada", Status: SessionStatus.Open), limit: 2));
        Assert.Equal(["s4", "s1"], await ListIdsAsync(new SessionFilter(AgentId: "a1", Status: SessionStatus.Open), limit: 1));
        Assert.Equal(["s6"], await ListIdsAsync(new SessionFilter("ada", "a1", SessionStatus.Closed)));
        Assert.Empty(await ListIdsAsync(new SessionFilter("nobody")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("not a cursor, not even base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\u00e9\u4e2d")]
    public async Task A_malformed_cursor_is_invalid_input(string cursor)
    {
        var outcome = await Sessions.ListSessionsAsync(Tenant, new SessionFilter(), cursor, 10, default);

        Assert.False(outcome.IsSuccess);
        Assert.Equal((ErrorCode.InvalidInput, "cursor"), (outcome.Error.Code, outcome.Error.Field));
    }

    [Fact]
    public async Task A_deleted_session_is_not_listed()
    {
        var scripts = await MakeAsync(("s1", "ada", null), ("s2", "ada", null));
        await scripts[0].DeleteAsync();

        Assert.Equal(["s2"], await ListIdsAsync(new SessionFilter("ada")));
    }

    private async Task<SessionScript[]> MakeAsync(params (string Id, string? UserId, string? AgentId)[] sessions)
    {
        var scripts = sessions.Select(session => Script(session.Id, session.UserId, session.AgentId)).ToArray();
        foreach (var script in scripts)
            await script.AppendAsync("hello");
        return scripts;
    }

    private async Task<List<string>> ListIdsAsync(SessionFilter filter, int limit = 10)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(filter, cursor, limit);
            Assert.True(page.Items.Count <= limit);
            ids.AddRange(page.Items.Select(session => session.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return ids;
    }

    private async Task<Page<Session>> ListAsync(SessionFilter filter, string? cursor, int limit) =>
        (await Sessions.ListSessionsAsync(Tenant, filter, cursor, limit, default)).Value;
}
