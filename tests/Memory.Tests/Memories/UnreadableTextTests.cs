using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Memories;

/// <summary>Nothing is made of what a store could not open; somebody's text of the same words is a text like any other.</summary>
public sealed class UnreadableTextTests
{
    private static readonly MemoryRecord Written =
        WriteMemory.Write(new MemoryDraft("note", "Ann keeps bees.", Some.Owner), "m1", "op-1", Some.Day(0)).Value.After;

    private static string Quoted => new(UnreadableText.Sentence.AsSpan());

    [Fact]
    public void A_memory_whose_text_cannot_be_opened_is_told_to_the_index_as_gone()
    {
        var changes = new List<FeedChange>();
        MemoryDocument.AddChanges(changes, Written with { Content = UnreadableText.Sentence }, 7, replaces: true, removalsFrom: 0);
        Assert.Equal(7, Assert.IsType<SessionRemoved>(Assert.Single(changes)).Change);

        changes.Clear();
        MemoryDocument.AddChanges(changes, Written with { Content = Quoted }, 7, replaces: false, removalsFrom: 0);
        Assert.IsType<TurnCommitted>(Assert.Single(changes));
    }

    [Fact]
    public void An_entitys_document_has_what_can_be_read_of_it()
    {
        var entity = new Entity("e1", UnreadableText.Sentence, "person", GraphScope.Tenant, null, 1, Some.Day(0), Some.Day(0));
        var document = EntityDocument.Build(1, entity, ["Keeps bees.", UnreadableText.Sentence]);

        Assert.Equal("person\nKeeps bees.", document.Turn.Content);
        Assert.Empty(document.Names);
    }

    [Fact]
    public void It_is_not_written_over_the_text_that_may_yet_be_opened()
    {
        var unreadable = Written with { Content = UnreadableText.Sentence };
        var refused = EditMemory.Edit(unreadable, new MemoryPatch { IsPinned = true }, null, Some.Curve, "op-2", Some.Day(1)).Error!;
        Assert.Equal((ErrorCode.Conflict, "content"), (refused.Code, refused.Field));

        var anew = EditMemory.Edit(unreadable, new MemoryPatch { Content = "Ann keeps bees." }, null, Some.Curve, "op-2", Some.Day(1));
        Assert.Equal("Ann keeps bees.", anew.Value!.After.Content);
    }

    [Fact]
    public void A_turn_that_cannot_be_opened_is_not_embedded_and_is_nobody_s_context()
    {
        Turn[] turns = [Said(1, "Keeps bees."), Said(2, UnreadableText.Sentence), Said(3, "They sting.")];
        var work = new DueWork(
            1, "acme", "embed:1", "s", DueState.Ready, DateTimeOffset.UnixEpoch, 0, 0, 0, 0, null, null, DateTimeOffset.UnixEpoch);
        Assert.Equal([1L, 3], SessionSlice.Of(work, 0, turns, isLast: true).Pieces.Select(static piece => piece.Turn.Seq).Distinct());
        var inContext = SessionSlice.InContext(work, 0, previous: null, turns, isLast: true, new HashSet<long>());
        Assert.Equal([1L, 3], inContext.Pieces.Select(static piece => piece.Turn.Seq).Distinct());
        Assert.DoesNotContain(inContext.Pieces,
            static piece => piece.HoldsPrevious || piece.Text.Contains("cannot be read", StringComparison.Ordinal));
        Assert.Equal(3, inContext.LastSeq);
    }

    private static Turn Said(long seq, string content) =>
        new("s", seq, $"t{seq}", "user", null, content, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, 3);
}
