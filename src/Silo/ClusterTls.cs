using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MemoryOrleans.Settings.Certificates;
using MemoryOrleans.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace MemoryOrleans.Silo;

/// <summary>
/// TLS between the processes of a cluster, both ways: each shows a certificate, and takes no other but those of the cluster's own
/// authority. Names are not compared, as processes come and go with their addresses.
/// </summary>
internal sealed class ClusterTls
{
    // There is no name to ask for; something has to be said.
    private const string TargetHost = "memory";

    private readonly X509Certificate2Collection authority;

    public ClusterTls(ClusterTlsSettings settings, TimeProvider clock, ILogger<RenewedCertificate> log)
    {
        authority = settings.ReadAuthority();
        var certificate = new RenewedCertificate("The cluster", settings.Files, settings.ReloadPeriod, clock, log);
        Options = new TlsOptions
        {
            LocalServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate,
            LocalClientCertificateSelector = (_, _, _, _, _) => certificate.Current.TargetCertificate,
            // Of whoever connects as of whoever is connected to.
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = IsOfCluster,
            OnAuthenticateAsClient = static (_, authentication) => authentication.TargetHost = TargetHost,
        };
    }

    public TlsOptions Options { get; }

    /// <summary>All connections of a silo: with other silos, in and out, and with gateways.</summary>
    public static void Use(ISiloBuilder silo, ClusterTlsSettings settings)
    {
        Add(silo.Services, settings);
        silo.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloInboundConnection(static builder => builder.UseServerTls(Of(builder.ApplicationServices)));
            connections.ConfigureGatewayInboundConnection(static builder => builder.UseServerTls(Of(builder.ApplicationServices)));
            connections.ConfigureSiloOutboundConnection(static builder => builder.UseClientTls(Of(builder.ApplicationServices)));
        });
    }

    /// <summary>The connections of a gateway, all of which go to silos.</summary>
    public static void Use(IClientBuilder client, ClusterTlsSettings settings)
    {
        Add(client.Services, settings);
        client.Configure<ClientConnectionOptions>(static connections =>
            connections.ConfigureConnection(static builder => builder.UseClientTls(Of(builder.ApplicationServices))));
    }

    private static void Add(IServiceCollection services, ClusterTlsSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ClusterTls(
            settings, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RenewedCertificate>>()));
    }

    private static TlsOptions Of(IServiceProvider services) => services.GetRequiredService<ClusterTls>().Options;

    // What stands between it and the authority came with it.
    private bool IsOfCluster(X509Certificate2 certificate, X509Chain? shown, SslPolicyErrors errors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (shown is not null)
            chain.ChainPolicy.ExtraStore.AddRange(shown.ChainElements.Select(static element => element.Certificate).ToArray());
        return chain.Build(certificate);
    }
}
