using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memories;

/// <summary>A memory's next version.</summary>
/// <param name="ExpectedVersion">The version it must have now; 0 when it must not exist.</param>
public sealed record MemoryWrite(long ExpectedVersion, MemoryRecord After)
{
    /// <summary>By what consolidation will look the memory up; at most 64 characters each, they replace the ones it had.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Further keys of which only the digests are known, of <see cref="MemoryKeyDigest.Length"/> bytes each.</summary>
    public IReadOnlyList<byte[]> KeyDigests { get; init; } = [];

    /// <summary>All keys as stores keep them.</summary>
    public IEnumerable<byte[]> AllDigests => Keys.Select(MemoryKeyDigest.Of).Concat(KeyDigests);
}

/// <summary>Says that a session's turns up to a seq have been distilled.</summary>
/// <param name="Read">The session as it was before its turns were read: when turns of it were erased since, or it was deleted,
/// the commit is stale.</param>
/// <param name="FromSeq">The first turn distilled now; the ones before must have been distilled already, else the commit is stale.</param>
public sealed record DistilledRange(Session Read, long FromSeq, long ToSeq)
{
    public string SessionId => Read.Id;
}

/// <summary>How many commits have written memories of a user (null: of those without a user).</summary>
public readonly record struct OwnerVersion(string? UserId, long Version);

/// <summary>Changes to memories of one tenant, applied whole or not at all.</summary>
public sealed record MemoryCommit(string Tenant, IReadOnlyList<MemoryWrite> Writes)
{
    public DistilledRange? Distilled { get; init; }

    /// <summary>What the owner's memories were when the commit was made up; other memories written since make it stale.</summary>
    public OwnerVersion? Owner { get; init; }

    /// <summary>Work to be woken in the same transaction: kind, subject, time.</summary>
    public IReadOnlyList<(string Kind, string Subject, DateTimeOffset DueAt)> Wakes { get; init; } = [];

    /// <summary>False: no event tells of it, as of memories that are only moved here.</summary>
    public bool IsTold { get; init; } = true;
}

/// <summary>Which memories a listing names; null fields do not restrict.</summary>
public sealed record MemoryFilter(
    string? Kind = null,
    MemoryTier? Tier = null,
    MemoryStatus? Status = MemoryStatus.Active,
    string? UserId = null,
    string? AgentId = null,
    string? SessionId = null)
{
    /// <summary>
    /// What metadata members are wanted to be, as of a recall (<c>RecallFilter</c>); null: anything. Stores do not read it.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A salience that reinforcement or a sweep has raised or rewritten, without a new version.</summary>
public readonly record struct SalienceUpdate(string MemoryId, Salience Salience);

/// <summary>
/// Port of the memories beside the turn log. Every method is bound to one tenant. Implementations pass
/// <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IMemoryStore
{
    /// <summary>
    /// The memories that recall may find (active, archived and superseded ones) as documents of a recall index, partitioned by user as
    /// the turns are: <see cref="MemoryDocument"/> says how a record reads as one. A changed memory is removed and comes again.
    /// </summary>
    IRecallFeed MemoryFeed { get; }

    /// <summary>
    /// Heads of the turns' feed and of <see cref="MemoryFeed"/>, no older than what was acknowledged before the call; in one round trip
    /// where there is one to make.
    /// </summary>
    /// <param name="turns">One head each, 0 where nothing was committed; null: those of all the tenant's partitions that have turns.</param>
    /// <param name="memories">The same of memories.</param>
    ValueTask<ScopeHeads> ReadHeadsAsync(
        string tenant, IReadOnlyList<PartitionKey>? turns, IReadOnlyList<PartitionKey>? memories, CancellationToken cancel);

    /// <summary>
    /// Stored turns, as of <see cref="ISessionStore.ReadTurnsAsync(string, IReadOnlyList{TurnAddress}, CancellationToken)"/>, and memories
    /// by their keys, as of <see cref="FindByKeysAsync"/>; in one round trip where there is one to make.
    /// </summary>
    ValueTask<(IReadOnlyList<Turn> Turns, IReadOnlyList<MemoryRecord> Memories)> ReadTurnsAndKeysAsync(
        string tenant, IReadOnlyList<TurnAddress> turns, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel);

    /// <summary>The current version, whatever its status; null when there never was such a memory.</summary>
    ValueTask<MemoryRecord?> FindMemoryAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>The current versions of those that exist, in no particular order.</summary>
    ValueTask<IReadOnlyList<MemoryRecord>> FindMemoriesAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>All versions, oldest first.</summary>
    ValueTask<IReadOnlyList<MemoryRecord>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>The versions made by one operation, current or not.</summary>
    ValueTask<IReadOnlyList<MemoryRecord>> ReadOperationAsync(string tenant, string operation, CancellationToken cancel);

    /// <summary>
    /// Current versions, the most recently made memories first; a later version leaves a memory where it is. A malformed cursor yields
    /// an InvalidInput error on field <c>cursor</c>.
    /// </summary>
    ValueTask<Outcome<Page<MemoryRecord>>> ListMemoriesAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel);

    /// <summary>
    /// Current versions, candidates included, of one user's memories (null: of those without a user) that have any of the keys.
    /// </summary>
    ValueTask<IReadOnlyList<MemoryRecord>> FindByKeysAsync(
        string tenant, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel);

    /// <summary>Read before what a commit is made up from; see <see cref="MemoryCommit.Owner"/>.</summary>
    ValueTask<OwnerVersion> FindOwnerVersionAsync(string tenant, string? userId, CancellationToken cancel);

    /// <summary>
    /// Current versions (candidates included) of the memories of which any version cites a turn of the session, by id, after
    /// <paramref name="afterId"/>.
    /// </summary>
    ValueTask<IReadOnlyList<MemoryRecord>> FindCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel);

    /// <summary>The last seq distilled of a session; 0 when none.</summary>
    ValueTask<long> FindDistilledAsync(SessionKey key, CancellationToken cancel);

    /// <summary>
    /// Applies the commit durably, or answers Stale when a version, the owner's version or the distilled range is not as
    /// expected, or the session has no such turns any more. A memory stays with its user: a commit that would move it is a bug of the
    /// caller.
    /// </summary>
    Task<CommitStatus> CommitMemoriesAsync(MemoryCommit commit, CancellationToken cancel);

    /// <summary>Writes saliences where they are newer than what is stored; makes no versions.</summary>
    Task SaveSalienceAsync(string tenant, IReadOnlyList<SalienceUpdate> updates, CancellationToken cancel);
}
