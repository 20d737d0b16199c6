using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Memories;

public sealed class UndoOperationTests
{
    [Fact]
    public void Undoing_a_supersession_brings_the_old_fact_back_and_archives_the_new_one()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Lives("Berlin", 0));
        var operation = log.Say(1, Some.Lives("Paris", 1))[0].After.Operation;

        Assert.True(log.Undo(operation, Some.Day(2)).IsSuccess);
        var (old, undone) = (log.Find("Ann lives in Berlin."), log.Find("Ann lives in Paris."));
        Assert.Equal((MemoryStatus.Active, null, null), (old.Status, old.ValidTo, old.SupersededBy));
        Assert.Equal(MemoryStatus.Archived, undone.Status);
        Assert.Equal("Ann lives in Paris.", undone.Content);
        Assert.Equal(3, log.History(old.Id).Count);
    }

    [Fact]
    public void Undoing_a_promotion_makes_the_fact_a_candidate_again()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Said("Ann owns a kayak.", null, 0, "s1", importance: 0.4));
        var operation = Assert.Single(log.Say(1, Some.Said("Ann owns a kayak.", null, 1, "s2", importance: 0.4))).After.Operation;
        Assert.Equal(MemoryStatus.Active, log.Current[0].Status);

        Assert.True(log.Undo(operation, Some.Day(2)).IsSuccess);
        var (first, last) = (log.History(log.Ids[0])[0], log.Current[0]);
        Assert.True(MemoryVersions.SayTheSame(first, last));
        Assert.Equal(first.Salience, last.Salience);
        Assert.Equal((MemoryStatus.Candidate, MemoryChange.Undone, 3L), (last.Status, last.Change, last.Version));
    }

    [Fact]
    public void Undoing_is_refused_when_later_operations_built_on_it_and_names_them()
    {
        var log = new MemoryLog();
        var first = log.Say(0, Some.Lives("Berlin", 0))[0].After.Operation;
        var second = log.Say(1, Some.Lives("Paris", 1))[0].After.Operation;

        var refused = log.Undo(first, Some.Day(2));
        Assert.Equal(ErrorCode.PreconditionFailed, refused.Error!.Code);
        Assert.Contains(second, refused.Error.Detail, StringComparison.Ordinal);
        Assert.True(log.Undo(second, Some.Day(3)).IsSuccess);
        Assert.True(log.Undo(first, Some.Day(4)).IsSuccess);
        Assert.All(log.Current, static memory => Assert.Equal(MemoryStatus.Archived, memory.Status));
    }

    [Fact]
    public void An_undone_undo_is_the_operation_again()
    {
        var log = new MemoryLog();
        log.Say(0, Some.Lives("Berlin", 0));
        var operation = log.Say(1, Some.Lives("Paris", 1))[0].After.Operation;
        var done = log.Current;
        var undo = log.Undo(operation, Some.Day(2)).Value[0].After.Operation;

        Assert.True(log.Undo(undo, Some.Day(3)).IsSuccess);
        Assert.All(done.Zip(log.Current), static pair => Assert.True(MemoryVersions.SayTheSame(pair.First, pair.Second)));
    }

    [Fact]
    public void Unknown_operations_and_erased_memories_are_not_found()
    {
        var log = new MemoryLog();
        var operation = log.Say(0, Some.Lives("Berlin", 0))[0].After.Operation;
        log.Erase(log.Ids[0], Some.Day(1));

        Assert.Equal(ErrorCode.NotFound, log.Undo(operation, Some.Day(2)).Error!.Code);
        Assert.Equal(ErrorCode.NotFound, log.Undo("none", Some.Day(2)).Error!.Code);
    }

    [Fact]
    public void A_reinforcement_since_stays()
    {
        var written = WriteMemory.Write(new MemoryDraft("note", "Ann called.", Some.Owner), "m1", "op-1", Some.Day(0)).Value.After;
        var edited = EditMemory.Edit(written, new MemoryPatch { Content = "Ann wrote." }, null, Some.Curve, "op-2", Some.Day(1))
            .Value!.After;
        var cited = edited with { Salience = CiteMemory.Cite(edited, Some.Curve, Some.Day(2)).Value.Salience };

        var undone = Assert.Single(UndoOperation.Undo("op-2", [[written, cited]], "op-3", Some.Day(3)).Value).After;
        Assert.Equal(("Ann called.", cited.Salience), (undone.Content, undone.Salience));
    }
}
