using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>HTTPS over real sockets, with certificates that a client verifies up to a root of its own.</summary>
[Collection(Alone.Name)]
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Certificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Https_answers_with_the_whole_chain_and_tells_browsers_to_stay()
    {
        certificates.WritePem();
        await using var gateway = await StartAsync();
        using var http = NewClient(gateway);
        using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task A_renewed_certificate_is_given_to_new_connections_and_old_ones_go_on()
    {
        var first = certificates.WritePem();
        await using var gateway = await StartAsync("MEMORY_TLS_RELOAD_SECONDS=1");
        using var kept = NewClient(gateway);
        Assert.Equal(HttpStatusCode.OK, (await kept.GetAsync(new Uri("health/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(first, await ShownAsync(gateway));

        var second = certificates.WritePem();
        await WhenShownAsync(gateway, second);
        Assert.Equal(HttpStatusCode.OK, (await kept.GetAsync(new Uri("health/ready", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_leaves_the_one_before_in_place()
    {
        var first = certificates.WritePem();
        using var logs = new RecordedLogs();
        await using var gateway =
            await RunningGateway.StartAsync(null, logs, [.. Settings, "MEMORY_TLS_RELOAD_SECONDS=1", "MEMORY_LOG_LEVEL=error"]);
        File.WriteAllText(certificates.KeyFile, "no key");
        using var late = new CancellationTokenSource(Patience);
        while (!logs.Lines.Any(static line => line.Contains("cannot be used", StringComparison.Ordinal)) && !late.IsCancellationRequested)
            Assert.Equal(first, await ShownAsync(gateway));
        Assert.Contains(logs.Lines, static line => line.Contains("cannot be used", StringComparison.Ordinal));

        await WhenShownAsync(gateway, certificates.WritePem());
    }

    [Fact]
    public async Task A_pfx_file_will_do_with_its_password()
    {
        var thumbprint = certificates.WritePfx("open sesame");
        await using var gateway = await RunningGateway.StartAsync(
            "MEMORY_URLS=https://127.0.0.1:0", $"MEMORY_TLS_CERTIFICATE={certificates.PfxFile}", "MEMORY_TLS_PASSWORD=open sesame",
            "MEMORY_TLS_HSTS_SECONDS=0");
        Assert.Equal(thumbprint, await ShownAsync(gateway));
        using var http = NewClient(gateway);
        using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Plain_requests_to_an_https_address_are_not_answered_and_no_older_protocol_is_spoken()
    {
        certificates.WritePem();
        await using var gateway = await StartAsync();
        using var plain = new HttpClient { BaseAddress = new UriBuilder(gateway.Address) { Scheme = "http" }.Uri };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new Uri("health/ready", UriKind.Relative)));
        await using var stream = await ConnectAsync(gateway);
        Assert.Contains(stream.SslProtocol, new[] { SslProtocols.Tls12, SslProtocols.Tls13 });
    }

    [Fact]
    public void What_is_wrong_with_a_certificate_is_said_by_the_name_of_its_setting()
    {
        Assert.Contains("MEMORY_TLS_CERTIFICATE: is needed", Errors("MEMORY_URLS=https://127.0.0.1:8443"), StringComparison.Ordinal);
        Assert.Contains("MEMORY_TLS_CERTIFICATE: cannot be used",
            Errors("MEMORY_URLS=https://127.0.0.1:8443", "MEMORY_TLS_CERTIFICATE=/nowhere.pem"), StringComparison.Ordinal);
        Assert.Contains("MEMORY_URLS has none", Errors("MEMORY_TLS_CERTIFICATE=/nowhere.pem"), StringComparison.Ordinal);
        Assert.Contains("MEMORY_TLS_KEY: needs MEMORY_TLS_CERTIFICATE", Errors("MEMORY_TLS_KEY=/nowhere.key"), StringComparison.Ordinal);
        certificates.WritePfx("open sesame");
        var wrong = Errors("MEMORY_URLS=https://127.0.0.1:8443", $"MEMORY_TLS_CERTIFICATE={certificates.PfxFile}",
            "MEMORY_TLS_PASSWORD=shut");
        Assert.Contains("MEMORY_TLS_CERTIFICATE: cannot be used", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("shut", wrong, StringComparison.Ordinal);
        certificates.WritePem();
        var good = Errors("MEMORY_URLS=https://127.0.0.1:8443", $"MEMORY_TLS_CERTIFICATE={certificates.CertificateFile}",
            $"MEMORY_TLS_KEY={certificates.KeyFile}");
        Assert.Empty(good);
    }

    private string[] Settings =>
        ["MEMORY_URLS=https://127.0.0.1:0", $"MEMORY_TLS_CERTIFICATE={certificates.CertificateFile}",
        $"MEMORY_TLS_KEY={certificates.KeyFile}"];

    private Task<RunningGateway> StartAsync(params string[] settings) => RunningGateway.StartAsync([.. Settings, .. settings]);

    private static string Errors(params string[] settings)
    {
        var read = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(static each => KeyValuePair.Create(each.Split('=', 2)[0], (string?)each.Split('=', 2)[1]))).Build());
        GatewayOptions.Read(read);
        return string.Join('\n', read.Errors);
    }

    private HttpClient NewClient(RunningGateway gateway) =>
        new(new SocketsHttpHandler { SslOptions =
        new SslClientAuthenticationOptions { CertificateChainPolicy = Trust() } }) { BaseAddress = gateway.Address };

    // The root alone: what is between it and the server's own certificate has to come from the server.
    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(certificates.Root);
        return policy;
    }

    private async Task<SslStream> ConnectAsync(RunningGateway gateway)
    {
        var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = Trust() });
        return stream;
    }

    /// <summary>The thumbprint of what a new connection is shown.</summary>
    private async Task<string> ShownAsync(RunningGateway gateway)
    {
        await using var stream = await ConnectAsync(gateway);
        using var shown = X509CertificateLoader.LoadCertificate(stream.RemoteCertificate!.GetRawCertData());
        return shown.Thumbprint;
    }

    private Task WhenShownAsync(RunningGateway gateway, string thumbprint) =>
        Eventually.SeesAsync(() => ShownAsync(gateway), shown => shown == thumbprint, Patience);
}
