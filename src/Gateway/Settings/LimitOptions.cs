using System.Net;
using System.Net.Sockets;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Settings;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>What this process takes on at a time, and how that is divided between callers.</summary>
public sealed record LimitOptions
{
    /// <summary>MEMORY_GLOBAL_RATE_LIMIT: requests of all callers with a key together; null: no limit.</summary>
    public required RateLimit? RateLimit { get; init; }

    /// <summary>MEMORY_UNAUTHENTICATED_RATE_LIMIT: requests without a valid key, of one address; null: no limit.</summary>
    public required RateLimit? UnauthenticatedRateLimit { get; init; }

    /// <summary>MEMORY_TRUSTED_PROXIES: whose X-Forwarded-For says where a request comes from.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>MEMORY_CONNECTIONS_MAX, or fewer when there are not so many file handles.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>MEMORY_IDLE_CONNECTION_SECONDS: a connection without a request is closed after so long.</summary>
    public required TimeSpan IdleConnection { get; init; }

    /// <summary>MEMORY_CONCURRENT_REQUESTS_MAX: requests worked on at a time; more are answered 503.</summary>
    public required int ConcurrentRequestsMax { get; init; }

    /// <summary>MEMORY_TRANSFERS_MAX: exports and imports under way at a time; more are answered 503.</summary>
    public required int TransfersMax { get; init; }

    /// <summary>MEMORY_BODIES_MEGABYTES: bytes of long bodies and answers in memory at a time; more are answered 503.</summary>
    public required long BodyBytesMax { get; init; }

    /// <summary>MEMORY_ANSWER_CONTENT_MAX_CHARACTERS: of a longer content, lists and recalls answer a snippet.</summary>
    public required int AnswerContentMax { get; init; }

    /// <summary>MEMORY_ANSWER_MEGABYTES: bytes of all contents of one answer.</summary>
    public required long AnswerBytesMax { get; init; }

    /// <summary>MEMORY_CALLER_SHARE_PERCENT: of each of the limits, what one key, or one tenant, gets at most beside others.</summary>
    public required int CallerSharePercent { get; init; }

    /// <summary>MEMORY_TENANT_*: what each tenant, and of it each key, may have in a minute where nothing is set for it.</summary>
    public TenantSettings OfTenants { get; init; } = new();

    /// <summary>MEMORY_DATA_RATE_MIN_BYTES: bodies and answers that move slower are given up.</summary>
    public required int DataRateMinBytes { get; init; }

    /// <summary>MEMORY_TRANSFER_PATIENCE_SECONDS: how long an export or import may be slower than that.</summary>
    public required TimeSpan TransferPatience { get; init; }

