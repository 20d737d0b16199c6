using System.Net;
using MemoryOrleans.Grains;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>What a process is.</summary>
public enum ClusterRole
{
    /// <summary>The only process there is: a silo that listens for nobody, and serves HTTP.</summary>
    Alone,

    /// <summary>A silo that also serves HTTP.</summary>
    All,

    /// <summary>Holds grains; its HTTP answers probes and metrics only.</summary>
    Silo,

    /// <summary>Serves HTTP and calls the silos.</summary>
    Gateway,
}

/// <summary>How the processes of a cluster find each other, and how patient they are.</summary>
public sealed record ClusterSettings
{
    public ClusterRole Role { get; init; }

    /// <summary>True for a process that is no part of a cluster.</summary>
    public bool IsAlone => Role == ClusterRole.Alone;

    /// <summary>How long calls of grains go on while silos come and go.</summary>
    public GrainCallLimits Calls => new() { Patience = Patience, WriteTimeout = WriteTimeout, IsAlone = IsAlone };

    /// <summary>Processes of one name find each other.</summary>
    public required string ClusterId { get; init; }

    /// <summary>What reminders and grain state belong to; stays when the cluster is replaced by another.</summary>
    public required string ServiceId { get; init; }

    public int SiloPort { get; init; }

    public int GatewayPort { get; init; }

    /// <summary>Where other processes reach this silo; null: the host's own address.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>How long one grain call may take before it is made again.</summary>
    public TimeSpan CallTimeout { get; init; }

    /// <summary>How long one attempt of a write may take before it is made again.</summary>
    public TimeSpan WriteTimeout { get; init; }

    /// <summary>How long a call is made again while silos come and go.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Idle sessions leave memory after this.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Calls that may wait for one grain; more are refused.</summary>
    public int CallsPerGrainMax { get; init; }

    public TimeSpan ProbeTimeout { get; init; }

    public int ProbesMissedMax { get; init; }

    /// <summary>At so much processor use a silo refuses calls of gateways; 0: never.</summary>
    public int ShedAtProcessorPercent { get; init; }

    public bool HasDashboard { get; init; }

    /// <summary>MEMORY_CLUSTER_TLS_*; null: processes of the cluster speak in the clear.</summary>
    public ClusterTlsSettings? Tls { get; init; }

    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static ClusterSettings Read(MemorySettings settings)
    {
        var role = settings.OneOf(
            "MEMORY_CLUSTER_ROLE", "alone",
            new Dictionary<string, ClusterRole>(StringComparer.Ordinal)
            {
                ["alone"] = ClusterRole.Alone, ["all"] = ClusterRole.All, ["silo"] = ClusterRole.Silo, ["gateway"] = ClusterRole.Gateway,
            },
            "What a process is: the only one there is, or, of a cluster over PostgreSQL, a silo, a gateway that calls the silos, or both.");
        var read = new ClusterSettings
        {
            Role = role,
            ClusterId = settings.Text("MEMORY_CLUSTER_ID", "memory", "1 to 100 letters, digits, '.', '_' and '-'",
            "Processes with the same id and database are one cluster.")!,
            ServiceId = settings.Text("MEMORY_CLUSTER_SERVICE_ID", "memory", "1 to 100 letters, digits, '.', '_' and '-'",
            "What reminders and tenants' settings belong to; keep it when the cluster's id changes.")!,
            SiloPort = settings.Integer("MEMORY_CLUSTER_SILO_PORT", 11_111, 1, 65_535, "port", "Where silos reach this silo."),
            GatewayPort = settings.Integer("MEMORY_CLUSTER_GATEWAY_PORT", 30_000, 1, 65_535, "port", "Where gateways reach this silo."),
            Address = ReadAddress(settings),
            HasDashboard = ReadDashboard(settings, role),
            Tls = ClusterTlsSettings.Read(settings, role == ClusterRole.Alone),
        };
        Check(settings, read);
        return ReadLimits(settings, read);
    }

