using System.Net;
using System.Net.Sockets;
using MemoryOrleans.Gateway.Limits;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Connections are bounded below the file handles there are, and whoever only opens them keeps nobody out.</summary>
public sealed class ConnectionTests
{
    private const string Key = "acme-key-0123456789";

    [Fact]
    public async Task Idle_connections_without_a_key_give_way_to_callers_with_one()
    {
        await using var gateway = await RunningGateway.StartAsync($"MEMORY_API_KEYS=acme:{Key}", "MEMORY_CONNECTIONS_MAX=8");
        using var known = await OpenWithKeyAsync(gateway);
        var idle = new List<RawConnection>();
        for (var i = 0; i < 40; i++)
            idle.Add(await RawConnection.OpenAsync(gateway));
        using var acme = gateway.NewHttp(Key);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/sessions", null)).Status);

        // The oldest were closed, and the one that had shown a key was not.
        await idle[0].ReadToEndAsync();
        await known.SendHeadAsync("GET", "/v1/sessions", Key);
        Assert.Equal(200, await known.ReadStatusAsync());
        Assert.Matches("(?m)^memory_connections_refused_total(\\{\\})? [1-9]", (await acme.CallAsync("GET", "/metrics", null)).Text);
        idle.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task When_all_connections_are_callers_with_keys_a_new_one_is_closed()
    {
        await using var gateway = await RunningGateway.StartAsync($"MEMORY_API_KEYS=acme:{Key}", "MEMORY_CONNECTIONS_MAX=2");
        using var first = await OpenWithKeyAsync(gateway);
        using var second = await OpenWithKeyAsync(gateway);
        await AssertIsClosedAsync(gateway);
        await first.SendHeadAsync("GET", "/health/live", null);
        Assert.Equal(200, await first.ReadStatusAsync());
    }

    [Fact]
    public async Task A_connection_on_which_nothing_comes_is_closed_soon()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_IDLE_CONNECTION_SECONDS=1");
        using var idle = await RawConnection.OpenAsync(gateway);
        await idle.ReadToEndAsync();
    }

    [Theory]
    [InlineData(null, 10_000, 10_000)]
    [InlineData(1_024L, 10_000, 624)]
    [InlineData(480L, 10_000, 80)]
    [InlineData(65_536L, 10_000, 10_000)]
    [InlineData(8_192L, 10_000, 7_168)]
    [InlineData(100L, 10_000, 16)]
    [InlineData(100L, 4, 4)]
    public void There_are_fewer_connections_than_file_handles(long? handles, int wanted, int connections) =>
        Assert.Equal(connections, FileHandles.ConnectionsFor(handles, wanted));

    [Fact]
    public async Task The_start_says_how_many_connections_it_can_hold()
    {
        var logs = new RecordedLogs();
        await using var gateway = await RunningGateway.StartAsync(null, logs, "MEMORY_LOG_LEVEL=information", "MEMORY_CONNECTIONS_MAX=77");
        Assert.Contains(logs.Lines, line => line.Contains("Holds 77 connections", StringComparison.Ordinal));
    }

    private static async Task AssertIsClosedAsync(RunningGateway gateway)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(gateway);
            await connection.ReadToEndAsync();
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    private static async Task<RawConnection> OpenWithKeyAsync(RunningGateway gateway)
    {
        var connection = await RawConnection.OpenAsync(gateway);
        await connection.SendHeadAsync("GET", "/v1/sessions/none/turns", Key, "Accept: application/json");
        Assert.Equal(404, await connection.ReadStatusAsync());
        return connection;
    }
}
