namespace MemoryOrleans.Memories;

/// <summary>
/// Takes an operation back: every memory it changed says again what it said before, in a new version. What the operation
/// itself brought into being is archived, for nothing is forgotten by undoing. Undoing is an operation too and can be undone.
/// </summary>
public static class UndoOperation
{
    /// <summary>
    /// The writes that undo it. NotFound when no memory was changed by it, or what it made is erased; PreconditionFailed, naming the
    /// later operations, when the memories no longer are as it left them. Reinforcements since do not stand in the way, and stay.
    /// </summary>
    /// <param name="histories">Every version of each memory the operation made a version of.</param>
    /// <param name="undoing">The new operation's id.</param>
    public static Outcome<IReadOnlyList<MemoryWrite>> Undo(
        string operation, IReadOnlyList<IReadOnlyList<MemoryRecord>> histories, string undoing, DateTimeOffset now)
    {
        var changes = histories.Select(history => ChangeOf(operation, history)).OfType<Change>().ToList();
        if (changes.Count == 0 || changes.Any(static change => IsErased(change.Current)
            || (change.Before is { } before && IsErased(before))))
            return new MemoryError(ErrorCode.NotFound, "There is no such operation.", "operation");
        var later = changes.SelectMany(static change => change.Later).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToList();
        if (later.Count > 0)
        {
            return new MemoryError(
                ErrorCode.PreconditionFailed, $"Later operations built on it; undo them first: {string.Join(", ", later)}.", "operation");
        }

        return Outcome.Of<IReadOnlyList<MemoryWrite>>(
            [.. changes.Select(change => MemoryVersions.Next(change.Current, Restored(change), MemoryChange.Undone, undoing, now))]);
    }

    private static MemoryRecord Restored(Change change)
    {
        var (before, made, current) = (change.Before, change.Made, change.Current);
        if (before is null)
            return current with { Status = MemoryStatus.Archived };
        var isReinforcedSince = current.Salience.At > made.RecordedAt;
        return before with
        {
            Version = current.Version,
            RecordedAt = current.RecordedAt,
            Salience = isReinforcedSince ? current.Salience : before.Salience,
        };
    }

    private static Change? ChangeOf(string operation, IReadOnlyList<MemoryRecord> history)
    {
        var versions = history.OrderBy(static version => version.Version).ToList();
        var at = versions.FindLastIndex(version => version.Operation == operation);
        if (at < 0)
            return null;
        var first = versions.FindIndex(version => version.Operation == operation);
        var (made, current) = (versions[at], versions[^1]);
        // A memory that was changed later and then changed back counts as unchanged since the operation.
        var later = MemoryVersions.SayTheSame(made, current) ? [] : versions.Skip(at + 1).Select(static version => version.Operation);
        return new Change(first == 0 ? null : versions[first - 1], made, current, [.. later]);
    }

    private static bool IsErased(MemoryRecord version) =>
        version.Status == MemoryStatus.Erased || (version.Content.Length == 0 && version.Sources.Count == 0);

    private sealed record Change(MemoryRecord? Before, MemoryRecord Made, MemoryRecord Current, IReadOnlyList<string> Later);
}
