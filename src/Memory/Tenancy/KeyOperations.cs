namespace MemoryOrleans.Tenancy;

/// <summary>What a new key is to be.</summary>
/// <param name="Scopes">Of <c>read</c>, <c>write</c> and <c>admin</c>.</param>
/// <param name="Users">The only users it may speak of; empty: any.</param>
/// <param name="Agents">The only agents it may speak of; empty: any.</param>
public sealed record KeyDraft(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Users, IReadOnlyList<string> Agents)
{
    public const int NameLengthMax = 100;
    public const int ReachMax = 64;

    public static readonly IReadOnlyList<string> KnownScopes = ["read", "write", "admin"];

    public bool RequiresUser { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What is wrong, by the name callers know the field by; null when nothing is.</summary>
    public MemoryError? FindError(DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > NameLengthMax || Name.Any(char.IsControl))
            return Wrong("name", $"It must be 1 to {NameLengthMax} characters on one line.");
        if (Scopes.Count == 0 || Scopes.Any(static scope => !KnownScopes.Contains(scope))
            || Scopes.Distinct(StringComparer.Ordinal).Count() != Scopes.Count)
            return Wrong("scopes", "They must be read, write or admin, each once, and one at least.");
        if (!AreIds(Users))
            return Wrong("users", $"They must be at most {ReachMax} user ids.");
        if (!AreIds(Agents))
            return Wrong("agents", $"They must be at most {ReachMax} agent ids.");
        if ((Users.Count > 0 || Agents.Count > 0) && Scopes.Contains("admin"))
            return Wrong("scopes", "A key restricted to users or agents cannot have the scope admin, which is over all of the tenant.");
        return ExpiresAt is { } end && (end <= now || end.Year > 9000) ? Wrong("expires_at", "It must be in the future.") : null;
    }

    private static bool AreIds(IReadOnlyList<string> ids) =>
        ids.Count <= ReachMax && ids.All(static id => id is not null && Identifiers.IsValid(id));

    private static MemoryError Wrong(string field, string detail) => new(ErrorCode.InvalidInput, detail, field);
}

/// <summary>A key just made or rotated, with the only copy of its text there is.</summary>
public sealed record ShownKey(ApiKey Key, string Text);

/// <summary>The keys of tenants. Absent and another tenant's look the same: NotFound. Writes may answer StoreUnavailable.</summary>
public interface IKeyOperations
{
    /// <summary>InvalidInput names the field; Conflict when the tenant has as many keys as it may.</summary>
    Task<Outcome<ShownKey>> MakeAsync(string tenant, KeyDraft draft, string madeBy, int keysMax, CancellationToken cancel);

    /// <summary>Newest first. A malformed cursor is InvalidInput on field <c>cursor</c>.</summary>
    Task<Outcome<Page<ApiKey>>> ListAsync(string tenant, string? cursor, int limit, CancellationToken cancel);

    Task<Outcome<ApiKey>> GetAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>
    /// Gives a key a new secret; the one before stays good for <paramref name="overlap"/>, one before that no longer. Conflict when the key
    /// has ended.
    /// </summary>
    Task<Outcome<ShownKey>> RotateAsync(string tenant, string id, TimeSpan overlap, CancellationToken cancel);

    /// <summary>Ends a key for good; again changes nothing.</summary>
    Task<Outcome<ApiKey>> RevokeAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>For whoever authenticates: the key as it is in the store; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<ApiKey?> FindAsync(string tenant, string id, CancellationToken cancel);
}

/// <summary>Makes, rotates and revokes keys: read, decide, write, and again when another write came between.</summary>
/// <param name="random">So many random bytes, of a source fit for secrets.</param>
public sealed class KeyOperations(IKeyStore store, TimeProvider clock, Func<int, byte[]> random) : IKeyOperations
{
    private const int AttemptsMax = 5;
    private const int IdBytes = KeyText.IdLength / 2;
    private const int SecretBytes = KeyText.SecretLength / 2;

    // So long a listing still shows keys that have ended.
    private static readonly TimeSpan EndedFor = TimeSpan.FromDays(90);

    private static readonly MemoryError NoSuchKey = new(ErrorCode.NotFound, "There is no such key.");

    public async Task<Outcome<ShownKey>> MakeAsync(string tenant, KeyDraft draft, string madeBy, int keysMax, CancellationToken cancel)
    {
        var now = Now();
        if (draft.FindError(now) is { } error)
            return error;
        var secret = Hex(SecretBytes);
        var key = new ApiKey(Hex(IdBytes), draft.Name, draft.Scopes, now, madeBy, KeySecret.Of(secret, random(KeySecret.SaltBytes)))
        {
            Users = draft.Users, Agents = draft.Agents, RequiresUser = draft.RequiresUser,
            ExpiresAt = draft.ExpiresAt is { } end ? Timestamp.Read(Timestamp.Of(end)) : null,
        };
        return await store.AddKeyAsync(tenant, key, keysMax, now - EndedFor, cancel)
            ? new ShownKey(key, KeyText.Of(tenant, key.Id, secret))
            : new MemoryError(ErrorCode.Conflict,
            $"The tenant has {keysMax} keys, and that is as many as it may have; those that ended count for 90 days.");
    }

    public async Task<Outcome<Page<ApiKey>>> ListAsync(string tenant, string? cursor, int limit, CancellationToken cancel) =>
        await store.ListKeysAsync(tenant, cursor, limit, cancel);

    public async Task<Outcome<ApiKey>> GetAsync(string tenant, string id, CancellationToken cancel) =>
        await store.FindKeyAsync(tenant, id, cancel) is { } key ? key : NoSuchKey;

    public async Task<Outcome<ShownKey>> RotateAsync(string tenant, string id, TimeSpan overlap, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        var secret = Hex(SecretBytes);
        var hashed = KeySecret.Of(secret, random(KeySecret.SaltBytes));
        var now = Now();
        var rotated = await ChangeAsync(
            tenant,
            id,
            key => key.HasEnded(now)
                ? new MemoryError(ErrorCode.Conflict, "The key has ended; make another.")
                : key with { Secret = hashed, Previous = key.Secret, PreviousUntil = now + overlap, RotatedAt = now },
            cancel);
        return rotated.IsSuccess ? new ShownKey(rotated.Value, KeyText.Of(tenant, id, secret)) : rotated.Error;
    }

    public Task<Outcome<ApiKey>> RevokeAsync(string tenant, string id, CancellationToken cancel)
    {
        var now = Now();
        return ChangeAsync(tenant, id, key => key.RevokedAt is null
            ? key with { RevokedAt = now, Previous = null, PreviousUntil = null } : key, cancel);
    }

    public ValueTask<ApiKey?> FindAsync(string tenant, string id, CancellationToken cancel) => store.FindKeyAsync(tenant, id, cancel);

    private async Task<Outcome<ApiKey>> ChangeAsync(
        string tenant, string id, Func<ApiKey, Outcome<ApiKey>> change, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await store.FindKeyAsync(tenant, id, cancel) is not { } before)
                return NoSuchKey;
            var after = change(before);
            if (!after.IsSuccess || ReferenceEquals(after.Value, before))
                return after;
            var next = after.Value with { Version = before.Version + 1 };
            if (await store.ChangeKeyAsync(tenant, next, cancel))
                return next;
        }

        return new MemoryError(ErrorCode.StoreUnavailable, "The key is changed by others all the time.",
            RetryAfter: TimeSpan.FromSeconds(1));
    }

    private string Hex(int bytes) => Convert.ToHexStringLower(random(bytes));

    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
}
