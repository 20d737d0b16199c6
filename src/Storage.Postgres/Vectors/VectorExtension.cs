using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>pgvector in the database, and its types in this process; only those with a neural embedder need them.</summary>
internal sealed class VectorExtension(NpgsqlDataSource source, bool isKnown)
{
    private const string VersionSql = "SELECT extversion FROM pg_extension WHERE extname = 'vector'";
    private const string CreateSql = "CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public";

    /// <summary>Scans that go on until enough rows pass the filters came with it.</summary>
    private static readonly Version VersionLeast = new(0, 8);

    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile bool isLoaded = isKnown;

    public static async Task<bool> IsThereAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await FindVersionAsync(connection, cancel) is not null;

    /// <summary>Makes the extension where it is missing and the role may.</summary>
    /// <exception cref="StoreServerUnfitException">It is missing or too old.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var version = await FindVersionAsync(connection, cancel);
        if (version is null)
        {
            await CreateAsync(connection, cancel);
            version = await FindVersionAsync(connection, cancel);
        }

        if (!Version.TryParse(version, out var found) || found < VersionLeast)
            throw new StoreServerUnfitException(
                $"Neural embeddings need pgvector {VersionLeast} or newer; the database has {version}. Once, as a superuser: ALTER "
                + $"EXTENSION vector UPDATE;");
    }

    /// <summary>A process that connected before the extension was made does not know its types yet.</summary>
    public async Task LoadTypesAsync(CancellationToken cancel)
    {
        if (isLoaded)
            return;
        await loading.WaitAsync(cancel);
        try
        {
            if (isLoaded)
                return;
            await using (var connection = await source.OpenConnectionAsync(cancel))
                await connection.ReloadTypesAsync(cancel);
            // Connections opened earlier keep what they knew.
            source.Clear();
            isLoaded = true;
        }
        finally
        {
            loading.Release();
        }
    }

    private static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await using var command = new NpgsqlCommand(CreateSql, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException error) when (!Failures.IsConnectionLost(error))
        {
            throw new StoreServerUnfitException(
                "Neural embeddings need the extension pgvector, which the database lacks and the service's role could not make "
                + $"({error.MessageText}). Install pgvector on the server; then, once, as a superuser in this database: CREATE "
                + $"EXTENSION vector;");
        }
    }

    private static async Task<string?> FindVersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(VersionSql, connection);
        return await command.ExecuteScalarAsync(cancel) as string;
    }
}
