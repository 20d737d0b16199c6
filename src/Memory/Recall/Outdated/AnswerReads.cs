using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>
/// Reads the turns that one answer shows and, on the same way to the store, what <see cref="OrderByUpdates"/> will ask of them: the
/// turns that its memories rest on, and the links of both. What was not foreseen is read when it is asked for.
/// </summary>
/// <param name="linked">Where links between turns are kept; null: there are none, or nobody will ask.</param>
/// <param name="userId">Whose turns they are, where links are asked for; null: nobody's.</param>
internal sealed class AnswerReads(ISessionStore store, IMemoryStore? linked, string tenant, string? userId)
{
    private readonly Dictionary<TurnAddress, Turn> turns = [];
    private readonly HashSet<TurnAddress> linkedAt = [];
    private readonly Dictionary<string, MemoryRecord> links = new(StringComparer.Ordinal);

    /// <summary>The stored turns of some addresses, without those that are no longer there.</summary>
    /// <param name="shown">What the answer is going to show, read or not.</param>
    public async ValueTask<IReadOnlyList<Turn>> ReadAsync(
        IReadOnlyList<TurnAddress> unread, IEnumerable<Candidate> shown, CancellationToken cancel)
    {
        if (linked is null)
            return await store.ReadTurnsAsync(tenant, unread, cancel);
        var wanted = new HashSet<TurnAddress>(unread);
        var keyed = new HashSet<TurnAddress>(OrderByUpdates.CandidatesMax);
        HashSet<TurnAddress>? known = null;
        foreach (var candidate in shown.Take(OrderByUpdates.CandidatesMax))
        {
            if (candidate.Memory is { Sources: [.., var newest] })
            {
                keyed.Add(KnownLinks.AddressOf(newest));
                continue;
            }

            keyed.UnionWith(candidate.Addresses);
            if (candidate.Turn is not null)
                (known ??= []).Add(candidate.Address);
        }

        foreach (var each in keyed)
        {
            if (known?.Contains(each) != true)
                wanted.Add(each);
        }

        keyed.ExceptWith(linkedAt);
        var read = await linked.ReadTurnsAndKeysAsync(tenant, [.. wanted], userId, KeysOf(keyed), cancel);
        Keep(keyed, read.Memories);
        foreach (var turn in read.Turns)
            turns[new TurnAddress(turn.SessionId, turn.Seq)] = turn;
        return read.Turns;
    }

    /// <summary>The same of turns of which some may have been read.</summary>
    public async ValueTask<IReadOnlyList<Turn>> FindTurnsAsync(IReadOnlyCollection<TurnAddress> addresses, CancellationToken cancel)
    {
        var missing = addresses.Where(each => !turns.ContainsKey(each)).ToArray();
        var read = missing.Length == 0 ? [] : await store.ReadTurnsAsync(tenant, missing, cancel);
        return [.. addresses.Where(turns.ContainsKey).Select(each => turns[each]), .. read];
    }

    /// <summary>Records of links that begin or end at one of the turns.</summary>
    public async ValueTask<IReadOnlyList<MemoryRecord>> FindLinksAsync(IReadOnlySet<TurnAddress> addresses, CancellationToken cancel)
    {
        if (linked is null)
            return [];
        var missing = addresses.Where(each => !linkedAt.Contains(each)).ToArray();
        if (missing.Length > 0)
            Keep(missing, await linked.FindByKeysAsync(tenant, userId, KeysOf(missing), cancel));
        return links.Count == 0 ? []
            : [.. links.Values.Where(link => link.Sources.Any(source => addresses.Contains(KnownLinks.AddressOf(source))))];
    }

    private static string[] KeysOf(IEnumerable<TurnAddress> addresses) =>
        [.. addresses.Select(static each => FactKeys.UpdateKey(each.SessionId, each.Seq))];

    private void Keep(IEnumerable<TurnAddress> at, IReadOnlyList<MemoryRecord> found)
    {
        linkedAt.UnionWith(at);
        foreach (var link in found)
            links[link.Id] = link;
    }
}