    private static ClusterSettings ReadLimits(MemorySettings settings, ClusterSettings read) => read with
    {
        CallTimeout = Seconds(settings, "MEMORY_CLUSTER_CALL_SECONDS", 5, 1, 300,
            "How long a gateway waits for one answer of a silo before it asks again."),
        WriteTimeout = TimeSpan.FromMilliseconds(settings.Integer(
            "MEMORY_CLUSTER_WRITE_MILLISECONDS", 1_500, 100, 60_000, "milliseconds",
            "How long a gateway waits for one attempt of a write before it makes it again; a write takes effect once, however often it "
            + "is made.")),
        Patience = Seconds(settings, "MEMORY_CLUSTER_RETRY_SECONDS", 20, 0, 300,
        "How long a gateway asks again while silos come and go, before the caller gets 503."),
        Idle = Seconds(settings, "MEMORY_CLUSTER_IDLE_SECONDS", 600, 61, 86_400, "A session unused for so long leaves the silo's memory."),
        CallsPerGrainMax = settings.Integer(
            "MEMORY_CLUSTER_CALLS_PER_GRAIN_MAX", 1_000, 10, 100_000, "calls",
            "Calls that may wait for one session or scope; more are answered 503."),
        ProbeTimeout = Seconds(settings, "MEMORY_CLUSTER_PROBE_SECONDS", 1, 1, 60,
        "How often silos probe each other, and how long an answer may take."),
        ProbesMissedMax = settings.Integer(
            "MEMORY_CLUSTER_PROBES_MISSED_MAX", 2, 1, 20, "probes",
            "A silo that missed so many in a row is declared dead, and its sessions move."),
        ShedAtProcessorPercent = settings.Integer(
            "MEMORY_CLUSTER_SHED_AT_PROCESSOR_PERCENT", 0, 0, 100, "percent", "A silo this busy refuses calls of gateways; 0: never."),
    };

    private static IPAddress? ReadAddress(MemorySettings settings) => settings.Read(
        new SettingDefinition(
            "MEMORY_CLUSTER_ADDRESS", null, string.Empty, "an IP address",
            "Where other processes of the cluster reach this silo. Default: the host's own address."),
        (IPAddress?)null,
        static (string text, out IPAddress? value) => IPAddress.TryParse(text, out value));

    // It takes some 85 MiB, which one process alone is better without.
    private static bool ReadDashboard(MemorySettings settings, ClusterRole role) => settings.Read(
        new SettingDefinition(
            "MEMORY_CLUSTER_DASHBOARD", null, string.Empty, "true or false",
            "Orleans' dashboard at /dashboard, for administrators. Default: true in a cluster, false for a process alone."),
        role != ClusterRole.Alone,
        static (string text, out bool value) => bool.TryParse(text, out value));

    /// <summary>What cannot be beside the store that was chosen.</summary>
    public void Check(MemorySettings settings, StoreSettings store)
    {
        if (!IsAlone && store.Postgres is null)
            settings.Reject("MEMORY_DATABASE_URL",
                "must be postgres://… with MEMORY_CLUSTER_ROLE=all, silo or gateway, as a SQLite file has one process");
    }

    private static void Check(MemorySettings settings, ClusterSettings read)
    {
        if (!IsName(read.ClusterId))
            settings.Reject("MEMORY_CLUSTER_ID", $"must be 1 to 100 letters, digits, '.', '_' and '-', but is '{read.ClusterId}'");
        if (!IsName(read.ServiceId))
            settings.Reject("MEMORY_CLUSTER_SERVICE_ID", $"must be 1 to 100 letters, digits, '.', '_' and '-', but is '{read.ServiceId}'");
        if (read.SiloPort == read.GatewayPort)
            settings.Reject("MEMORY_CLUSTER_GATEWAY_PORT",
                $"must differ from MEMORY_CLUSTER_SILO_PORT ({read.SiloPort}), but is '{read.GatewayPort}'");
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    private static TimeSpan Seconds(MemorySettings settings, string name, int standard, int least, int most, string description) =>
        TimeSpan.FromSeconds(settings.Integer(name, standard, least, most, "seconds", description));
}
