using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;

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
}
