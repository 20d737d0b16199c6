using MemoryOrleans.Memory.Tests.Scheduling;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Recall.Vectors;

/// <summary>Vectors in a dictionary; one tenant's sessions are all there is.</summary>
internal sealed class InMemoryVectorStore(InMemoryDueStore due) : IVectorStore
{
    private readonly List<VectorSpace> spaces = [];

    public Dictionary<(int Space, string Session, long Seq), float[]> Saved { get; } = [];

    /// <summary>How often a turn was saved.</summary>
    public Dictionary<(string Session, long Seq), int> Saves { get; } = [];

    public List<string> Sessions { get; } = [];

    public VectorSpace Add(VectorSpaceState state)
    {
        spaces.Add(new VectorSpace(spaces.Count + 1, "letters", 26, state, DateTimeOffset.UnixEpoch));
        return spaces[^1];
    }

    public ValueTask<IReadOnlyList<VectorSpace>> ListSpacesAsync(CancellationToken cancel) => new([.. spaces]);

    public async ValueTask<VectorSpace> OpenSpaceAsync(string model, int dimensions, DateTimeOffset now, CancellationToken cancel)
    {
        var opened = new VectorSpace(spaces.Count + 1, model, dimensions,
            spaces.Count == 0 && Sessions.Count == 0 ? VectorSpaceState.Active : VectorSpaceState.Filling, now);
        spaces.Add(opened);
        if (opened.State == VectorSpaceState.Filling)
            await due.WakeAsync("acme", DueKinds.Fill(opened.Id), string.Empty, now, cancel);
        return opened;
    }

    public ValueTask<bool> ActivateAsync(int spaceId, CancellationToken cancel)
    {
        for (var i = 0; i < spaces.Count; i++)
        {
            if (spaces[i].State == VectorSpaceState.Active || spaces[i].Id == spaceId)
                spaces[i] = spaces[i] with { State = spaces[i].Id == spaceId ? VectorSpaceState.Active : VectorSpaceState.Retired };
        }

        return new ValueTask<bool>(spaces.Exists(space => space.Id == spaceId));
    }

    public ValueTask<bool> DropSpaceAsync(int spaceId, CancellationToken cancel) =>
        new(spaces.RemoveAll(space => space.Id == spaceId && space.State == VectorSpaceState.Retired) > 0);

