using System.Globalization;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <content>Observations and relations: what is said of entities, with its times.</content>
public sealed partial class KnowledgeGraph
{
    /// <summary>
    /// Adds observations, all or none; errors name fields like <c>observations[3].content</c>. What a current observation of
    /// the entity says already, word for word, is that one again, so that a request may be repeated.
    /// </summary>
    public Task<Outcome<IReadOnlyList<ObservationUpsert>>> AddObservationsAsync(
        string tenant, IReadOnlyList<ObservationDraft> drafts, CancellationToken cancel) => TryAsync(async () =>
    {
        var known = (await store.FindEntitiesAsync(tenant, drafts.Select(static draft => draft.EntityId).ToHashSet(StringComparer.Ordinal),
            cancel))
            .Select(static entity => entity.Id).ToHashSet(StringComparer.Ordinal);
        var said = new Dictionary<(string, string), ObservationUpsert>();
        var answers = new List<ObservationUpsert>(drafts.Count);
        var writes = new List<GraphWrite>(drafts.Count);
        for (var i = 0; i < drafts.Count; i++)
        {
            var draft = drafts[i];
            if (!known.Contains(draft.EntityId))
                return Failed<IReadOnlyList<ObservationUpsert>>(ErrorCode.NotFound, "There is no such entity.", Field(i, "entity_id"));
            if (!said.TryGetValue((draft.EntityId, draft.Content), out var answer))
            {
                var outcome = await SayAsync(tenant, draft, i, writes, cancel);
                if (!outcome.IsSuccess)
                    return new Attempt<IReadOnlyList<ObservationUpsert>>(outcome.Error);
                said.Add((draft.EntityId, draft.Content), answer = outcome.Value);
            }

            answers.Add(answer);
        }

        if (writes.Count == 0)
            return new Attempt<IReadOnlyList<ObservationUpsert>>(Outcome.Of<IReadOnlyList<ObservationUpsert>>(answers));
        var status = await store.CommitGraphAsync(new GraphCommit(tenant, writes));
        return status == CommitStatus.Committed && await FindErasedMeanwhileAsync(tenant, drafts, answers) is { } gone
            ? new Attempt<IReadOnlyList<ObservationUpsert>>(gone)
            : Answer(status, (IReadOnlyList<ObservationUpsert>)answers);
    });

    /// <summary>Removes an observation with its text; the answer is what it was.</summary>
    public Task<Outcome<Observation>> DeleteObservationAsync(string tenant, string id, CancellationToken cancel) => TryAsync(async () =>
        await store.FindObservationAsync(tenant, id, cancel) is { } held
            ? await CommitAsync(tenant, held, new ObservationErased(held.EntityId, id))
            : Failed<Observation>(ErrorCode.NotFound, "There is no such observation."));

    /// <summary>
    /// Adds a relation. One without an end is there once: the current relation of the same ends and type is answered instead,
    /// as it is.
    /// </summary>
    public Task<Outcome<RelationUpsert>> AddRelationAsync(string tenant, RelationDraft draft, CancellationToken cancel) =>
        TryAsync(async () =>
    {
        if (await CheckEndsAsync(tenant, draft, cancel) is { } wrong)
            return new Attempt<RelationUpsert>(wrong);
        var twin = draft.ValidTo is null ? await store.FindOpenRelationAsync(tenant, draft.FromId, draft.ToId, draft.Type, cancel) : null;
        if (twin is not null && twin.Id != draft.Supersedes)
            return new Attempt<RelationUpsert>(new RelationUpsert(twin, Created: false));
        var now = Now();
        var made = new Relation(
            ids(), 1, draft.FromId, draft.ToId, draft.Type, draft.Metadata, draft.ValidFrom ?? now, draft.ValidTo, now);
        if (CheckTimes(made.ValidFrom, made.ValidTo, "valid_to") is { } order)
            return new Attempt<RelationUpsert>(order);
        if (draft.Supersedes is null)
            return await CommitAsync(tenant, new RelationUpsert(made, Created: true), new RelationAdded(made));
        if (await store.FindRelationAsync(tenant, draft.Supersedes, cancel) is not { SupersededAt: null } old)
            return Failed<RelationUpsert>(ErrorCode.NotFound, "There is no such current relation.", "supersedes");
        return await CommitAsync(
            tenant, new RelationUpsert(made, Created: true), new RelationSuperseded(old.Id, old.Version, made.Id, now),
            new RelationAdded(made));
    });

    /// <summary>Ends a relation in the world, or corrects its times and metadata: its next version.</summary>
    public Task<Outcome<Relation>> EditRelationAsync(
        string tenant, string id, RelationEdit edit, long? ifMatch, CancellationToken cancel) => TryAsync(async () =>
    {
        if (await store.FindRelationAsync(tenant, id, cancel) is not { SupersededAt: null } held)
            return Failed<Relation>(ErrorCode.NotFound, "There is no such current relation.");
        if (ifMatch is not null && ifMatch != held.Version)
            return new Attempt<Relation>(NotThisVersion(held.Version));
        var edited = held with
        {
            ValidFrom = edit.ValidFrom ?? held.ValidFrom, ValidTo = edit.ValidTo
                ?? held.ValidTo, Metadata = Replace(held.Metadata, edit.Metadata),
        };
        if (CheckTimes(edited.ValidFrom, edited.ValidTo, "valid_to") is { } order)
            return new Attempt<Relation>(order);
        if (edited == held)
            return new Attempt<Relation>(held);
        var next = edited with { Version = held.Version + 1, RecordedAt = Now() };
        return await CommitAsync(tenant, next, new RelationSuperseded(id, held.Version, null, next.RecordedAt), new RelationAdded(next));
    });

