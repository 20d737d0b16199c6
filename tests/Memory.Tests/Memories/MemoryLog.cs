using MemoryOrleans.Facts;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Memories;

/// <summary>A store in memory that holds writes to their rules, and the operations of the core upon it.</summary>
internal sealed class MemoryLog
{
    private readonly Dictionary<string, List<MemoryRecord>> histories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> keys = new(StringComparer.Ordinal);
    private int minted;

    public MemoryLog()
    {
        Consolidation = new ConsolidateFacts(new ConsolidationRules(), Some.Curve, Some.Embedder, () => Mint("m"), () => Mint("op"));
    }

    public ConsolidateFacts Consolidation { get; }

    /// <summary>Every commit in its order: when, and what it wrote.</summary>
    public List<(DateTimeOffset At, IReadOnlyList<MemoryRecord> Written)> Commits { get; } = [];

    public IReadOnlyList<string> Ids => [.. histories.Keys];

    public IReadOnlyList<MemoryRecord> Current => [.. histories.Values.Select(static history => history[^1])];

    public IReadOnlyList<MemoryRecord> History(string id) => histories[id];

    public IReadOnlyList<string> Operations =>
        [.. histories.Values.SelectMany(static history => history).Select(static version => version.Operation)
        .Distinct(StringComparer.Ordinal)];

    public string Mint(string prefix) => $"{prefix}{++minted:D5}";

    public void Commit(IReadOnlyList<MemoryWrite> writes, DateTimeOffset now)
    {
        Assert.Distinct(writes.Select(static write => write.After.Id));
        foreach (var write in writes)
        {
            var (expected, after) = write;
            keys[after.Id] = write.Keys;
            if (!histories.TryGetValue(after.Id, out var history))
                histories.Add(after.Id, history = []);
            Assert.Equal(expected, history.Count);
            Assert.Equal(expected + 1, after.Version);
            Assert.Null(after.SupersededAt);
            Assert.False(after.ValidTo < after.ValidFrom);
            if (history.Count > 0)
            {
                Assert.True(after.RecordedAt >= history[^1].RecordedAt);
                history[^1] = history[^1] with { SupersededAt = after.RecordedAt };
            }

            history.Add(after);
        }

        if (writes.Count > 0)
            Commits.Add((now, [.. writes.Select(static write => write.After)]));
    }

    public IReadOnlyList<MemoryWrite> Say(double day, params FactCandidate[] candidates)
    {
        var statements = Some.Statements(candidates);
        var scope = ConsolidationScope.Of(statements);
        var byKeys = Current.Where(memory => keys[memory.Id].Any(scope.Keys.Contains)).ToList();
        var writes = Consolidation.Apply(statements, Current, Some.Day(day));
        CheckThatKeysSuffice(writes, byKeys);
        Commit(writes, Some.Day(day));
        return writes;
    }

    // What is not found by a key may be met as a near-duplicate only: the caller's search finds it.
    private static void CheckThatKeysSuffice(IReadOnlyList<MemoryWrite> writes, List<MemoryRecord> byKeys) => Assert.All(
        writes.Where(static write => write is { ExpectedVersion: > 0, After: { Change: not MemoryChange.Merged, Claim: not null } }),
        write => Assert.Contains(byKeys, memory => memory.Id == write.After.Id));

    public Outcome<IReadOnlyList<MemoryWrite>> Undo(string operation, DateTimeOffset now)
    {
        var touched = histories.Values.Where(history => history.Exists(version => version.Operation == operation));
        var outcome = UndoOperation.Undo(operation, [.. touched], Mint("op"), now);
        if (outcome.IsSuccess)
            Commit(outcome.Value, now);
        return outcome;
    }

    public void Erase(string id, DateTimeOffset now)
    {
        var erasure = EraseMemory.Erase(histories[id], null, Mint("op"), now).Value;
        Commit([erasure.Tombstone], now);
        var tombstone = histories[id][^1];
        histories[id] = [.. erasure.Redacted, tombstone];
        histories[id][^2] = histories[id][^2] with { SupersededAt = tombstone.RecordedAt };
    }

    /// <summary>What is stated of the one record with this content.</summary>
    public MemoryRecord Find(string content) => Assert.Single(Current, memory => memory.Content == content);
}
