using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Mcp;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.Tenants;
using MemoryOrleans.Settings;
using MemoryOrleans.Tools;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>The gateway's settings, validated. Each states its name, unit, default and range where it is read.</summary>
public sealed record GatewayOptions
{
    private static readonly Dictionary<string, LogLevel> LogLevels = new(StringComparer.Ordinal)
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["info"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["critical"] = LogLevel.Critical,
        ["none"] = LogLevel.None,
    };

    /// <summary>MEMORY_URLS: addresses to listen on.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>MEMORY_LOG_FOLDER and its like: null where lines go to the console only.</summary>
    public LogFileOptions? LogFiles { get; init; }

    /// <summary>MEMORY_TLS_*: null where no address is https://.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>MEMORY_API_KEYS: digests of the keys, and whose they are. Empty: keyless, loopback only.</summary>
    internal Keyring Keys { get; init; } = Keyring.Empty;

    /// <summary>
    /// MEMORY_KEYS_REQUIRED: whether a key is needed even when the settings name none: those in the store are then the only ones.
    /// </summary>
    public bool KeysRequired { get; init; }

    /// <summary>MEMORY_JWT_*: whose tokens are taken; null: nobody's.</summary>
    public TokenOptions? Tokens { get; init; }

    /// <summary>MEMORY_KEY_CACHE_SECONDS: how long a key that was read from the store is believed.</summary>
    public TimeSpan KeyCache { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>MEMORY_KEY_OVERLAP_SECONDS: how long a rotated key's former secret is good, unless the rotation says.</summary>
    public TimeSpan KeyOverlap { get; init; } = TimeSpan.FromDays(1);

    /// <summary>MEMORY_TENANT_KEYS_MAX: keys that a tenant may have in the store.</summary>
    public int TenantKeysMax { get; init; } = 1_000;

    /// <summary>MEMORY_ALLOWED_HOSTS: host names allowed in keyless mode beside localhost.</summary>
    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary>MEMORY_ALLOWED_ORIGINS: origins of browser pages that may call.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    /// <summary>MEMORY_EVENT_*: streams of events.</summary>
    public EventStreamOptions Events { get; init; } = new();

    /// <summary>What is taken on at a time, and whose share of it is how large.</summary>
    public required LimitOptions Limits { get; init; }

    /// <summary>MEMORY_REQUEST_TIMEOUT_SECONDS: after this long a request is cancelled and answered 503.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>MEMORY_DISTIL_WAIT_SECONDS: how long a distillation on demand is waited for before the answer is 202.</summary>
    public required TimeSpan DistilPatience { get; init; }

    /// <summary>MEMORY_IMPORT_LINE_MEGABYTES: the longest line of an import, in bytes.</summary>
    public required int ImportLineBytesMax { get; init; }

    /// <summary>MEMORY_SHUTDOWN_TIMEOUT_SECONDS: how long a stop waits for requests and commits under way.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>MEMORY_MAX_RESULTS: most items a recall answers, whatever it asks for.</summary>
    public required int ResultsMax { get; init; }

    /// <summary>MEMORY_AUDIT: whether writes are in the audit trail too.</summary>
    public required bool AuditsWrites { get; init; }

    /// <summary>MEMORY_RECALL_REQUIRES_USER: whether a recall, or a context with a query, must name its user.</summary>
    public bool RecallRequiresUser { get; init; }

    /// <summary>MEMORY_LOG_LEVEL: least level that is logged.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>MEMORY_METRICS_ENABLED: whether metrics are kept and /metrics answers.</summary>
    public required bool MetricsEnabled { get; init; }

    /// <summary>MEMORY_CONSOLE_ENABLED: whether /console and /docs answer.</summary>
    public bool ConsoleEnabled { get; init; } = true;

    /// <summary>MEMORY_METRICS_ACCESS: whether /metrics always needs a key with the scope admin.</summary>
    public required bool MetricsNeedKey { get; init; }

    /// <summary>MEMORY_METRICS_TENANTS_MAX: tenants with series of their own.</summary>
    public required int MetricsTenantsMax { get; init; }

    /// <summary>MEMORY_OTLP_*: where traces and metrics are sent; null for nowhere.</summary>
    public OtlpOptions? Otlp { get; init; }

    /// <summary>MEMORY_MCP_*: what the tools of /mcp speak of; what is null there, headers or calls say.</summary>
    public ToolScope Mcp { get; init; } = ToolScope.Open;

    /// <summary>MEMORY_ENVIRONMENT: where this process runs, for people who read its health.</summary>
    public required string Environment { get; init; }

    /// <summary>True when no key is configured, nor asked for.</summary>
    public bool Keyless => Keys.IsEmpty && !KeysRequired && Tokens is null;

    /// <summary>True when every address listened on is a loopback address.</summary>
    public bool LoopbackOnly => Urls.All(ListenUrls.IsLoopback);

    /// <summary>Reads, defines and checks the gateway's settings; errors are collected in <paramref name="settings"/>.</summary>
    public static GatewayOptions Read(MemorySettings settings)
    {
        var urls = ReadUrls(settings);
        var keys = Keyring.Read(settings);
        var options = new GatewayOptions
        {
            Urls = urls,
            Tls = TlsOptions.Read(settings, urls),
            Keys = keys,
            KeysRequired = settings.Flag(
                "MEMORY_KEYS_REQUIRED", false,
                "Whether a key is needed even without MEMORY_API_KEYS: those made by /v1/admin/keys are then the only ones, so make one before."),
            KeyCache = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_KEY_CACHE_SECONDS", 10, 0, 300, "seconds",
                "How long a process goes by a key that it has read from the store: so long after it was revoked by another process a key may still be taken.")),
            KeyOverlap = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_KEY_OVERLAP_SECONDS", 86_400, 0, KeyEndpoints.OverlapSecondsMax, "seconds",
                "How long the former secret of a rotated key stays good, unless the rotation says.")),
            TenantKeysMax = settings.Integer(
                "MEMORY_TENANT_KEYS_MAX", 1_000, 1, 100_000, "keys",
                "Keys that a tenant may have in the store; those that ended count for 90 days."),
            Tokens = TokenOptions.Read(settings),
            AllowedHosts = settings.List(
                "MEMORY_ALLOWED_HOSTS", string.Empty, "host names without port, separated by commas",
                "Host headers accepted without API keys, beside localhost, 127.0.0.1 and [::1]."),
            AllowedOrigins = settings.List(
                "MEMORY_ALLOWED_ORIGINS", string.Empty, "origins like https://app.example.com separated by commas, or * for any",
                "Web pages of these origins may call from a browser (CORS). Default: none."),
            Limits = LimitOptions.Read(settings, urls.All(ListenUrls.IsLoopback)),
            Events = EventStreamOptions.Read(settings),
            RequestTimeout = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_REQUEST_TIMEOUT_SECONDS", 30, 1, 600, "seconds", "After this long a request is cancelled and answered 503.")),
            DistilPatience = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_DISTIL_WAIT_SECONDS", 20, 1, 600, "seconds",
                "How long a distillation on demand is waited for; one that takes longer goes on, and the answer is 202.")),
            ImportLineBytesMax = settings.Integer(
                "MEMORY_IMPORT_LINE_MEGABYTES", 16, 1, 256, "MiB", "The longest line of an import that is taken.") * 1024 * 1024,
            ShutdownTimeout = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_SHUTDOWN_TIMEOUT_SECONDS", 20, 1, 600, "seconds", "How long a stop waits for requests and commits under way.")),
            ResultsMax = settings.Integer(
                "MEMORY_MAX_RESULTS", 100, 1, 100, "items", "Most items a recall answers, whatever it asks for."),
            AuditsWrites = settings.OneOf(
                "MEMORY_AUDIT", "admin", new Dictionary<string, bool>(StringComparer.Ordinal) { ["admin"] = false, ["writes"] = true },
                "What the audit trail tells: admin is what administrators do, exports among it, erasures, and what was refused; writes "
                + "is every write too, each with an entry of its own."),
            RecallRequiresUser = settings.Flag(
                "MEMORY_RECALL_REQUIRES_USER", false,
                "Whether a recall, or a context with a query, must name its user_id; without it is 400. Older clients' searches, which cannot, are refused."),
            LogLevel = settings.OneOf(
                "MEMORY_LOG_LEVEL", "information", LogLevels, "Least level that is logged; debug adds one line for each request."),
            LogFiles = LogFileOptions.Read(settings),
            MetricsEnabled = settings.Flag("MEMORY_METRICS_ENABLED", true, "Whether metrics are kept and /metrics answers."),
            ConsoleEnabled = settings.Flag(
                "MEMORY_CONSOLE_ENABLED", true,
                "Whether /console answers with the web console and /docs with the API's reference (docs/console.md)."),
            MetricsNeedKey = settings.OneOf(
                "MEMORY_METRICS_ACCESS", "loopback",
                new Dictionary<string, bool>(StringComparer.Ordinal) { ["loopback"] = false, ["admin"] = true },
                "Who may read /metrics: loopback is anyone on this machine while only it can connect, but no caller a proxy brings "
                + "(X-Forwarded-For, Forwarded, X-Real-IP or Via), and else keys with the scope admin; admin is those keys alone."),
            MetricsTenantsMax = settings.Integer(
                "MEMORY_METRICS_TENANTS_MAX", 50, 0, 10_000, "tenants",
                "Tenants that metrics name, the first to be seen; all others are counted together as other. 0 names none."),
            Otlp = OtlpOptions.Read(settings),
            Mcp = McpSettings.Read(settings),
            Environment = settings.Text(
                "MEMORY_ENVIRONMENT", "production", "any name", "Where this process runs, for people who read its health.")!,
        };
        RefuseUnsafe(options, settings);
        return options;
    }

    private static IReadOnlyList<string> ReadUrls(MemorySettings settings)
    {
        const string Default = "http://127.0.0.1:8080";
        return settings.Read(
            new SettingDefinition(
                "MEMORY_URLS", null, Default, ListenUrls.Form,
                "Addresses to listen on. Any that other machines can reach needs MEMORY_API_KEYS."),
            [Default],
            (string text, out IReadOnlyList<string> value) => ListenUrls.TryParse(text, out value));
    }

    private static void RefuseUnsafe(GatewayOptions options, MemorySettings settings)
    {
        if (options.Keyless && !options.LoopbackOnly)
        {
            settings.Reject(
                "MEMORY_URLS",
                "without MEMORY_API_KEYS only loopback addresses are allowed; set keys, or listen on http://127.0.0.1:8080");
        }

        if (options.Keyless && options.AllowedOrigins.Contains("*"))
            settings.Reject("MEMORY_ALLOWED_ORIGINS",
                "without MEMORY_API_KEYS '*' would let any web page use the memory; name the origins");
        foreach (var origin in options.AllowedOrigins.Where(o => o != "*" && !IsOrigin(o)))
            settings.Reject("MEMORY_ALLOWED_ORIGINS", $"'{origin}' is not an origin, like https://app.example.com");
        foreach (var host in options.AllowedHosts.Where(h => Uri.CheckHostName(h) == UriHostNameType.Unknown))
            settings.Reject("MEMORY_ALLOWED_HOSTS", $"'{host}' is not a host name without port");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
