using MemoryOrleans.Settings;
using MemoryOrleans.Settings.Certificates;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>How HTTPS is spoken at the addresses that ask for it.</summary>
public sealed record TlsOptions
{
    private const string CertificateName = "MEMORY_TLS_CERTIFICATE";

    /// <summary>MEMORY_TLS_CERTIFICATE, _KEY and _PASSWORD: where the certificate is read from.</summary>
    public required CertificateFiles Files { get; init; }

    /// <summary>MEMORY_TLS_RELOAD_SECONDS: so often at most the files are looked at for a new certificate.</summary>
    public required TimeSpan ReloadPeriod { get; init; }

    /// <summary>MEMORY_TLS_HSTS_SECONDS: how long browsers are to remember to come by HTTPS; zero: not told.</summary>
    public required TimeSpan StrictTransport { get; init; }

    /// <summary>
    /// Null where nothing is listened to by HTTPS. Errors are collected in <paramref name="settings"/>, an unreadable certificate among
    /// them.
    /// </summary>
    internal static TlsOptions? Read(MemorySettings settings, IReadOnlyList<string> urls)
    {
        var certificate = settings.Text(
            CertificateName, null, "the path of a file",
            "The certificate for https:// addresses of MEMORY_URLS: PEM, the server's own first and then those between it and its root, "
            + "or PFX. It is read again when the file changes.");
        var key = settings.Text("MEMORY_TLS_KEY", null, "the path of a file", "Its private key, PEM. Default: in the certificate's file.");
        var password = settings.Text(
            "MEMORY_TLS_PASSWORD", null, "any text", "The password of the PFX file, or of an encrypted key.", secret: true);
        var options = new TlsOptions
        {
            Files = new CertificateFiles(certificate ?? string.Empty, key, password),
            ReloadPeriod = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_TLS_RELOAD_SECONDS", 30, 1, 86_400, "seconds",
                "Time after which a new connection looks whether the certificate's files have changed.")),
            StrictTransport = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_TLS_HSTS_SECONDS", 31_536_000, 0, 63_072_000, "seconds",
                "How long browsers are told to come by HTTPS only (Strict-Transport-Security), in answers over HTTPS; 0: not told.")),
        };
        Check(settings, options.Files, urls.Any(ListenUrls.IsSecure));
        return urls.Any(ListenUrls.IsSecure) ? options : null;
    }

    private static void Check(MemorySettings settings, CertificateFiles files, bool isSecure)
    {
        if (isSecure && files.Certificate.Length == 0)
            settings.Reject(CertificateName, "is needed for the https:// addresses of MEMORY_URLS");
        else if (!isSecure && files.Certificate.Length > 0)
            settings.Reject(CertificateName, "is used by https:// addresses only, and MEMORY_URLS has none");
        else if (isSecure && files.FindFault() is { } fault)
            settings.Reject(CertificateName, fault);
        if (files.Certificate.Length == 0 && (files.Key ?? files.Password) is not null)
            settings.Reject(files.Key is null ? "MEMORY_TLS_PASSWORD" : "MEMORY_TLS_KEY", $"needs {CertificateName}");
    }
}
