using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>The links between turns that distillation has found, of those that an answer is about.</summary>
/// <param name="Undone">Pairs of newer and older that somebody has taken apart: no rule puts them together again.</param>
internal sealed record KnownLinks(IReadOnlyList<UpdateLink> Links, IReadOnlySet<(TurnAddress Newer, TurnAddress Older)> Undone)
{
    public static readonly KnownLinks None = new([], new HashSet<(TurnAddress, TurnAddress)>());

    public static TurnAddress AddressOf(SourceTurn source) => new(source.SessionId, source.Seq);
}

/// <summary>Reads links for one answer, and the newer turns that its ranking did not find.</summary>
internal sealed class StoredLinks(RecallQuery query, AnswerReads reads)
{
    /// <summary>Links that begin or end at one of the turns, as far as they were known then.</summary>
    public async Task<KnownLinks> FindAsync(IReadOnlySet<TurnAddress> turns, CancellationToken cancel)
    {
        var found = await reads.FindLinksAsync(turns, cancel);
        if (found.Count == 0)
            return KnownLinks.None;
        var known = found.Where(memory => query.AsOf?.Known is not { } at || memory.RecordedAt <= at)
            .OrderBy(static memory => memory.Id, StringComparer.Ordinal).ToList();
        return new KnownLinks(
            [.. known.Select(UpdateLink.Of).OfType<UpdateLink>().Where(link => !(link.NewerAt > query.AsOf?.Valid))
            .OrderByDescending(static link => link.NewerAt)],
            known.Where(static memory => memory.Status == MemoryStatus.Archived)
            .Select(static memory => UpdateLink.Of(memory with { Status = MemoryStatus.Candidate })).OfType<UpdateLink>()
                .Select(static link => (KnownLinks.AddressOf(link.Newer), KnownLinks.AddressOf(link.Older))).ToHashSet());
    }

    /// <summary>Turns that the ranking did not find, where nothing that was asked for leaves them out.</summary>
    public async Task<IReadOnlyList<Turn>> ReadTurnsAsync(IReadOnlyCollection<SourceTurn> sources, CancellationToken cancel)
    {
        var isMasked = query.AgentId is not null || query.Filter is not null || query.Tiers is not null || query.MinScore > 0
            || query.Kinds?.Contains("turn", StringComparer.Ordinal) == false
            || query.Scopes?.Contains(Tiers.ScopePolicy.User, StringComparer.Ordinal) == false;
        if (isMasked || sources.Count == 0)
            return [];
        var allowed = sources.Where(source => query.UserId is not null || query.SessionId is not { } only || only == source.SessionId)
            .ToList();
        var turns = await reads.FindTurnsAsync([.. allowed.Select(KnownLinks.AddressOf)], cancel);
        return [.. turns.Where(turn => !turn.IsErased
            && allowed.Exists(source => source.TurnId == turn.Id && source.SessionId == turn.SessionId)
            && !(turn.OccurredAt > query.AsOf?.Valid) && !(turn.RecordedAt > query.AsOf?.Known))];
    }
}
