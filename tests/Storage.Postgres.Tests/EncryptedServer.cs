using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>
/// A PostgreSQL server of its own that takes nothing but TLS, with a certificate for localhost that <see cref="RootFile"/> has signed.
/// </summary>
internal sealed class EncryptedServer : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly (string Name, string Value)[] settings;

    private EncryptedServer(DirectoryInfo folder, (string Name, string Value)[] settings) =>
        (this.folder, this.settings) = (folder, settings);

    /// <summary>The URL of the service's role, with host localhost, and without an sslmode.</summary>
    public string Url { get; private set; } = string.Empty;

    public string RootFile => Path.Combine(folder.FullName, "root.pem");

    public string OtherRootFile => Path.Combine(folder.FullName, "other.pem");

    public static async Task<EncryptedServer> StartAsync(int port)
    {
        // Where a server's own user can reach it.
        var home = Directory.CreateDirectory($"/var/tmp/memory-tls-{Guid.NewGuid():n}");
        (string, string)[] told =
        [
            ("MEMORY_DEV_PG_HOME", home.FullName), ("MEMORY_DEV_PG_PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("MEMORY_DEV_PG_ROOT", await SharedRootAsync()), ("MEMORY_DEV_PG_SHARED_BUFFERS", "16MB"),
        ];
        var server = new EncryptedServer(home, told);
        server.Url = (await TestServer.RunScriptAsync("start", told)).Replace("@127.0.0.1:", "@localhost:", StringComparison.Ordinal);
        await server.EncryptAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await TestServer.RunScriptAsync("destroy", settings);
        if (folder.Exists)
            folder.Delete(recursive: true);
    }

    // The programs are where another server's are: fetched once.
    private static async Task<string> SharedRootAsync()
    {
        var bin = await TestServer.RunScriptAsync("bin");
        var root = bin[..bin.IndexOf("/usr/lib/postgresql", StringComparison.Ordinal)];
        return root[..root.LastIndexOf('-', root.LastIndexOf('-') - 1)];
    }

    // The server writes its files itself: only so are they its own user's, and closed to others.
    private async Task EncryptAsync()
    {
        var (root, certificate, key) = MakeCertificates();
        await File.WriteAllTextAsync(RootFile, root);
        await File.WriteAllTextAsync(OtherRootFile, MakeCertificates().Root);
        await ExecuteAsync($"COPY (SELECT unnest(string_to_array('{certificate}', E'\\n'))) TO PROGRAM 'umask 077; cat > server.crt'");
        await ExecuteAsync($"COPY (SELECT unnest(string_to_array('{key}', E'\\n'))) TO PROGRAM 'umask 077; cat > server.key'");
        await ExecuteAsync("COPY (SELECT 'hostssl all all all scram-sha-256') TO PROGRAM 'cat > pg_hba.conf'");
        await ExecuteAsync("ALTER SYSTEM SET ssl = on");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    private Task ExecuteAsync(string sql) => TestServer.RunScriptAsync("admin", settings, "-d", "postgres", "-c", sql);

    private static (string Root, string Certificate, string Key) MakeCertificates()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false,
            0, critical: true));
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        using var root = authority.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, from, until, RandomNumberGenerator.GetBytes(8));
        return (root.ExportCertificatePem(), signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