    /// <summary>Removes a relation in all its versions; the answer is the newest.</summary>
    public Task<Outcome<Relation>> DeleteRelationAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        TryAsync(async () =>
    {
        if (await store.FindRelationAsync(tenant, id, cancel) is not { } held)
            return Failed<Relation>(ErrorCode.NotFound, "There is no such relation.");
        return ifMatch is null || ifMatch == held.Version
            ? await CommitAsync(tenant, held, new RelationErased(id))
            : new Attempt<Relation>(NotThisVersion(held.Version));
    });

    private async Task<Outcome<ObservationUpsert>> SayAsync(
        string tenant, ObservationDraft draft, int index, List<GraphWrite> writes, CancellationToken cancel)
    {
        if (await store.FindSaidAsync(tenant, draft.EntityId, draft.Content, cancel) is { } held && held.Id != draft.Supersedes)
            return new ObservationUpsert(held, Created: false);
        var now = Now();
        var validFrom = draft.ValidFrom ?? now;
        if (CheckTimes(validFrom, draft.ValidTo, Field(index, "valid_to")) is { } order)
            return order;
        var sources = await FindSourcesAsync(tenant, draft.Sources, index, cancel);
        if (!sources.IsSuccess)
            return sources.Error;
        var made = new Observation(ids(), draft.EntityId, draft.Content, sources.Value, RoundedOrNull(draft.Importance), validFrom,
            draft.ValidTo, now);
        if (draft.Supersedes is not null)
        {
            var old = await store.FindObservationAsync(tenant, draft.Supersedes, cancel);
            if (old is not { SupersededAt: null } || old.EntityId != draft.EntityId)
                return new MemoryError(ErrorCode.NotFound, "The entity has no such current observation.", Field(index, "supersedes"));
            if (writes.OfType<ObservationSuperseded>().Any(write => write.Id == old.Id))
                return new MemoryError(ErrorCode.InvalidInput, "Another observation of the request takes its place.",
                    Field(index, "supersedes"));
            writes.Add(new ObservationSuperseded(old.EntityId, old.Id, made.Id, now));
        }

        writes.Add(new ObservationAdded(made));
        return new ObservationUpsert(made, Created: true);
    }

    /// <summary>
    /// Looks once more at the turns that observations just written cite, and erases those of which one is gone: an erasure empties turns
    /// before it looks for what cites them, and may have looked before the observations were there. The others stay.
    /// </summary>
    private async Task<MemoryError?> FindErasedMeanwhileAsync(
        string tenant, IReadOnlyList<ObservationDraft> drafts, List<ObservationUpsert> answers)
    {
        MemoryError? first = null;
        for (var i = 0; i < drafts.Count; i++)
        {
            var made = answers[i].Observation;
            if (!answers[i].Created || made.Sources.Count == 0
                || await FindSourcesAsync(tenant, made.Sources, i, CancellationToken.None) is not { IsSuccess: false } gone)
                continue;
            first ??= gone.Error;
            var erased = await store.CommitGraphAsync(new GraphCommit(tenant, [new ObservationErased(made.EntityId, made.Id)]));
            if (!CommitErrors.IsCommitted(erased) && await store.FindObservationAsync(tenant, made.Id, CancellationToken.None) is not null)
                throw new StoreUnavailableException("An observation of what was erased could not be taken back.");
        }

        return first;
    }

    private async Task<Outcome<IReadOnlyList<SourceTurn>>> FindSourcesAsync(
        string tenant, IReadOnlyList<SourceTurn> wanted, int index, CancellationToken cancel)
    {
        var citable = await FindCitable.OfAsync(
            sessions, tenant, wanted.Select(static source => (source.SessionId, source.TurnId)), cancel);
        var found = new SourceTurn[wanted.Count];
        for (var place = 0; place < wanted.Count; place++)
        {
            if (!citable.TryGetValue((wanted[place].SessionId, wanted[place].TurnId), out found[place]))
                return new MemoryError(ErrorCode.InvalidInput, "There is no such turn.",
                    Field(index, string.Create(CultureInfo.InvariantCulture, $"sources[{place}]")));
        }

        return found;
    }

    // Stores keep six decimals.
    private static double? RoundedOrNull(double? importance) => importance is { } known ? Math.Round(known, 6) : null;

    private async Task<MemoryError?> CheckEndsAsync(string tenant, RelationDraft draft, CancellationToken cancel)
    {
        if (draft.FromId == draft.ToId)
            return new MemoryError(ErrorCode.InvalidInput, "A relation links two entities.", "to_id");
        var ends = await store.FindEntitiesAsync(tenant, [draft.FromId, draft.ToId], cancel);
        return ends.Count == 2
            ? null
            : new MemoryError(ErrorCode.NotFound, "There is no such entity.",
            ends.Any(end => end.Id == draft.FromId) ? "to_id" : "from_id");
    }

    private static MemoryError? CheckTimes(DateTimeOffset from, DateTimeOffset? to, string field) =>
        to is null || to > from ? null
        : new MemoryError(ErrorCode.InvalidInput, "must be later than valid_from, which is now when absent", field);

    private static string Field(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"observations[{index}].{name}");
}
