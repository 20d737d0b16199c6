using System.Net.Sockets;
using System.Text;

namespace MemoryOrleans.Bench.Fuzz.Raw;

/// <param name="Statuses">Of the answers that came, in order.</param>
/// <param name="HasEnded">The other side has ended the connection.</param>
internal sealed record RawResult(IReadOnlyList<int> Statuses, bool HasEnded, TimeSpan Took);

/// <summary>Bytes on a connection of their own, and what comes back.</summary>
internal static class RawExchange
{
    private const int ReadMax = 1 << 20;

    /// <summary>
    /// Sends the parts one after another, then reads until the answers wanted are there, the other side ends, or time is up.
    /// </summary>
    /// <param name="answersMax">No more are waited for.</param>
    /// <param name="isCut">The connection's sending side is ended behind the last part.</param>
    public static async Task<RawResult> RunAsync(
        Uri url, IEnumerable<byte[]> parts, int answersMax, bool isCut, TimeSpan patience, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(url.Host, url.Port, cancel);
        await using var stream = client.GetStream();
        var received = new StringBuilder();
        var hasEnded = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            foreach (var part in parts)
                await stream.WriteAsync(part, limit.Token);
            if (isCut)
                client.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16_384];
            while (received.Length < ReadMax && StatusesOf(received.ToString()).Count < answersMax)
            {
                var count = await stream.ReadAsync(buffer, limit.Token);
                hasEnded = count == 0;
                if (hasEnded)
                    break;
                received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Reset: the other side wanted no more of it.
            hasEnded = true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Neither answered nor ended in time: the caller judges.
        }

        return new RawResult(StatusesOf(received.ToString()), hasEnded, TimeProvider.System.GetElapsedTime(started));
    }

    private static List<int> StatusesOf(string received)
    {
        const string Start = "HTTP/1.1 ";
        var statuses = new List<int>();
        for (var at = received.IndexOf(Start, StringComparison.Ordinal); at >= 0;
            at = received.IndexOf(Start, at + 1, StringComparison.Ordinal))
        {
            if (received.Length >= at + Start.Length + 3 && int.TryParse(received.AsSpan(at + Start.Length, 3), out var status))
                statuses.Add(status);
        }

        return statuses;
    }
}