    public async ValueTask<long?> WakeSessionsAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel)
    {
        var slice = Sessions.Skip((int)cursor).Take(limit).ToArray();
        foreach (var session in slice)
            await due.WakeAsync(tenant, DueKinds.Embed(spaceId), session, now, cancel);
        return cursor + slice.Length < Sessions.Count ? cursor + slice.Length : null;
    }

    public ValueTask<long> FindLastSeqAsync(VectorSpace space, string tenant, string sessionId, CancellationToken cancel) =>
        new(Saved.Keys.Where(key => key.Space == space.Id && key.Session == sessionId).Select(static key => key.Seq).DefaultIfEmpty(0)
        .Max());

    public ValueTask<bool> SaveAsync(
        VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors, CancellationToken cancel)
    {
        foreach (var vector in vectors)
        {
            Saved[(space.Id, sessionId, vector.Seq)] = vector.Vector;
            Saves[(sessionId, vector.Seq)] = Saves.GetValueOrDefault((sessionId, vector.Seq)) + 1;
        }

        return new ValueTask<bool>(true);
    }

    public ValueTask<IReadOnlyList<StoredVector>> ReadVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyList<TurnSpan> spans, CancellationToken cancel) =>
        new([.. spans.SelectMany(span => Saved
            .Where(each => each.Key.Space == space.Id && each.Key.Session == span.SessionId && each.Key.Seq >= span.FirstSeq
            && each.Key.Seq <= span.LastSeq)
            .OrderBy(static each => each.Key.Seq)
            .Select(static each => new StoredVector(each.Key.Session, each.Key.Seq, 0, each.Value)))]);

    public ValueTask<long> CountTurnsAsync(VectorSpace space, string? tenant, CancellationToken cancel) =>
        new(Saved.Keys.Count(key => key.Space == space.Id));

    public ValueTask<IReadOnlyList<VectorHit>> SearchAsync(
        VectorSpace space, string tenant, IReadOnlyList<string?>? users, ReadOnlyMemory<float> question, int limit,
        CancellationToken cancel)
    {
        var wanted = question.ToArray();
        return new([.. Saved.Where(each => each.Key.Space == space.Id)
            .Select(each => new VectorHit(each.Key.Session, each.Key.Seq, each.Value.Zip(wanted, static (a, b) => a * b).Sum()))
            .OrderByDescending(static hit => hit.Cosine).ThenBy(static hit => hit.SessionId, StringComparer.Ordinal)
            .ThenBy(static hit => hit.Seq).Take(limit)]);
    }

    /// <summary>
    /// Versions and vectors of memories; what is saved of another version than the one in <see cref="MemoryVersions"/> is refused.
    /// </summary>
    public Dictionary<string, (long Version, float[] Vector)> SavedMemories { get; } = [];

    public Dictionary<string, long> MemoryVersions { get; } = [];

    public List<string> Memories { get; } = [];

    public async ValueTask<long?> WakeMemoriesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel)
    {
        var slice = Memories.Skip((int)cursor).Take(limit).ToArray();
        foreach (var memory in slice)
            await due.WakeAsync(tenant, DueKinds.EmbedMemory(spaceId), memory, now, cancel);
        return cursor + slice.Length < Memories.Count ? cursor + slice.Length : null;
    }

    public ValueTask<IReadOnlyList<string>> SaveMemoriesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        var changed = vectors.Where(vector => MemoryVersions.GetValueOrDefault(vector.Id, vector.Version) != vector.Version)
            .ToArray();
        foreach (var vector in vectors.Except(changed))
            SavedMemories[vector.Id] = (vector.Version, vector.Vector);
        return new([.. changed.Select(static vector => vector.Id)]);
    }

    public ValueTask<IReadOnlyList<StoredDocumentVector>> ReadMemoryVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        new([.. ids.Where(SavedMemories.ContainsKey)
        .Select(id => new StoredDocumentVector(id, SavedMemories[id].Version, SavedMemories[id].Vector))]);

    public ValueTask<DocumentVectorCount> CountMemoriesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        new(new DocumentVectorCount(SavedMemories.Count, Memories.Count));

    public Dictionary<string, (long Change, float[] Vector)> SavedEntities { get; } = [];

    public List<string> Entities { get; } = [];

    /// <summary>Changes that entities have by now; those not named have the one that is saved.</summary>
    public Dictionary<string, long> EntityChanges { get; } = [];

    public async ValueTask<long?> WakeEntitiesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel)
    {
        var slice = Entities.Skip((int)cursor).Take(limit).ToArray();
        foreach (var entity in slice)
            await due.WakeAsync(tenant, DueKinds.EmbedEntity(spaceId), entity, now, cancel);
        return cursor + slice.Length < Entities.Count ? cursor + slice.Length : null;
    }

    public ValueTask<IReadOnlyList<string>> SaveEntitiesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        var changed = vectors.Where(vector => EntityChanges.GetValueOrDefault(vector.Id, vector.Version) != vector.Version).ToArray();
        foreach (var vector in vectors.Except(changed))
            SavedEntities[vector.Id] = (vector.Version, vector.Vector);
        return new([.. changed.Select(static vector => vector.Id)]);
    }

    public ValueTask<IReadOnlyList<StoredDocumentVector>> ReadEntityVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        new([.. ids.Where(SavedEntities.ContainsKey)
        .Select(id => new StoredDocumentVector(id, SavedEntities[id].Change, SavedEntities[id].Vector))]);

    public ValueTask<DocumentVectorCount> CountEntitiesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        new(new DocumentVectorCount(SavedEntities.Count, Entities.Count));

    public ValueTask<IReadOnlyList<string>> TendIndexesAsync(CancellationToken cancel) => new([]);
}
