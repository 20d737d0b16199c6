using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage;

/// <summary>
/// A page of a listing as its rows are read. The statement asks for one row more than the limit: when it comes, there is a next page.
/// </summary>
/// <param name="limit">Items of a page, at least 1.</param>
public sealed class ListPage<T>(int limit)
{
    private readonly List<T> items = [];
    private ListPosition last;
    private bool hasNext;

    /// <summary>Takes the next row, given the numbers that the listing is ordered by.</summary>
    public void Add(T item, long createdAt, long key)
    {
        hasNext = items.Count == limit;
        if (hasNext)
            return;
        items.Add(item);
        last = new ListPosition(createdAt, key);
    }

    public Page<T> ToPage() => new(items, hasNext ? last.ToCursor() : null);
}

/// <summary>Where a listing goes on.</summary>
public static class ListCursor
{
    /// <summary>The position in a cursor; without one, the start. InvalidInput on field <c>cursor</c> when it is not one of ours.</summary>
    /// <param name="listed">What is listed, in the plural, for the error's sentence.</param>
    public static Outcome<ListPosition> Read(string? cursor, string listed)
    {
        if (cursor is null)
            return ListPosition.Start;
        return ListPosition.TryParse(cursor, out var position)
            ? position
            : new MemoryError(ErrorCode.InvalidInput, $"The cursor is not one that a listing of {listed} gave out.", "cursor");
    }
}
