using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// One of several databases: its store, opened as soon as its server can be reached. One that cannot be is tried again after a while,
/// and is left alone until then by what asks every database.
/// </summary>
internal sealed class OpenDatabase(
    string name, PostgresStoreOptions options, TimeProvider clock, Func<PostgresStore, CancellationToken, Task> prepare)
    : IAsyncDisposable
{
    /// <summary>How long one that failed is left alone.</summary>
    private static readonly TimeSpan DownFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim opening = new(1, 1);
    private volatile PostgresStore? store;
    private volatile StoreUnavailableException? failure;
    private long failedAt;

    public string Name => name;

    public PostgresStoreOptions Options => options;

    /// <summary>False for some seconds after it could not be reached.</summary>
    public bool IsUp => failure is null || clock.GetElapsedTime(Volatile.Read(ref failedAt)) > DownFor;

    public bool IsOpen => store is not null;

    /// <summary>The store, which must be open: the home database's always is.</summary>
    public PostgresStore Store => store ?? throw Unavailable(failure);

    /// <summary>The store; opened, should it not be.</summary>
    /// <exception cref="StoreUnavailableException">Its server cannot be reached, or could not be some seconds ago.</exception>
    public ValueTask<PostgresStore> OpenAsync(CancellationToken cancel) => store is { } open ? new(open) : new(OpenNowAsync(cancel));

    /// <summary>Asks it, unless it was out of reach some seconds ago; false when it is, or does not answer.</summary>
    public async Task<(bool IsAnswered, T? Answer)> TryAskAsync<T>(
        Func<PostgresStore, CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        if (!IsUp)
            return (false, default);
        try
        {
            var answer = await ask(await OpenAsync(cancel), cancel);
            failure = null;
            return (true, answer);
        }
        catch (StoreUnavailableException away)
        {
            NoteIfOpen(away);
            return (false, default);
        }
    }

    /// <summary>
    /// Why it cannot be used just now; null when it can. It is asked, unless it was out of reach some seconds ago, and waited for no longer
    /// than a caller of a health check waits.
    /// </summary>
    public async Task<string?> FindFaultAsync(CancellationToken cancel)
    {
        if (!IsUp)
            return failure?.Message;
        try
        {
            return await ProbeAsync().WaitAsync(PatienceMax, clock, cancel);
        }
        catch (TimeoutException)
        {
            return "It does not answer.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (store is { } open)
            await open.DisposeAsync();
        opening.Dispose();
    }

    private async Task<string?> ProbeAsync()
    {
        try
        {
            await (await OpenAsync(CancellationToken.None)).ProbeAsync(CancellationToken.None);
            failure = null;
            return null;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or StoreServerUnfitException or StoreIsolationException
            or StoreSchemaTooNewException or StoreSealedException)
        {
            if (fault is StoreUnavailableException away)
                NoteIfOpen(away);
            return fault.Message;
        }
    }

    private async Task<PostgresStore> OpenNowAsync(CancellationToken cancel)
    {
        await opening.WaitAsync(cancel);
        try
        {
            if (store is { } open)
                return open;
            if (IsUp)
                return store = await ConnectAsync(cancel);
        }
        finally
        {
            opening.Release();
        }

        throw Unavailable(failure);
    }

    private async Task<PostgresStore> ConnectAsync(CancellationToken cancel)
    {
        PostgresStore? opened = null;
        try
        {
            opened = await PostgresStore.OpenAsync(options, clock, cancel);
            await prepare(opened, cancel);
            failure = null;
            return opened;
        }
        catch (Exception fault)
        {
            // Whatever it was goes on to the caller once what was opened is closed.
            if (opened is not null)
                await opened.DisposeAsync();
            // A key that this process does not have is no fault of the caller's: the database is as good as away.
            var unavailable = fault is StoreSealedException ? new StoreUnavailableException(fault.Message, fault) : null;
            if ((unavailable ?? fault as StoreUnavailableException) is not { } away)
                throw;
            Note(away);
            throw Unavailable(away);
        }
    }

    // One that is not open took note when it was tried, which may be some time ago.
    private void NoteIfOpen(StoreUnavailableException away)
    {
        if (IsOpen)
            Note(away);
    }

    private void Note(StoreUnavailableException away)
    {
        Volatile.Write(ref failedAt, clock.GetTimestamp());
        failure = away;
    }

    private StoreUnavailableException Unavailable(StoreUnavailableException? cause) =>
        new($"The database '{name}' cannot be reached: {cause?.Message}", cause ?? new StoreUnavailableException("it is not open."));
}
