using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>An authority of its own, with another below it that signs servers' certificates; all in a folder that goes with it.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-tls-");
    private readonly X509Certificate2 between;

    public Certificates()
    {
        Root = Sign("root", null, isAuthority: true);
        between = Sign("between", Root, isAuthority: true);
    }

    /// <summary>What a client trusts.</summary>
    public X509Certificate2 Root { get; }

    public string CertificateFile => Path.Combine(folder.FullName, "server.pem");

    public string KeyFile => Path.Combine(folder.FullName, "server.key");

    public string PfxFile => Path.Combine(folder.FullName, "server.pfx");

    /// <summary>A new certificate for this machine, written as PEM with the one between it and the root.</summary>
    /// <returns>Its thumbprint.</returns>
    public string WritePem()
    {
        using var server = Sign("localhost", between, isAuthority: false);
        using var key = server.GetECDsaPrivateKey()!;
        File.WriteAllText(CertificateFile, server.ExportCertificatePem() + "\n" + between.ExportCertificatePem() + "\n");
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        return server.Thumbprint;
    }

    /// <summary>The same as PFX.</summary>
    public string WritePfx(string password)
    {
        using var server = Sign("localhost", between, isAuthority: false);
        var both = new X509Certificate2Collection { server, X509CertificateLoader.LoadCertificate(between.RawData) };
        File.WriteAllBytes(PfxFile, both.Export(X509ContentType.Pfx, password)!);
        return server.Thumbprint;
    }

    public void Dispose()
    {
        Root.Dispose();
        between.Dispose();
        folder.Delete(recursive: true);
    }

    private static X509Certificate2 Sign(string name, X509Certificate2? issuer, bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0,
            critical: true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(isAuthority ? 60 : 30));
        if (issuer is null)
            return request.CreateSelfSigned(from, until);
        using var signed = request.Create(issuer, from, until, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
