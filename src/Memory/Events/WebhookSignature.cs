using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Events;

/// <summary>Signs deliveries as the Standard Webhooks specification says, version v1: symmetric.</summary>
public static class WebhookSignature
{
    public const int SecretBytes = 32;

    private const string SecretPrefix = "whsec_";

    /// <summary>A secret as receivers configure it: <c>whsec_</c> and its bytes in base64.</summary>
    public static string TextOf(byte[] secret) => SecretPrefix + Convert.ToBase64String(secret);

    /// <summary>
    /// The header <c>webhook-signature</c>: for each secret <c>v1,</c> and, in base64, the HMAC-SHA-256 of <c>ID.SECONDS.BODY</c>; a space
    /// between them.
    /// </summary>
    public static string Of(string id, long seconds, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}."));
        var signed = new byte[head.Length + body.Length];
        head.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(head.Length));
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
