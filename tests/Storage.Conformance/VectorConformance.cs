using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class VectorConformance : StoreConformance
{
    private const int Dimensions = 8;

    // Spaces are the installation's: a model of its own keeps other tests' out.
    private readonly string model = $"model-{Guid.NewGuid():N}";

    private IVectorStore Vectors => Store.Vectors;

    [Fact]
    public async Task The_first_space_of_an_empty_store_is_active_and_the_next_one_filling()
    {
        var first = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var again = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var other = await Vectors.OpenSpaceAsync(model, 16, Tick(), default);

        Assert.Equal((VectorSpaceState.Active, model, Dimensions), (first.State, first.Model, first.Dimensions));
        Assert.Equal(first, again);
        Assert.Equal(VectorSpaceState.Filling, other.State);
        Assert.Equal([first, other], await Vectors.ListSpacesAsync(default));
        await Store.ReopenAsync();
        Assert.Equal([first, other], await Vectors.ListSpacesAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4_001)]
    public async Task Dimensions_out_of_range_are_refused(int dimensions) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Vectors.OpenSpaceAsync(model, dimensions, Tick(), default));

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1_536)]
    [InlineData(4_000)]
    public async Task Vectors_of_any_allowed_dimensions_are_kept_and_found(int dimensions)
    {
        var space = await Vectors.OpenSpaceAsync(model, dimensions, Tick(), default);
        var script = Script("s", tenant: new string('t', 128));
        await script.AppendAsync("one", "two");
        await SaveAsync(space, script, (1, 0, Axis(dimensions, 0)), (2, 0, Axis(dimensions, dimensions - 1)));

        var hits = await Vectors.SearchAsync(space, script.Key.Tenant, null, Axis(dimensions, dimensions - 1), 1, default);
        Assert.Equal(1, Assert.Single(hits).Cosine, 3);
    }

    [Fact]
    public async Task The_vectors_of_turns_are_read_by_their_spans()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var (first, second) = (Script("s1"), Script("s2", "user"));
        await first.AppendAsync("one", "two", "three");
        await second.AppendAsync("one", "two");
        await SaveAsync(space, first, (1, 0, Axis(Dimensions, 1)), (2, 1, Axis(Dimensions, 3)), (2, 0, Axis(Dimensions, 2)),
            (3, 0, Axis(Dimensions, 4)));
        await SaveAsync(space, second, (1, 0, Axis(Dimensions, 5)), (2, 0, Axis(Dimensions, 6)));

        var read = await Vectors.ReadVectorsAsync(
            space, Tenant, [new TurnSpan(first.Key.Id, 2, 9), new TurnSpan("unknown", 1, 9), new TurnSpan(second.Key.Id, 1, 1)], default);
        Assert.Equal(
            [(first.Key.Id, 2L, 0, 2), (first.Key.Id, 2L, 1, 3), (first.Key.Id, 3L, 0, 4), (second.Key.Id, 1L, 0, 5)],
            read.Select(static each => (each.SessionId, each.Seq, each.Piece, Array.IndexOf(each.Vector, 1f))));
        Assert.Empty(await Vectors.ReadVectorsAsync(space, NewTenant(), [new TurnSpan(first.Key.Id, 1, 9)], default));
        Assert.Empty(await Vectors.ReadVectorsAsync(space with { Id = space.Id + 1_000 }, Tenant, [new TurnSpan(first.Key.Id, 1, 9)],
            default));
    }

    [Fact]
    public async Task Opened_by_many_at_once_there_is_one_space()
    {
        await Script("s").AppendAsync("one");
        var spaces = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => Task.Run(async () => await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default))));

        Assert.Single(spaces.Select(space => space.Id).Distinct());
        Assert.Single(await Vectors.ListSpacesAsync(default));
        Assert.Equal(1, Assert.Single(await DueAsync("fill:")).Wakes);
    }

    [Fact]
    public async Task A_space_opened_over_stored_turns_is_filled_tenant_by_tenant()
    {
        var stranger = NewTenant();
        var scripts = Enumerable.Range(0, 7).Select(i => Script($"s{i}", $"user{i % 2}")).Append(Script("theirs", tenant: stranger))
            .ToArray();
        foreach (var script in scripts)
            await script.AppendAsync("before");
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);

        Assert.Equal(VectorSpaceState.Filling, space.State);
        Assert.Equal((DueKinds.Fill(space.Id), ""), Assert.Single((await DueAsync("")).Select(work => (work.Kind, work.Subject))));
        Assert.Equal(DueKinds.Fill(space.Id), Assert.Single(await DueAsync("", stranger)).Kind);
        long? cursor = 0;
        for (var rounds = 0; cursor is { } from; rounds++)
        {
            Assert.True(rounds < 5);
            cursor = await Vectors.WakeSessionsAsync(space.Id, Tenant, from, 3, Tick(), default);
        }

        var woken = await DueAsync("embed:");
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"s{i}"), woken.Select(work => work.Subject).Order(StringComparer.Ordinal));
        Assert.All(woken, work => Assert.Equal(DueKinds.Embed(space.Id), work.Kind));
        Assert.Empty(await DueAsync("embed:", stranger));
    }

    [Fact]
    public async Task Commits_of_turns_wake_their_session_in_every_living_space_and_no_other()
    {
        var active = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var filling = await Vectors.OpenSpaceAsync(model, 16, Tick(), default);
        var script = Script("s");
        var commit = script.PrepareAppend("one", "two");
        var (first, second) = (Sessions.CommitAsync(commit), Sessions.CommitAsync(script.PrepareAppend("three")));
        Assert.Equal([CommitStatus.Committed, CommitStatus.Committed], await Task.WhenAll(first, second));
        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(Script("s").PrepareAppend("stale")));

        var woken = await DueAsync("");
        Assert.Equal([DueKinds.Embed(active.Id), DueKinds.Embed(filling.Id)],
            woken.Select(work => work.Kind).Order(StringComparer.Ordinal));
        Assert.All(woken, work => Assert.Equal(("s", commit.After.UpdatedAt), (work.Subject, work.DueAt)));
        var before = woken.Sum(work => work.Wakes);
        await script.CloseAsync();
        Assert.Equal(before, (await DueAsync("")).Sum(work => work.Wakes));

        Assert.True(await Vectors.ActivateAsync(filling.Id, default));
        await Script("later").AppendAsync("one");
        Assert.Equal(DueKinds.Embed(filling.Id), Assert.Single(await DueAsync(""), work => work.Subject == "later").Kind);
    }

    [Fact]
    public async Task Activating_retires_the_one_before_which_may_then_be_dropped()
    {
        var old = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var script = Script("s");
        await script.AppendAsync("one");
        await SaveAsync(old, script, (1, 0, Axis(Dimensions, 0)));
        var next = await Vectors.OpenSpaceAsync(model, 16, Tick(), default);

        Assert.False(await Vectors.ActivateAsync(next.Id + 100, default));
        Assert.False(await Vectors.DropSpaceAsync(old.Id, default));
        Assert.True(await Vectors.ActivateAsync(next.Id, default));
        Assert.Equal([VectorSpaceState.Retired, VectorSpaceState.Active],
            (await Vectors.ListSpacesAsync(default)).Select(space => space.State));
        Assert.False(await Vectors.ActivateAsync(old.Id, default));
        Assert.Null(await Vectors.WakeSessionsAsync(old.Id, Tenant, 0, 10, Tick(), default));
        Assert.True(await Vectors.DropSpaceAsync(old.Id, default));

        Assert.Equal(next.Id, Assert.Single(await Vectors.ListSpacesAsync(default)).Id);
        Assert.DoesNotContain(await DueAsync(""), work => work.Kind == DueKinds.Embed(old.Id));
        Assert.False(await Vectors.DropSpaceAsync(old.Id, default));
        await SaveAsync(old, script, (1, 0, Axis(Dimensions, 0)));
        Assert.Equal(0, await Vectors.CountTurnsAsync(old, null, default));
        Assert.Empty(await Vectors.SearchAsync(old, Tenant, null, Axis(Dimensions, 0), 10, default));
        var anew = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        Assert.True(anew.Id > next.Id);
        Assert.Equal(VectorSpaceState.Filling, anew.State);
        await script.DeleteAsync();
    }

    [Fact]
    public async Task The_nearest_turns_come_first_each_once_by_its_best_piece()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var (one, two) = (Script("s1", "ada"), Script("s2"));
        await one.AppendAsync("a", "b", "c");
        await two.AppendAsync("d");
        await SaveAsync(space, one, (1, 0, Towards(0.9f)), (2, 0, Towards(0.1f)), (2, 1, Towards(0.95f)), (2, 2, Towards(0.3f)),
            (3, 0, Towards(-0.5f)));
        await SaveAsync(space, two, (1, 0, Towards(0.5f)));

        var hits = await Vectors.SearchAsync(space, Tenant, null, Axis(Dimensions, 0), 10, default);
        Assert.Equal([("s1", 2L), ("s1", 1L), ("s2", 1L), ("s1", 3L)], hits.Select(hit => (hit.SessionId, hit.Seq)));
        Assert.All(hits.Zip([0.95f, 0.9f, 0.5f, -0.5f]), pair => Assert.Equal(pair.Second, pair.First.Cosine, 3));
        Assert.Equal(hits.Take(2), await Vectors.SearchAsync(space, Tenant, null, Axis(Dimensions, 0), 2, default));
        Assert.Equal(4, await Vectors.CountTurnsAsync(space, Tenant, default));
        Assert.Equal(4, await Vectors.CountTurnsAsync(space, null, default));
        Assert.Equal(3, await Vectors.FindLastSeqAsync(space, Tenant, "s1", default));
        Assert.Equal(0, await Vectors.FindLastSeqAsync(space, Tenant, "nobody", default));
    }

    [Fact]
    public async Task Many_pieces_of_few_turns_leave_room_for_the_others()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var script = Script("s");
        await script.AppendAsync("long", "short", "short");
        await SaveAsync(space, script,
            [.. Enumerable.Range(0, 150).Select(piece => (1L, piece, Towards(0.9f - (piece * 0.001f)))), (2, 0, Towards(0.2f)),
            (3, 0, Towards(0.1f))]);

        var hits = await Vectors.SearchAsync(space, Tenant, null, Axis(Dimensions, 0), 3, default);
        Assert.Equal([1L, 2L, 3L], hits.Select(hit => hit.Seq));
    }

    [Fact]
    public async Task Searches_keep_to_the_users_asked_for()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        foreach (var (id, user) in new[] { ("a", "ada"), ("b", "bob"), ("n", (string?)null) })
        {
            var script = Script(id, user);
            await script.AppendAsync("one");
            await SaveAsync(space, script, (1, 0, Axis(Dimensions, 0)));
        }

        Assert.Equal(["a", "b", "n"], await SessionsFoundAsync(space, null));
        Assert.Equal(["a"], await SessionsFoundAsync(space, ["ada"]));
        Assert.Equal(["n"], await SessionsFoundAsync(space, [null]));
        Assert.Equal(["b", "n"], await SessionsFoundAsync(space, [null, "bob", "nobody"]));
        Assert.Empty(await SessionsFoundAsync(space, []));
        Assert.Empty(await Vectors.SearchAsync(space, NewTenant(), null, Axis(Dimensions, 0), 10, default));
        Assert.Equal(0, await Vectors.CountTurnsAsync(space, NewTenant(), default));
    }

    [Fact]
    public async Task Saving_again_replaces_a_turn_s_pieces_and_keeps_the_others()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var script = Script("s");
        await script.AppendAsync("one", "two");
        await SaveAsync(space, script, (1, 0, Towards(0.1f)), (1, 1, Towards(0.9f)), (2, 0, Towards(0.5f)));
        await SaveAsync(space, script, (1, 0, Towards(0.3f)));

        var hits = await Vectors.SearchAsync(space, Tenant, null, Axis(Dimensions, 0), 10, default);
        Assert.Equal([2L, 1L], hits.Select(hit => hit.Seq));
        Assert.Equal(0.3f, hits[1].Cosine, 3);
    }

    [Fact]
    public async Task Vectors_of_turns_that_are_gone_or_replaced_are_left_out()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var script = Script("s");
        await script.AppendAsync("one", "two");
        var old = script.Turns.ToArray();
        await SaveAsync(space, script, (1, 0, Axis(Dimensions, 0)), (2, 0, Axis(Dimensions, 1)));
        await script.DeleteAsync();

        Assert.Empty(await Vectors.SearchAsync(space, Tenant, null, Axis(Dimensions, 0), 10, default));
        Assert.Equal(0, await Vectors.CountTurnsAsync(space, null, default));
        await script.AppendAsync("anew");
        await Vectors.SaveAsync(space, Tenant, "s", [.. old.Select(turn => new TurnVector(turn.Seq, turn.Id, 0, Axis(Dimensions, 0)))],
            default);
        await Vectors.SaveAsync(space, Tenant, "nobody", [new TurnVector(1, old[0].Id, 0, Axis(Dimensions, 0))], default);
        await Vectors.SaveAsync(space, NewTenant(), "s", [new TurnVector(1, script.Turns[0].Id, 0, Axis(Dimensions, 0))], default);

        Assert.Equal(0, await Vectors.CountTurnsAsync(space, null, default));
        await SaveAsync(space, script, (1, 0, Axis(Dimensions, 0)));
        Assert.Equal(1, await Vectors.CountTurnsAsync(space, null, default));
    }

    [Fact]
    public async Task Vectors_of_other_dimensions_are_a_bug_and_throw()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        var script = Script("s");
        await script.AppendAsync("one");

        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(space, script, (1, 0, Axis(Dimensions + 1, 0))));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Vectors.SearchAsync(space, Tenant, null, Axis(3, 0), 10, default));
    }

    [Fact]
    public async Task Sessions_deleted_while_their_vectors_are_saved_leave_none_behind()
    {
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        for (var round = 0; round < 15; round++)
        {
            var script = Script($"s{round}");
            await script.AppendAsync("one", "two", "three");
            var turns = script.Turns.ToArray();
            var saving = Task.Run(async () =>
                await Vectors.SaveAsync(space, Tenant, script.Key.Id,
                [.. turns.Select(turn => new TurnVector(turn.Seq, turn.Id, 0, Axis(Dimensions, 0)))], default));
            await script.DeleteAsync();
            await saving;
        }

        Assert.Equal(0, await Vectors.CountTurnsAsync(space, null, default));
    }

    /// <summary>Turns committed while a space is opened are either woken by their commit or found by the fill.</summary>
    [Fact]
    public async Task No_turn_is_missed_between_commits_and_the_opening_of_a_space()
    {
        var scripts = Enumerable.Range(0, 40).Select(i => Script($"s{i}", $"user{i % 4}")).ToArray();
        var committing = Task.WhenAll(scripts.Select(script => Task.Run(() => script.AppendAsync("one"))));
        var space = await Vectors.OpenSpaceAsync(model, Dimensions, Tick(), default);
        if ((await DueAsync("fill:")).Count > 0)
            Assert.Null(await Vectors.WakeSessionsAsync(space.Id, Tenant, 0, 1_000, Tick(), default));
        await committing;

        Assert.Equal(scripts.Select(script => script.Key.Id).Order(StringComparer.Ordinal),
            (await DueAsync("embed:")).Select(work => work.Subject).Order(StringComparer.Ordinal));
    }

    private static float[] Axis(int dimensions, int axis)
    {
        var vector = new float[dimensions];
        vector[axis] = 1;
        return vector;
    }

    /// <summary>A unit vector whose cosine with the first axis is given.</summary>
    private static float[] Towards(float cosine)
    {
        var vector = new float[Dimensions];
        (vector[0], vector[1]) = (cosine, MathF.Sqrt(1 - (cosine * cosine)));
        return vector;
    }

    private async Task SaveAsync(VectorSpace space, SessionScript script, params (long Seq, int Piece, float[] Vector)[] vectors) =>
        await Vectors.SaveAsync(
            space, script.Key.Tenant, script.Key.Id,
            [.. vectors.Select(v => new TurnVector(v.Seq, script.Turns[(int)v.Seq - 1].Id, v.Piece, v.Vector))], default);

    private async Task<IEnumerable<string>> SessionsFoundAsync(VectorSpace space, IReadOnlyList<string?>? users) =>
        (await Vectors.SearchAsync(space, Tenant, users, Axis(Dimensions, 0), 10, default)).Select(hit => hit.SessionId)
        .Order(StringComparer.Ordinal);

    private async Task<IReadOnlyList<DueWork>> DueAsync(string prefix, string? tenant = null) =>
        (await Store.Due.ListAsync(tenant ?? Tenant, null, prefix, null, 1_000, default)).Value.Items;
}
