using System.Collections.Concurrent;
using MemoryOrleans.Engine;
using MemoryOrleans.Erasures;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Host.InProcess;

/// <summary>
/// The one place that makes session actors: at most one per session at any moment, kept while in use and, up to a
/// bound, while idle.
/// </summary>
internal sealed class SessionDirectory(TimeProvider clock, int idleMax) : ISessionWriters
{
    private readonly ConcurrentDictionary<SessionKey, Entry> entries = new();

    public int Count => entries.Count;

    public async Task<TResult> UseAsync<TResult>(SessionKey key, Func<SessionActor, Task<TResult>> use)
    {
        var entry = Enter(key);
        try
        {
            return await use(entry.Actor);
        }
        finally
        {
            entry.Leave(clock.GetTimestamp());
        }
    }

    /// <summary>What makes the actors; set before the first is used.</summary>
    public MemoryEngine Engine { get; set; } = null!;

    public Task<ErasureCounts> EraseTurnsAsync(SessionKey key, IReadOnlyList<long> seqs, DateTimeOffset now, CancellationToken cancel) =>
        UseAsync(key, async actor =>
        {
            var erased = new ErasureCounts();
            await actor.ChangeAsync(async () => erased = await Engine.EraseTurnsAsync(key, seqs, now, cancel), cancel);
            return erased;
        });

    public Task<Outcome<Session>> DeleteAsync(SessionKey key, long ifMatchVersion, CancellationToken cancel) =>
        UseAsync(key, actor => actor.DeleteAsync(ifMatchVersion, cancel));

    /// <summary>Lets go of idle actors beyond the bound, the longest idle first; the number let go.</summary>
    public int Trim()
    {
        var surplus = entries.Count - idleMax;
        if (surplus <= 0)
            return 0;
        var retired = 0;
        foreach (var (key, entry) in entries.OrderBy(static pair => pair.Value.LastUsed).Take(surplus))
        {
            if (!entry.TryRetire())
                continue;
            entries.TryRemove(new KeyValuePair<SessionKey, Entry>(key, entry));
            entry.Actor.Dispose();
            retired++;
        }

        return retired;
    }

    /// <summary>Lets go of a tenant's actors; whoever is in one goes on with it to its end.</summary>
    public void Forget(string tenant)
    {
        foreach (var key in entries.Keys.Where(key => key.Tenant == tenant))
            entries.TryRemove(key, out _);
    }

    private Entry Enter(SessionKey key)
    {
        while (true)
        {
            var entry = entries.GetOrAdd(key, static (each, self) => self.Create(each), this);
            if (entry.TryEnter())
                return entry;
            // Retired between the look-up and here; whoever retired it removes it from the map.
            entries.TryRemove(new KeyValuePair<SessionKey, Entry>(key, entry));
        }
    }

    private Entry Create(SessionKey key) => new(Engine.NewActor(key));

    private sealed class Entry(SessionActor actor)
    {
        private readonly Lock useLock = new();
        private int users;
        private bool isRetired;
        private long lastUsed;

        public SessionActor Actor => actor;

        public long LastUsed => Volatile.Read(ref lastUsed);

        public bool TryEnter()
        {
            lock (useLock)
            {
                if (isRetired)
                    return false;
                users++;
                return true;
            }
        }

        public void Leave(long now)
        {
            lock (useLock)
                users--;
            Volatile.Write(ref lastUsed, now);
        }

        public bool TryRetire()
        {
            lock (useLock)
                return isRetired = isRetired || (users == 0 && !actor.IsBusy);
        }
    }
}
