using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>Silos and gateways as processes that prove to each other that they belong to the cluster.</summary>
public sealed class ClusterTlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-cluster-tls-");
    private MemoryProcesses? processes;

    public async ValueTask InitializeAsync() => processes = await MemoryProcesses.NewAsync();

    public async ValueTask DisposeAsync()
    {
        await processes!.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_process_with_a_certificate_of_the_cluster_joins_and_others_are_refused()
    {
        await processes!.StartAsync("silo", [.. WriteCertificate("own"), "MEMORY_LOG_LEVEL=Warning"]);
        await processes.StartAsync("silo", [.. WriteCertificate("own"), "MEMORY_LOG_LEVEL=Warning"]);
        var client = (await processes.StartAsync("gateway", WriteCertificate("own"))).Client;
        for (var i = 0; i < 8; i++)
        {
            using var appended = await client.PostAsJsonAsync($"v1/sessions/s{i}/turns", new { role = "user", content = "hello" });
            Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
        }

        // The same authority by name, with another key; and one that shows nothing at all. The silos say that they refuse it.
        foreach (var settings in new[] { WriteCertificate("other"), [] })
        {
            processes.ForgetSaid();
            var (process, stranger) = processes.Launch("gateway", settings);
            await processes.WhenSaidAsync("Authentication failed");
            await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(new Uri("health/ready", UriKind.Relative)));
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void What_is_missing_is_said_by_the_name_of_its_setting()
    {
        Assert.Contains("MEMORY_CLUSTER_TLS_AUTHORITY: is needed", Errors("MEMORY_CLUSTER_ROLE=silo", WriteCertificate("own")[0]),
            StringComparison.Ordinal);
        Assert.Contains("MEMORY_CLUSTER_TLS_CERTIFICATE: is needed", Errors("MEMORY_CLUSTER_ROLE=silo", WriteCertificate("own")[2]),
            StringComparison.Ordinal);
        Assert.Contains("MEMORY_CLUSTER_ROLE is alone", Errors(WriteCertificate("own")), StringComparison.Ordinal);
        Assert.Empty(Errors(["MEMORY_CLUSTER_ROLE=silo", .. WriteCertificate("own")]));
    }

    private static string Errors(params string[] settings)
    {
        var read = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(static each => KeyValuePair.Create(each.Split('=', 2)[0], (string?)each.Split('=', 2)[1]))).Build());
        ClusterSettings.Read(read);
        return string.Join('\n', read.Errors);
    }

    /// <summary>A certificate of a process, signed by an authority that is made when it is first named; as settings.</summary>
    private string[] WriteCertificate(string authority)
    {
        var (rootFile, rootKeyFile) =
            (Path.Combine(folder.FullName, authority + ".pem"), Path.Combine(folder.FullName, authority + ".key"));
        if (!File.Exists(rootFile))
            WriteAuthority(rootFile, rootKeyFile);
        using var root = X509Certificate2.CreateFromPemFile(rootFile, rootKeyFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=process", key, HashAlgorithmName.SHA256);
        using var signed = request.Create(root, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1),
            RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(folder.FullName, $"{signed.SerialNumber}.pem");
        File.WriteAllText(file, signed.ExportCertificatePem());
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem());
        return [$"MEMORY_CLUSTER_TLS_CERTIFICATE={file}", $"MEMORY_CLUSTER_TLS_KEY={file}.key", $"MEMORY_CLUSTER_TLS_AUTHORITY={rootFile}"];
    }

    private static void WriteAuthority(string file, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0,
            critical: true));
        using var root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(2));
        File.WriteAllText(file, root.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
