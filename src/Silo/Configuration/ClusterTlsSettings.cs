using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MemoryOrleans.Settings;
using MemoryOrleans.Settings.Certificates;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>How the processes of a cluster prove to each other that they belong to it, and encrypt what they say.</summary>
public sealed record ClusterTlsSettings
{
    private const string CertificateName = "MEMORY_CLUSTER_TLS_CERTIFICATE";
    private const string AuthorityName = "MEMORY_CLUSTER_TLS_AUTHORITY";

    private static readonly TimeSpan ReloadPeriodDefault = TimeSpan.FromSeconds(30);

    /// <summary>MEMORY_CLUSTER_TLS_CERTIFICATE, _KEY and _PASSWORD: what this process shows.</summary>
    public required CertificateFiles Files { get; init; }

    /// <summary>MEMORY_CLUSTER_TLS_AUTHORITY: path of the certificates that those of the cluster are signed by, PEM.</summary>
    public required string Authority { get; init; }

    /// <summary>How often at most the certificate's files are looked at.</summary>
    public TimeSpan ReloadPeriod { get; init; } = ReloadPeriodDefault;

    /// <summary>Null where the cluster speaks in the clear. Errors are collected in <paramref name="settings"/>.</summary>
    public static ClusterTlsSettings? Read(MemorySettings settings, bool isAlone)
    {
        var certificate = settings.Text(
            CertificateName, null, "the path of a file",
            "What this process shows the others of its cluster, as client and as server: PEM or PFX, read again when it changes. With "
            + "it, silos and gateways speak TLS to each other, and to nobody without a certificate of the same authority. All processes "
            + "have it, or none.");
        var key = settings.Text("MEMORY_CLUSTER_TLS_KEY", null, "the path of a file",
            "Its private key, PEM. Default: in the certificate's file.");
        var password = settings.Text("MEMORY_CLUSTER_TLS_PASSWORD", null, "any text",
            "The password of the PFX file, or of an encrypted key.", secret: true);
        var authority = settings.Text(
            AuthorityName, null, "the path of a file",
            "The authority, PEM, that has signed the certificates of this cluster's processes and of nobody else: whoever has one "
            + "belongs to the cluster, whatever its name. Read at the start.");
        if (certificate is null && (authority ?? key ?? password) is null)
            return null;
        var read = new ClusterTlsSettings { Files = new CertificateFiles(certificate ?? string.Empty, key, password),
            Authority = authority ?? string.Empty };
        Check(settings, read, isAlone);
        return read;
    }

    /// <summary>The authority's certificates.</summary>
    /// <exception cref="CryptographicException">The file holds none.</exception>
    public X509Certificate2Collection ReadAuthority()
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(Authority);
        return authority.Count > 0 ? authority : throw new CryptographicException("there is no certificate in it");
    }

    private static void Check(MemorySettings settings, ClusterTlsSettings read, bool isAlone)
    {
        if (isAlone)
            settings.Reject(CertificateName,
                "is for processes of a cluster, and MEMORY_CLUSTER_ROLE is alone; MEMORY_TLS_CERTIFICATE is for HTTPS");
        if (read.Files.Certificate.Length == 0)
            settings.Reject(CertificateName, "is needed beside the other MEMORY_CLUSTER_TLS settings");
        else if (read.Files.FindFault() is { } fault)
            settings.Reject(CertificateName, fault);
        if (read.Authority.Length == 0)
        {
            settings.Reject(AuthorityName, $"is needed beside {CertificateName}");
            return;
        }

        try
        {
            read.ReadAuthority();
        }
        catch (Exception failure) when (CertificateFiles.IsExplained(failure))
        {
            settings.Reject(AuthorityName, $"cannot be used: {failure.Message.TrimEnd('.')}");
        }
    }
}
