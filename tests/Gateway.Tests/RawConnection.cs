using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>A connection whose bytes are the test's own.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient client = new();
    private NetworkStream stream = null!;

    public static async Task<RawConnection> OpenAsync(RunningGateway gateway)
    {
        var connection = new RawConnection();
        await connection.client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        connection.stream = connection.client.GetStream();
        return connection;
    }

    /// <summary>Sends a request's head, and of its body what is given.</summary>
    public Task SendHeadAsync(string method, string path, string? key, params string[] headers)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if (key is not null)
            head.Append("X-Api-Key: ").Append(key).Append("\r\n");
        foreach (var header in headers)
            head.Append(header).Append("\r\n");
        return SendAsync(head.Append("\r\n").ToString());
    }

    public async Task SendAsync(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads the next answer to its end: its status; 0 when the connection ends without one.</summary>
    public async Task<int> ReadStatusAsync()
    {
        const string LengthName = "Content-Length: ";
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = await ReadSomeAsync(1);
            if (next.Length == 0)
                return 0;
            head.Append(next);
        }

        var lines = head.ToString().Split("\r\n");
        if (lines.FirstOrDefault(line => line.StartsWith(LengthName, StringComparison.OrdinalIgnoreCase)) is { } length)
            await ReadSomeAsync(int.Parse(length[LengthName.Length..], CultureInfo.InvariantCulture));
        return int.Parse(lines[0]["HTTP/1.1 ".Length..][..3], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits for the first byte of an answer, and reads no more of it.</summary>
    public Task ReadAnyAsync() => ReadSomeAsync(1);

    /// <summary>Waits until the other side has ended the connection.</summary>
    public async Task ReadToEndAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, Patience()) > 0)
            {
                // What is left of an answer is of no interest.
            }
        }
        catch (IOException)
        {
            // Reset is ended too.
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<string> ReadSomeAsync(int bytes)
    {
        var buffer = new byte[bytes];
        var read = 0;
        try
        {
            while (read < bytes)
            {
                var more = await stream.ReadAsync(buffer.AsMemory(read), Patience());
                if (more == 0)
                    break;
                read += more;
            }
        }
        catch (IOException)
        {
            // Reset: what was read is all there is.
        }

        return Encoding.Latin1.GetString(buffer, 0, read);
    }

    private static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
}
