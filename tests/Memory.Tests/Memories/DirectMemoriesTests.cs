using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Memories;

public sealed class DirectMemoriesTests
{
    private static readonly MemoryDraft Draft =
        new("preference", "Ann wants short answers.", Some.Owner) { Importance = 0.7, Metadata = """{"a":1}""" };
    private static readonly MemoryRecord Written = WriteMemory.Write(Draft, "m1", "op-1", Some.Day(0)).Value.After;

    [Fact]
    public void A_written_memory_is_active_and_as_salient_as_important()
    {
        Assert.Equal((MemoryStatus.Active, 1L, "agent", MemoryChange.Written),
            (Written.Status, Written.Version, Written.Origin, Written.Change));
        Assert.Equal(new Salience(0.7, Some.Day(0)), Written.Salience);
        Assert.Equal(Some.Day(0), Written.ValidFrom);
        Assert.Equal(WriteMemory.ImportanceDefault,
            WriteMemory.Write(Draft with { Importance = null }, "m1", "op-1", Some.Day(0)).Value.After.Importance);
    }

    [Fact]
    public void Bad_drafts_name_the_field()
    {
        Assert.Equal("kind", FieldOf(Draft with { Kind = "episode" }));
        Assert.Equal("content", FieldOf(Draft with { Content = " \n" }));
        Assert.Equal("importance", FieldOf(Draft with { Importance = double.NaN }));
        Assert.Equal("valid_to", FieldOf(Draft with { ValidFrom = Some.Day(2), ValidTo = Some.Day(1) }));
    }

    [Fact]
    public void An_edit_makes_the_next_version_and_drops_what_was_derived_from_the_old_content()
    {
        var fact = Written with { Claim = Some.Home("berlin"), Topics = ["home"], Entities = ["Ann"] };
        var write = Edit(fact, new MemoryPatch { Content = "Ann wants long answers.", Importance = 0.2, SetsMetadata = true })!;

        Assert.Equal((1L, 2L, MemoryChange.Edited), (write.ExpectedVersion, write.After.Version, write.After.Change));
        Assert.Equal(("Ann wants long answers.", 0.2, null), (write.After.Content, write.After.Importance, write.After.Metadata));
        Assert.Null(write.After.Claim);
        Assert.Empty(write.After.Entities);
        Assert.True(write.After.Salience.Value < 0.25);
    }

    [Fact]
    public void An_edit_that_changes_nothing_makes_no_version() =>
        Assert.Null(Edit(Written, new MemoryPatch { Content = Written.Content, Importance = 0.7, Status = MemoryStatus.Active }));

    [Fact]
    public void An_unpinned_memory_begins_to_decay_when_it_is_unpinned()
    {
        var pinned = Written with { IsPinned = true };
        var unpinned = Edit(pinned, new MemoryPatch { IsPinned = false }, day: 1_000)!.After;

        Assert.Equal(0.7, Some.Curve.At(unpinned, Some.Day(1_000)), 9);
        Assert.Equal(0.35, Some.Curve.At(unpinned, Some.Day(1_180)), 9);
    }

    [Fact]
    public void A_superseded_memory_stays_superseded_through_the_archive()
    {
        var superseded = Written with { Status = MemoryStatus.Superseded, SupersededBy = "m2", ValidTo = Some.Day(1) };
        var archived = Edit(superseded, new MemoryPatch { Status = MemoryStatus.Archived })!.After;

        Assert.Equal(MemoryChange.Archived, archived.Change);
        Assert.Equal(MemoryStatus.Superseded, Edit(archived, new MemoryPatch { Status = MemoryStatus.Active })!.After.Status);
        Assert.Equal("status", ErrorOf(superseded, new MemoryPatch { Status = MemoryStatus.Active }).Field);
        Assert.Equal("valid_to", ErrorOf(superseded, new MemoryPatch { SetsValidTo = true }).Field);
    }

    [Fact]
    public void Bad_patches_name_the_field_and_other_versions_fail_the_precondition()
    {
        Assert.Equal("status", ErrorOf(Written, new MemoryPatch { Status = MemoryStatus.Erased }).Field);
        Assert.Equal("importance", ErrorOf(Written, new MemoryPatch { Importance = 1.5 }).Field);
        Assert.Equal("content", ErrorOf(Written with { Kind = "episode" }, new MemoryPatch { Content = "Else." }).Field);
        Assert.Equal("valid_to", ErrorOf(Written, new MemoryPatch { SetsValidTo = true, ValidTo = Some.Day(-1) }).Field);
        Assert.Equal(
            ErrorCode.PreconditionFailed,
            EditMemory.Edit(Written, new MemoryPatch { IsPinned = true }, 7, Some.Curve, "op-2", Some.Day(1)).Error!.Code);
    }

    [Fact]
    public void Absent_and_erased_memories_look_the_same()
    {
        var erased = Written with { Status = MemoryStatus.Erased };
        MemoryError?[] errors =
        [
            ErrorOf(null, new MemoryPatch()), ErrorOf(erased, new MemoryPatch()),
            CiteMemory.Cite(null, Some.Curve, Some.Day(1)).Error, CiteMemory.Cite(erased, Some.Curve, Some.Day(1)).Error,
            EraseMemory.Erase([], null, "op-2", Some.Day(1)).Error, EraseMemory.Erase([erased], null, "op-2", Some.Day(1)).Error,
        ];

        Assert.Equal(ErrorCode.NotFound, Assert.Single(errors.Distinct())!.Code);
    }

    [Fact]
    public void Erasure_leaves_no_content_in_any_version()
    {
        var edited = Edit(Written with { Claim = Some.Home("berlin"), Topics = ["x"], Entities = ["y"], Sources = [Some.Turn(1)] },
            new MemoryPatch { IsPinned = true })!.After;
        var erasure = EraseMemory.Erase([Written, edited], 2, "op-3", Some.Day(3)).Value;

        Assert.Equal((2L, 3L, MemoryStatus.Erased, MemoryChange.Erased),
            (erasure.Tombstone.ExpectedVersion, erasure.Tombstone.After.Version, erasure.Tombstone.After.Status,
            erasure.Tombstone.After.Change));
        Assert.Equal([1L, 2L], erasure.Redacted.Select(static version => version.Version));
        Assert.All(erasure.Redacted.Append(erasure.Tombstone.After), static version =>
        {
            Assert.Equal(("", null, null), (version.Content, version.Claim, version.Metadata));
            Assert.Empty(version.Topics);
            Assert.Empty(version.Entities);
            Assert.Empty(version.Sources);
        });
    }

    [Fact]
    public void A_clock_that_went_back_leaves_no_moment_without_a_version()
    {
        var edited = Edit(Written, new MemoryPatch { IsPinned = true }, day: -5)!.After;

        Assert.Equal(Written.RecordedAt, edited.RecordedAt);
    }

    private static MemoryWrite? Edit(MemoryRecord memory, MemoryPatch patch, double day = 1) =>
        EditMemory.Edit(memory, patch, memory.Version, Some.Curve, "op-2", Some.Day(day)).Value;

    private static MemoryError ErrorOf(MemoryRecord? memory, MemoryPatch patch) =>
        EditMemory.Edit(memory, patch, null, Some.Curve, "op-2", Some.Day(1)).Error!;

    private static string? FieldOf(MemoryDraft draft) => WriteMemory.Write(draft, "m1", "op-1", Some.Day(0)).Error!.Field;
}
