using System.Text;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>Heads of the requests this program sends; callers write the body and end it.</summary>
internal sealed class RequestForms(Target target, Credentials credentials)
{
    private readonly byte[] _host = Encoding.ASCII.GetBytes($" HTTP/1.1\r\nHost: {target.Authority}\r\n");

    public Credentials Credentials => credentials;

    /// <summary>Starts <c>POST /v1/sessions/{session}/turns</c>.</summary>
    public void BeginTurn(RequestBuffer buffer, in SessionName session, long keyNumber = -1) =>
        BeginSessionPost(buffer, session, "/turns"u8, keyNumber);

    /// <summary>Starts <c>POST /v1/sessions/{session}/turns/batch</c>.</summary>
    public void BeginBatch(RequestBuffer buffer, in SessionName session, long keyNumber = -1) =>
        BeginSessionPost(buffer, session, "/turns/batch"u8, keyNumber);

    /// <summary>Starts <c>POST /v1/recall</c>.</summary>
    public void BeginRecall(RequestBuffer buffer, long credential)
    {
        buffer.Clear();
        buffer.Write("POST /v1/recall"u8);
        EndHead(buffer, credential);
        buffer.BeginBody();
    }

    /// <summary>Starts a POST of JSON to a path, under the first credential.</summary>
    public void BeginPost(RequestBuffer buffer, ReadOnlySpan<byte> path)
    {
        buffer.Clear();
        buffer.Write("POST "u8);
        buffer.Write(path);
        EndHead(buffer, credential: 0);
        buffer.BeginBody();
    }

    /// <summary>A whole GET.</summary>
    public void Get(RequestBuffer buffer, string pathAndQuery, long credential = 0)
    {
        buffer.Clear();
        buffer.Write("GET "u8);
        buffer.Write(Encoding.ASCII.GetBytes(pathAndQuery));
        buffer.Write(_host);
        buffer.Write(credentials.HeaderOf(credential));
        buffer.Write("\r\n"u8);
    }

    private void BeginSessionPost(RequestBuffer buffer, in SessionName session, ReadOnlySpan<byte> call, long keyNumber)
    {
        buffer.Clear();
        buffer.Write("POST /v1/sessions/"u8);
        session.WriteTo(buffer);
        buffer.Write(call);
        EndHead(buffer, session.Index);
        if (keyNumber >= 0)
        {
            buffer.Write("Idempotency-Key: "u8);
            session.WriteTo(buffer);
            buffer.Write((byte)'.');
            buffer.WriteNumber(keyNumber);
            buffer.Write("\r\n"u8);
        }

        buffer.BeginBody();
    }

    private void EndHead(RequestBuffer buffer, long credential)
    {
        buffer.Write(_host);
        buffer.Write(credentials.HeaderOf(credential));
        buffer.Write("Content-Type: application/json\r\n"u8);
    }
}

/// <summary>A session's id: a prefix common to the run, and the session's number.</summary>
internal readonly record struct SessionName(byte[] Prefix, long Index)
{
    public void WriteTo(RequestBuffer buffer)
    {
        buffer.Write(Prefix);
        buffer.WriteNumber(Index);
    }

    public override string ToString() => $"{Encoding.ASCII.GetString(Prefix)}{Index}";
}
