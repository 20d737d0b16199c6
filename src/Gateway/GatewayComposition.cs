using System.Security.Authentication;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.InProcess;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.Logging;
using MemoryOrleans.Gateway.Mcp;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Operations;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;
using MemoryOrleans.Settings.Certificates;
using MemoryOrleans.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway;

/// <summary>Puts the gateway into a web application, which must also register an <see cref="IMemoryHost"/>.</summary>
public static class GatewayComposition
{
    // A context's query may have 4,000 characters, which percent-encoding can make nine times as long.
    private const int RequestLineBytesMax = 48 * 1024;
    private const int HeaderBytesMax = 32 * 1024;

    // How long a body or an answer may be slower than MEMORY_DATA_RATE_MIN_BYTES.
    private static readonly TimeSpan SlownessMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Reads and checks the gateway's settings and registers what it needs. Read the host's settings from the same
    /// <paramref name="settings"/> first: errors in either are then reported together.
    /// </summary>
    /// <exception cref="SettingsException">A setting is not valid; says all that is wrong.</exception>
    public static GatewayOptions AddMemoryGateway(this WebApplicationBuilder builder, MemorySettings settings)
    {
        var options = GatewayOptions.Read(settings);
        settings.ThrowIfInvalid();
        AddLogging(builder.Logging, options);
        AddServer(builder.WebHost, options);
        if (options.Tls is { } tls)
            AddTls(builder, tls);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.AddSingleton(settings).AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetrics().AddSingleton<GatewayMeters>().AddSingleton<CallerRates>().AddSingleton<AddressLimits>()
            .AddSingleton<StoredKeys>().AddSingleton<Credentials>().AddSingleton<TenantRates>();
        builder.Services.AddSingleton(services =>
            new ConnectionGate(options.Limits.ConnectionsMax, services.GetRequiredService<GatewayMeters>()));
        builder.Services.AddSingleton(new CallerShare(options.Limits.CallerSharePercent, options.Keys.KeyCount > 1,
            options.Keys.TenantCount > 1));
        if (options.Tokens is { } tokens)
            builder.Services.AddSingleton(_ => new Tokens(tokens));
        builder.Services.AddSingleton<HealthProbe>().AddSingleton<PipelineEntrance>();
        McpEndpoint.Add(builder.Services, options);
        builder.Services.AddTelemetry(options);
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => Believe(forwarded, options));
        AddCors(builder.Services, options);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, MemoryJsonContext.Default);
        });
        builder.Services.AddOpenApi("v1", openApi =>
        {
            // The endpoints' own metadata say it all; what is mapped beside the gateway, as Orleans' dashboard, is no part of the API.
            openApi.ShouldInclude = static _ => false;
            openApi.AddSchemaTransformer<DescribeMembers>();
            openApi.AddDocumentTransformer<DescribeOperations>();
        });
        return options;
    }

    private static void AddServer(IWebHostBuilder web, GatewayOptions options)
    {
        web.UseUrls([.. options.Urls]);
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = JsonBody.DrainedBytesMax;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.Limits.DataRateMinBytes, SlownessMax);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(options.Limits.DataRateMinBytes, SlownessMax);
            kestrel.Limits.KeepAliveTimeout = options.Limits.IdleConnection;
            var gate = kestrel.ApplicationServices.GetRequiredService<ConnectionGate>();
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                endpoint.Use(next => connection => gate.RunAsync(connection, next));
            });
        });
    }

    // Kestrel's own defaults know one certificate for the life of the process; here each connection is given the one of now.
    private static void AddTls(WebApplicationBuilder builder, TlsOptions tls)
    {
        builder.Services.AddSingleton(services => new RenewedCertificate(
            "HTTPS", tls.Files, tls.ReloadPeriod, services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RenewedCertificate>>()));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            var certificate = kestrel.ApplicationServices.GetRequiredService<RenewedCertificate>();
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
                https.OnAuthenticate = (_, authentication) =>
                {
                    // With those between it and its root, which a selector cannot give.
                    authentication.ServerCertificateSelectionCallback = null;
                    authentication.ServerCertificateContext = certificate.Current;
                };
            });
        });
    }

    private static void Believe(ForwardedHeadersOptions forwarded, GatewayOptions options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.Limits.TrustedProxies)
            forwarded.KnownIPNetworks.Add(network);
    }

    private static void AddLogging(ILoggingBuilder logging, GatewayOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(options.LogLevel);

        // ASP.NET's own lines show full URLs, and so queries. The boundary logs what is needed.
        var framework = options.LogLevel > LogLevel.Warning ? options.LogLevel : LogLevel.Warning;
        logging.AddFilter("Microsoft.AspNetCore", framework);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Orleans tells much of its start, and its policies two lines of every activation.
        logging.AddFilter("Orleans", framework);
        logging.AddFilter("Polly", framework);
        logging.AddFilter("ModelContextProtocol", framework);
        logging.AddFilter("MemoryOrleans.Grains.SiloForgetting", framework);
        if (options.LogFiles is { } files)
            LogFiles.Add(logging, files);
        logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }

    private static void AddCors(IServiceCollection services, GatewayOptions options) =>
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            if (options.AllowedOrigins.Contains("*"))
                policy.AllowAnyOrigin();
            else
                policy.WithOrigins([.. options.AllowedOrigins]);
            policy.WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
                .WithHeaders("Content-Type", "Authorization", "X-Api-Key", "X-Request-Id", IdempotencyHeader.Name, "If-Match",
                "If-None-Match", "Last-Event-ID")
                .WithHeaders("Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name", "X-Memory-User", "X-Memory-Agent", "X-Memory-Session")
                .WithExposedHeaders("ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id", IdempotencyHeader.ReplayedName);
        }));
}
