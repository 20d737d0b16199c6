using System.Net.Sockets;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>
/// One keep-alive TCP connection of one thread. Blocking calls on purpose: a send and a receive are two system calls
/// without a trip through an event loop, the cheapest a request can be.
/// </summary>
internal sealed class HttpConnection : IByteSource, IDisposable
{
    private readonly Target _target;
    private readonly int _timeoutMs;
    private readonly ResponseReader _response;
    private Socket? _socket;

    public HttpConnection(Target target, TimeSpan timeout)
    {
        _target = target;
        _timeoutMs = (int)timeout.TotalMilliseconds;
        _response = new ResponseReader(this);
    }

    /// <summary>The last response; its body is valid until the next exchange.</summary>
    public ResponseReader Response => _response;

    /// <summary>Sends, and reads the whole answer.</summary>
    /// <returns>The status code.</returns>
    /// <exception cref="SocketException">Refused, reset or timed out.</exception>
    /// <exception cref="IOException">The connection or the response ended early.</exception>
    public int Exchange(RequestBuffer request)
    {
        Send(request);
        return Receive();
    }

    /// <summary>Sends without waiting for the answer; <see cref="Receive"/> must follow.</summary>
    public void Send(RequestBuffer request)
    {
        Open();
        var rest = request.Written;
        try
        {
            while (rest.Length > 0)
                rest = rest[_socket!.Send(rest)..];
        }
        catch (SocketException)
        {
            Close();
            throw;
        }
    }

    public int Receive()
    {
        try
        {
            _response.Read();
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException)
        {
            Close();
            throw;
        }

        if (!_response.KeepAlive)
            Close();
        return _response.Status;
    }

    public void Open()
    {
        if (_socket is not null)
            return;
        var socket = new Socket(_target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = _timeoutMs,
            SendTimeout = _timeoutMs,
        };
        try
        {
            socket.Connect(_target.EndPoint);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        _socket = socket;
        _response.Reset();
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public int Read(Span<byte> into) => _socket?.Receive(into) ?? throw new EndOfStreamException("There is no connection.");

    public void Dispose() => Close();
}
