namespace MemoryOrleans.Recall;

/// <summary>A stored item that an answer had to do without.</summary>
/// <param name="tenant">Whose it is.</param>
/// <param name="item">Its session and seq, or its id; never its text.</param>
public sealed class ItemLeftOutEventArgs(string tenant, string item, Exception error) : EventArgs
{
    public string Tenant => tenant;

    public string Item => item;

    public Exception Error => error;
}

/// <summary>
/// The boundary around each single item that recall reads. Analysis is meant to take any text; should it fail on one all
/// the same, that one is left out, counted and reported, and every other is answered.
/// </summary>
public sealed class LeftOutItems
{
    private long count;

    /// <summary>Raised on the thread of the recall that left the item out.</summary>
    public event EventHandler<ItemLeftOutEventArgs>? Reported;

    /// <summary>Items left out since the process began; one that is met again counts again.</summary>
    public long Count => Volatile.Read(ref count);

    /// <summary>What reading the item gives; the default when that fails.</summary>
    internal T? Read<T>(string tenant, string item, Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // An item's boundary: stored data may be damaged in any way, and one item must not take the whole answer with it.
            Interlocked.Increment(ref count);
            Reported?.Invoke(this, new ItemLeftOutEventArgs(tenant, item, failure));
            return default;
        }
    }
}
