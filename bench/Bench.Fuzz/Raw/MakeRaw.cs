using System.Text;

namespace MemoryOrleans.Bench.Fuzz.Raw;

/// <param name="Parts">Written one after another.</param>
/// <param name="AnswersMax">Answers that may be waited for.</param>
/// <param name="IsWhole">The server has all it needs: it must answer, or end the connection.</param>
/// <param name="IsCut">The sender says behind the parts that no more will come.</param>
internal sealed record RawRequest(string Name, IReadOnlyList<byte[]> Parts, int AnswersMax, bool IsWhole, bool IsCut = false)
{
    public string Show()
    {
        var text = string.Concat(Parts.Select(Encoding.Latin1.GetString));
        return $"{Parts.Count} parts, {text.Length} bytes: {(text.Length > 500 ? text[..500] + "…" : text)}";
    }
}

/// <summary>HTTP as no client sends it.</summary>
internal static class MakeRaw
{
    private static readonly string[] Lines =
    [
        "GET", "GET /", "GET  / HTTP/1.1", "get / HTTP/1.1", "GET / HTTP/9.9", "GET / HTTP/1.1 x", "GET\t/\tHTTP/1.1", " GET / HTTP/1.1",
        "GET /%00 HTTP/1.1",
        "GET /v1/sessions/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", "GET /v1//sessions HTTP/1.1", "GET /v1/sessions;a=b HTTP/1.1",
        "GET http://evil.example/v1/sessions HTTP/1.1",
        "GET * HTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT a:1 HTTP/1.1", "TRACE / HTTP/1.1", "\u0000 / HTTP/1.1", "GET /\u00ff HTTP/1.1",
        "GET /v1/sessions?%ff=%c3%28 HTTP/1.1",
        "PRI * HTTP/2.0", "GET /v1/sessions#x HTTP/1.1", "GET \\v1\\sessions HTTP/1.1", "POST /v1/recall HTTP/1.0",
        "GET /v1/sessions?limit=1&limit=%f0%9f%98 HTTP/1.1",
    ];

    private static readonly string[] Headers =
    [
        "Host", "Host : localhost", " Host: localhost", ": x", "A\u0000: b", "A: b\u0000", "X-Api-Key: \u00ff", "Content-Length: -1",
        "Content-Length: 1x",
        "Content-Length: 99999999999999999999", "Content-Length: +3", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: x",
        "Connection: close, keep-alive, \u0001", "Expect: 100-continue", "A: b\n c", "A: b\r\n\tfolded", "Upgrade: h2c",
        "Host: a\r\nHost: b", "Host: [::1", "Content-Type:",
        "Cookie: " + "a=b; ", "Accept-Encoding: \u00e9",
    ];

    public static RawRequest Of(Random random, TenantKey tenant) => random.Next(12) switch
    {
        0 => Whole("line", $"{Lines[random.Next(Lines.Length)]}\r\nHost: localhost\r\nX-Api-Key: {tenant.Key}\r\nConnection: close\r\n\r\n"),
        1 => Whole("header", Head("GET", "/v1/sessions", tenant, Headers[random.Next(Headers.Length)], "Connection: close")),
        2 => Whole("header-flood",
        Head("GET", "/v1/sessions", tenant, [.. Enumerable.Range(0, random.Next(90, 400)).Select(static n => $"H{n}: x")])),
        3 => Whole("long-header", Head("GET", "/v1/sessions", tenant, "H: " + new string('x', random.Next(20_000, 90_000)))),
        4 => new RawRequest("chunks-cut", Chunks(random, tenant, isEnded: false), 1, IsWhole: true, IsCut: true),
        5 => new RawRequest("chunks", Chunks(random, tenant, isEnded: true), 1, IsWhole: true),
        6 => Whole("bad-chunk", Head("POST", "/v1/recall", tenant, "Content-Type: application/json", "Transfer-Encoding: chunked")
        + BadChunk(random)),
        7 => Whole("both-lengths",
        Head("POST", "/v1/recall", tenant, "Content-Type: application/json", "Content-Length: 4", "Transfer-Encoding: chunked")
        + "0\r\n\r\n"),
        8 => Pipelined(random, tenant),
        9 => new RawRequest("body-cut",
        [Bytes(Head("POST", "/v1/memories", tenant, "Content-Type: application/json", "Content-Length: 500") + "{\"kind\":\"n")], 1,
        IsWhole: true, IsCut: true),
        10 => Noise(random),
        _ => Dripped(random, tenant),
    };

    private static RawRequest Whole(string name, string text) => new(name, [Bytes(text)], 1, IsWhole: true, IsCut: true);

    private static RawRequest Pipelined(Random random, TenantKey tenant)
    {
        const string Body = "{\"query\":\"Where does Nora live?\"}";
        var count = random.Next(2, 20);
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(random.Next(2) == 0
                ? Head("GET", "/v1/sessions?limit=1", tenant)
                : Head("POST", "/v1/recall", tenant, "Content-Type: application/json", $"Content-Length: {Body.Length}") + Body);
        }

        return new RawRequest("pipelined", [Bytes(text.ToString())], count, IsWhole: true);
    }

    // What is no HTTP at all: noise, the beginning of TLS, another protocol.
    private static RawRequest Noise(Random random)
    {
        var noise = new byte[random.Next(1, 4000)];
        random.NextBytes(noise);
        byte[] bytes = random.Next(3) switch
        {
            0 => noise,
            1 => [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. noise],
            _ => Bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004"),
        };
        return new RawRequest("noise", [bytes], 1, IsWhole: true, IsCut: true);
    }

    // Byte by byte, each a packet of its own; slower ones are the work of bench/drills/faults.sh.
    private static RawRequest Dripped(Random random, TenantKey tenant)
    {
        const string Body = "{\"query\":\"Nora\"}";
        var text = Head("POST", "/v1/recall", tenant, "Content-Type: application/json", $"Content-Length: {Body.Length}") + Body;
        var size = random.Next(1, 4);
        return new RawRequest("dripped", [.. Bytes(text).Chunk(size)], 1, IsWhole: true);
    }

    private static List<byte[]> Chunks(Random random, TenantKey tenant, bool isEnded)
    {
        var parts = new List<byte[]> { Bytes(Head("POST", "/v1/recall", tenant, "Content-Type: application/json",
            "Transfer-Encoding: chunked")) };
        foreach (var piece in "{\"query\":\"Where does Nora live?\"}".Chunk(random.Next(1, 9)))
            parts.Add(Bytes($"{piece.Length:x}{(random.Next(4) == 0 ? ";x=y" : "")}\r\n{new string(piece)}\r\n"));
        if (isEnded)
            parts.Add(Bytes(random.Next(2) == 0 ? "0\r\n\r\n" : "0\r\nTrailer: x\r\n\r\n"));
        else
            parts.RemoveAt(parts.Count - 1);
        return parts;
    }

    private static string BadChunk(Random random) => random.Next(6) switch
    {
        0 => "zz\r\n{}\r\n0\r\n\r\n",
        1 => "-1\r\n{}\r\n0\r\n\r\n",
        2 => "ffffffffffffffff\r\n{}\r\n",
        3 => "7fffffff\r\n{}\r\n",
        4 => "2;" + new string('x', 20_000) + "\r\n{}\r\n0\r\n\r\n",
        _ => "2\r\n{}x\r\n0\r\n\r\n",
    };

    private static string Head(string method, string path, TenantKey tenant, params string[] headers) =>
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {tenant.Key}\r\n"
        + string.Concat(headers.Select(static each => each + "\r\n")) + "\r\n";

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
