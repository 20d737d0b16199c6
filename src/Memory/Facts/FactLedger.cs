using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>
/// The facts of one owner while they are being consolidated: what each was and what it has become. However many decisions
/// touch a memory, it gets one new version; decisions that touch a memory in common share their operation and are undone
/// together.
/// </summary>
internal sealed class FactLedger
{
    private readonly IEmbedder embedder;
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly List<Entry> changed = [];
    private int decision;

    public FactLedger(MemoryOwner owner, IEnumerable<MemoryRecord> existing, IEmbedder embedder)
    {
        this.embedder = embedder;
        foreach (var memory in existing)
        {
            if (memory.Owner == owner
                && memory is { Tier: MemoryTier.Semantic,
                Status: MemoryStatus.Candidate or MemoryStatus.Active or MemoryStatus.Superseded })
                entries.TryAdd(memory.Id, new Entry { Before = memory, Now = memory });
        }
    }

    /// <summary>All of them, by id, so that nothing depends on the order they were read in.</summary>
    public IEnumerable<MemoryRecord> Facts =>
        entries.Values.Select(static entry => entry.Now).OrderBy(static fact => fact.Id, StringComparer.Ordinal);

    /// <summary>Those that were promoted once: the only ones that set an end to others.</summary>
    public IEnumerable<MemoryRecord> Promoted => Facts.Where(fact => fact.Status != MemoryStatus.Candidate && !IsTakenIn(fact));

    /// <summary>Whether another tells all that it told (<see cref="MergePolicy.TakenInto"/>); it then meets nothing any more.</summary>
    public bool IsTakenIn(MemoryRecord fact) =>
        fact is { Status: MemoryStatus.Superseded, SupersededBy: { } by } && fact.ValidTo == fact.ValidFrom
        && entries.TryGetValue(by, out var other) && !SupersessionPolicy.Exclude(fact, other.Now);

    public FactText TextOf(MemoryRecord fact) => entries[fact.Id].Text ??= FactText.Of(fact.Content, embedder);

    public Telling TellingOf(MemoryRecord fact) =>
        new(TextOf(fact), fact.Claim, entries[fact.Id].Kind ??= FactKind.Of(fact), fact.ValidFrom);

    /// <summary>What is put from now on belongs to the next decision.</summary>
    public void BeginDecision() => decision++;

    public void Put(MemoryRecord fact, MemoryChange change)
    {
        if (!entries.TryGetValue(fact.Id, out var entry))
            entries.Add(fact.Id, entry = new Entry { Now = fact });
        else if (entry.Now.Salience == fact.Salience && entry.Now.Status == fact.Status && MemoryVersions.SayTheSame(entry.Now, fact))
            return;
        if (entry.Decision == 0)
        {
            changed.Add(entry);
            entry.Decision = decision;
        }
        else if (entry.Decision != decision)
        {
            Join(entry.Decision, decision);
        }

        if (entry.Now.Content != fact.Content)
            (entry.Text, entry.Kind) = (null, null);
        entry.Now = fact;
        entry.Change = Rank(change) > Rank(entry.Change) ? change : entry.Change;
    }

    /// <summary>The versions to write, in the order the memories were first touched.</summary>
    public IReadOnlyList<MemoryWrite> Writes(Func<string> operations, DateTimeOffset now)
    {
        var names = new Dictionary<int, string>();
        var writes = new List<MemoryWrite>(changed.Count);
        foreach (var entry in changed)
        {
            if (!names.TryGetValue(entry.Decision, out var operation))
                names.Add(entry.Decision, operation = operations());
            writes.Add(entry.Before is { } before
                ? MemoryVersions.Next(before, entry.Now, entry.Change, operation, now)
                : MemoryVersions.First(entry.Now with { Change = entry.Change, Operation = operation }));
        }

        return writes;
    }

    private void Join(int one, int other)
    {
        foreach (var entry in changed)
        {
            if (entry.Decision == other)
                entry.Decision = one;
        }

        decision = one;
    }

    // A version is labelled with the most important of the changes made to it.
    private static int Rank(MemoryChange change) => change switch
    {
        MemoryChange.Superseded => 4,
        MemoryChange.Promoted => 3,
        MemoryChange.Merged => 2,
        MemoryChange.Distilled => 1,
        _ => 0,
    };

    private sealed class Entry
    {
        public MemoryRecord? Before { get; init; }

        public required MemoryRecord Now { get; set; }

        public FactText? Text { get; set; }

        public string? Kind { get; set; }

        public MemoryChange Change { get; set; }

        /// <summary>The decision that touched it; 0 when none did.</summary>
        public int Decision { get; set; }
    }
}
