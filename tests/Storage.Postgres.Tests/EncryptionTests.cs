namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>TLS to a real server that takes nothing else.</summary>
public sealed class EncryptionTests
{
    [Fact]
    public async Task The_store_opens_over_tls_only_where_the_server_proves_its_name()
    {
        await using var server = await EncryptedServer.StartAsync(FreePorts.Next());

        await OpensAsync($"{server.Url}?sslmode=verify-full&sslrootcert={server.RootFile}");
        await OpensAsync($"{server.Url}?sslmode=require");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => OpensAsync($"{server.Url}?sslmode=disable"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => OpensAsync($"{server.Url}?sslmode=verify-full"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            OpensAsync($"{server.Url}?sslmode=verify-full&sslrootcert={server.OtherRootFile}"));
        var byNumber = server.Url.Replace("@localhost:", "@127.0.0.1:", StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            OpensAsync($"{byNumber}?sslmode=verify-full&sslrootcert={server.RootFile}"));
        await OpensAsync($"{byNumber}?sslmode=verify-ca&sslrootcert={server.RootFile}");
    }

    private static async Task OpensAsync(string url)
    {
        var options = new PostgresStoreOptions { Url = url, PoolSize = 2, MaxOverflow = 2, CommitConnections = 1 };
        await using var store = await PostgresStore.OpenAsync(options, TimeProvider.System, CancellationToken.None);
    }
}
