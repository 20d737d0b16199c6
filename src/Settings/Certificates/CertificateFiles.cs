using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MemoryOrleans.Settings.Certificates;

/// <summary>A certificate of this process on disk: PEM with its key beside or within it, or PFX.</summary>
/// <param name="Certificate">Path of the certificate.</param>
/// <param name="Key">Path of its PEM key; null: in the same file.</param>
/// <param name="Password">Of the PFX, or of an encrypted key; null: none.</param>
public sealed record CertificateFiles(string Certificate, string? Key, string? Password)
{
    private const string PemMark = "-----BEGIN ";

    /// <summary>What makes it unusable, as the rest of a sentence; null: it can be used.</summary>
    public string? FindFault()
    {
        try
        {
            Make(Read());
            return null;
        }
        catch (Exception failure) when (IsExplained(failure))
        {
            return $"cannot be used: {failure.Message.TrimEnd('.')}";
        }
    }

    /// <summary>The bytes of its files, to tell whether they have changed.</summary>
    public byte[] Read() => Key is null ? File.ReadAllBytes(Certificate)
        : [.. File.ReadAllBytes(Certificate), (byte)'\n', .. File.ReadAllBytes(Key)];

    /// <summary>The certificate with those between it and its root, ready for connections.</summary>
    /// <exception cref="CryptographicException">The bytes are no certificate with its key, or the password is wrong.</exception>
    public SslStreamCertificateContext Make(byte[] bytes)
    {
        var text = System.Text.Encoding.Latin1.GetString(bytes);
        var (own, others) = text.Contains(PemMark, StringComparison.Ordinal) ? ReadPem(text) : ReadPfx(bytes);
        return SslStreamCertificateContext.Create(own, others, offline: true);
    }

    /// <summary>True for what a person can mend: the files or the password.</summary>
    public static bool IsExplained(Exception failure) =>
        failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    // The file's first certificate is the process's own.
    private (X509Certificate2 Own, X509Certificate2Collection Others) ReadPem(string text)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(text);
        if (all.Count == 0)
            throw new CryptographicException("there is no certificate in it");
        return (Password is null ? X509Certificate2.CreateFromPem(text, text)
            : X509Certificate2.CreateFromEncryptedPem(text, text, Password), [.. all.Skip(1)]);
    }

    private (X509Certificate2 Own, X509Certificate2Collection Others) ReadPfx(byte[] bytes)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(bytes, Password);
        var own = all.FirstOrDefault(static each => each.HasPrivateKey)
            ?? throw new CryptographicException("there is no private key in it");
        return (own, [.. all.Where(each => each != own)]);
    }
}
