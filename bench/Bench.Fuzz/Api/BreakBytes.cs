using System.Text;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>JSON spoilt as bytes: cut, doubled, in the wrong encoding.</summary>
internal static class BreakBytes
{
    public static byte[] Of(string json, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        switch (random.Next(11))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                return [.. bytes, .. bytes];
            case 2:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 3:
                return Encoding.Unicode.GetBytes(json);
            case 4:
                return [];
            case 5:
                return Encoding.UTF8.GetBytes(new string(' ', random.Next(1, 100_000)));
            case 6:
                return [.. bytes, .. "/* comment */ ,"u8];
            case 7:
                return Encoding.UTF8.GetBytes("[" + json + "]");
            case 8:
                return Encoding.UTF8.GetBytes(new string('[', random.Next(10, 200_000)));
            default:
                for (var i = 0; i < 3 && bytes.Length > 0; i++)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
        }
    }
}
