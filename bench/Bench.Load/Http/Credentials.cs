using System.Text;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>The API keys requests are sent under, as ready header lines; sessions are dealt to keys in turn.</summary>
internal sealed class Credentials
{
    private readonly byte[][] _headers;

    private Credentials(byte[][] headers) => _headers = headers;

    public int Count => _headers.Length;

    /// <summary>The header line of the key that number <paramref name="index"/> falls to; empty without keys.</summary>
    public ReadOnlySpan<byte> HeaderOf(long index) => _headers[index % _headers.Length];

    /// <summary>Reads one key, a file of them, or none.</summary>
    /// <param name="key">One key, or null.</param>
    /// <param name="keysFile">A file of one key a line, or null; it wins over <paramref name="key"/>.</param>
    /// <exception cref="UsageException">A key is not printable ASCII, or the file holds none.</exception>
    public static Credentials Read(string? key, string? keysFile)
    {
        var keys = keysFile is null ? [] : File.ReadAllLines(keysFile).Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        if (keysFile is not null && keys.Length == 0)
            throw new UsageException($"'{keysFile}' holds no keys.");
        if (keys.Length == 0)
            keys = key is null ? [] : [key];
        if (keys.Any(k => k.Any(c => c is <= ' ' or > '~')))
            throw new UsageException("A key is printable ASCII without blanks.");
        return new Credentials(keys.Length == 0 ? [[]] : [.. keys.Select(k => Encoding.ASCII.GetBytes($"X-Api-Key: {k}\r\n"))]);
    }
}
