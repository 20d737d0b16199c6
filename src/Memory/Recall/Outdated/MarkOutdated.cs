using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>
/// Says of items which turn replaced them, by links that are sure enough for that; leaves them out where only what holds is asked for.
/// </summary>
internal static class MarkOutdated
{
    public static IReadOnlyList<RecalledItem> Apply(RecallQuery query, IReadOnlyList<RecalledItem> items, KnownLinks known)
    {
        var replacing = known.Links.Where(static link => link.Class == UpdateClass.Replaces).ToList();
        if (replacing.Count == 0)
            return items;
        var marked = items.Select(item => Find(item, replacing) is { } link ? item with { OutdatedBy = NoteOf(link) } : item);
        return [.. query.IsCurrentOnly ? marked.Where(static item => item.OutdatedBy is null) : marked];
    }

    // A memory that rests on other turns as well may say what was not replaced.
    private static UpdateLink? Find(RecalledItem item, List<UpdateLink> replacing) => item.Sources.Count == 1
        ? replacing.Find(link => link.Older.SessionId == item.Sources[0].SessionId && link.Older.Seq == item.Sources[0].Seq)
        : null;

    private static OutdatedNote NoteOf(UpdateLink link) =>
        new($"{link.Newer.SessionId}:{link.Newer.Seq}", link.Newer.SessionId, link.Newer.TurnId, link.NewerAt, link.Rule);
}