    /// <param name="loopbackOnly">Whether only this machine can connect; then there is no rate limit by default.</param>
    public static LimitOptions Read(MemorySettings settings, bool loopbackOnly) => new()
    {
        RateLimit = ReadRateLimit(settings, loopbackOnly),
        UnauthenticatedRateLimit = settings.Read(
            new SettingDefinition(
                "MEMORY_UNAUTHENTICATED_RATE_LIMIT", null, "300/minute", RateLimit.Form,
                "Requests of one address with a wrong key or none; more are answered 429 with Retry-After, and until then no key of less "
                + "than 16 characters is tried but those that were valid from that address before. Probes do not count."),
            new RateLimit(300, TimeSpan.FromMinutes(1)),
            (string text, out RateLimit? value) => RateLimit.TryParse(text, out value)),
        TrustedProxies = settings.Read<IReadOnlyList<IPNetwork>>(
            new SettingDefinition(
                "MEMORY_TRUSTED_PROXIES", null, string.Empty, "addresses or networks like 10.0.0.0/8, separated by commas",
                "Proxies whose X-Forwarded-For is believed, so that limits count by the callers' own addresses. Default: none."),
            [],
            TryReadNetworks),
        ConnectionsMax = FileHandles.ConnectionsFor(FileHandles.Limit(), settings.Integer(
            "MEMORY_CONNECTIONS_MAX", 10_000, 1, 1_000_000, "connections",
            "Connections held at a time, or as many as the limit on file handles allows, where that is less. Beyond it a new one takes the "
            + "place of the oldest over which no valid key has come.")),
        IdleConnection = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_IDLE_CONNECTION_SECONDS", 60, 1, 3_600, "seconds", "A connection on which no request comes for so long is closed.")),
        ConcurrentRequestsMax = settings.Integer(
            "MEMORY_CONCURRENT_REQUESTS_MAX", 1_024, 1, 100_000, "requests",
            "Requests worked on at a time; more are answered 503 with Retry-After. Probes and metrics do not count."),
        TransfersMax = settings.Integer(
            "MEMORY_TRANSFERS_MAX", 2, 1, 64, "transfers",
            "Exports and imports under way at a time; more are answered 503 with Retry-After."),
        BodyBytesMax = settings.Integer(
            "MEMORY_BODIES_MEGABYTES", 128, 8, 65_536, "MiB",
            "Bodies and answers longer than 64 KiB that are in memory at a time, all together; more are answered 503 with Retry-After.") * 1024L * 1024L,
        AnswerContentMax = settings.Integer(
            "MEMORY_ANSWER_CONTENT_MAX_CHARACTERS", TextRules.ContentLengthMax, 400, TextRules.ContentLengthMax, "characters",
            "Of a longer content recalls and lists of memories answer a part, marked by snippet; the whole is at the item's own address."),
        AnswerBytesMax = settings.Integer(
            "MEMORY_ANSWER_MEGABYTES", 4, 1, 64, "MiB",
            "What the contents of one answer may come to: beyond it recalls and lists of memories answer snippets, and pages of turns end.") * 1024L * 1024L,
        CallerSharePercent = settings.Integer(
            "MEMORY_CALLER_SHARE_PERCENT", 75, 1, 100, "percent",
            "How much of the rate limit, of the requests and transfers under way and of the bodies in memory one key may take while "
            + "there are other keys, and one tenant while there are other tenants. So no caller can take the last place."),
        OfTenants = ReadOfTenants(settings),
        DataRateMinBytes = settings.Integer(
            "MEMORY_DATA_RATE_MIN_BYTES", 4_096, 1, 1_048_576, "bytes a second",
            "A body that arrives, or an answer that is read, more slowly for 5 seconds is given up."),
        TransferPatience = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_TRANSFER_PATIENCE_SECONDS", 120, 2, 3_600, "seconds",
            "How long an export or import may be slower than MEMORY_DATA_RATE_MIN_BYTES: one end of a pipe waits while the other works.")),
    };

    private static TenantSettings ReadOfTenants(MemorySettings settings)
    {
        const int Most = 100_000_000;
        return new TenantSettings
        {
            RequestsPerMinuteMax = OrNone(settings.Integer(
                "MEMORY_TENANT_REQUESTS_PER_MINUTE", 0, 0, Most, "requests",
                "Requests of a tenant in a minute over all processes, where PUT /v1/admin/tenants/{tenant} sets nothing; more are "
                + "answered 429. 0: as many as can be.")),
            MemoriesPerMinuteMax = OrNone(settings.Integer(
                "MEMORY_TENANT_MEMORIES_PER_MINUTE", 0, 0, Most, "memories", "The same of memories that agents write.")),
            BytesPerMinuteMax = OrNone(settings.Integer(
                "MEMORY_TENANT_KILOBYTES_PER_MINUTE", 0, 0, Most, "KiB", "The same of the sizes of JSON bodies.")) * 1024L,
            RecallsPerMinuteMax = OrNone(settings.Integer(
                "MEMORY_TENANT_RECALLS_PER_MINUTE", 0, 0, Most, "recalls", "The same of recalls, those for a context among them.")),
            KeySharePercent = settings.Integer(
                "MEMORY_TENANT_KEY_SHARE_PERCENT", 100, 1, 100, "percent",
                "What one key may have of each of its tenant's limits, the limit on turns included."),
        };
    }

    private static int? OrNone(int value) => value == 0 ? null : value;

    private static bool TryReadNetworks(string text, out IReadOnlyList<IPNetwork> networks)
    {
        var read = new List<IPNetwork>();
        networks = read;
        foreach (var part in text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(part, out var address))
                read.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            else if (IPNetwork.TryParse(part, out var network))
                read.Add(network);
            else
                return false;
        }

        return true;
    }

    private static RateLimit? ReadRateLimit(MemorySettings settings, bool loopbackOnly)
    {
        var standard = loopbackOnly ? null : new RateLimit(1_000, TimeSpan.FromSeconds(1));
        return settings.Read(
            new SettingDefinition(
                "MEMORY_GLOBAL_RATE_LIMIT", null, string.Empty, RateLimit.Form,
                "Requests of all callers with a key together; more are answered 429 with Retry-After. Probes and metrics do not count. "
                + "Default: none while MEMORY_URLS is loopback only, else 1000/second."),
            standard,
            (string text, out RateLimit? value) => RateLimit.TryParse(text, out value));
    }
}
