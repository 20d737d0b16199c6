using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Reads <c>postgres://user:password@host:port/database?sslmode=require</c> as libpq does; <c>postgresql://</c> is the same.
/// Further parameters: <c>sslrootcert</c>, <c>application_name</c>, <c>target_session_attrs</c>. Several hosts, separated by commas, are
/// one server and its standbys: connections go to whichever is the primary at the time. Where nothing is said of <c>sslmode</c> and the
/// server is not on this
/// machine, it is <c>verify-full</c>: encrypted, with a certificate of the server's name that a known authority has signed.
/// </summary>
public static class PostgresUrl
{
    private const int DefaultPort = 5432;

    // How long a host is taken for what it last was, primary, standby or out of reach: a promoted standby is refused no longer.
    private const int HostRecheckSeconds = 1;
    private const string Form = "must have the form postgres://user:password@host:port/database, with several hosts host:port,host:port.";

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    /// <summary>True when the text has the scheme of a PostgreSQL URL, whatever follows.</summary>
    public static bool IsPostgres(string url) =>
        url.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// False with what is wrong, as the rest of a sentence that begins with the setting's name; it never repeats the URL.
    /// </summary>
    public static bool TryParse(
        string url, [NotNullWhen(true)] out NpgsqlConnectionStringBuilder? settings, [NotNullWhen(false)] out string? wrong)
    {
        settings = null;
        if (!IsPostgres(url) || TryReadHosts(url) is not { } hosts)
            return Fail(Form, out wrong);
        var uri = hosts[0];
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        var credentials = uri.UserInfo.Split(':', 2);
        if (database.Length == 0 || credentials[0].Length == 0)
            return Fail("must name a user and a database.", out wrong);
        var parsed = new NpgsqlConnectionStringBuilder
        {
            Host = hosts.Count == 1 ? uri.DnsSafeHost : string.Join(',', hosts.Select(static host => $"{host.Host}:{PortOf(host)}")),
            Port = PortOf(uri),
            Database = database,
            Username = Uri.UnescapeDataString(credentials[0]),
            Password = credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : null,
            ApplicationName = "memory",
            SslMode = hosts.All(static host => host.IsLoopback) ? SslMode.Prefer : SslMode.VerifyFull,
        };
        if (hosts.Count > 1)
            (parsed.TargetSessionAttributes, parsed.HostRecheckSeconds) = ("primary", HostRecheckSeconds);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (Apply(parsed, parts[0], Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : string.Empty)) is { } fault)
                return Fail(fault, out wrong);
        }

        (settings, wrong) = (parsed, null);
        return true;
    }

    /// <summary>
    /// What the connection to a server on another machine lacks, as the rest of a sentence that begins with the setting's name; null
    /// when it is encrypted and its server's name verified, or does not leave this machine.
    /// </summary>
    public static string? FindWeakness(string url)
    {
        if (!TryParse(url, out var settings, out _) || TryReadHosts(url)!.All(static host => host.IsLoopback))
            return null;
        return settings.SslMode switch
        {
            SslMode.VerifyFull => null,
            SslMode.VerifyCA => "does not verify the server's name (sslmode=verify-ca): any server with a certificate of the same "
                + "authority is taken for it",
            SslMode.Require => "does not verify the server (sslmode=require): what is sent is encrypted, but whoever stands between can "
                + "read it",
            _ => "may send everything in the clear (sslmode=disable, allow or prefer); without sslmode the server must prove its name "
                + "by TLS",
        };
    }

    private static int PortOf(Uri host) => host.Port > 0 ? host.Port : DefaultPort;

    /// <summary>
    /// The URL once for each of its hosts; null when it is none. The user, who is before the last @, may have commas of his own.
    /// </summary>
    private static List<Uri>? TryReadHosts(string url)
    {
        var from = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var path = url.IndexOfAny(['/', '?', '#'], from);
        var to = path < 0 ? url.Length : path;
        var hostsFrom = to > from ? Math.Max(from, url.LastIndexOf('@', to - 1, to - from) + 1) : from;
        var hosts = new List<Uri>();
        foreach (var host in url[hostsFrom..to].Split(','))
        {
            if (host.Length == 0 || !Uri.TryCreate(url[..hostsFrom] + host + url[to..], UriKind.Absolute, out var uri)
                || uri.Host.Length == 0)
                return null;
            hosts.Add(uri);
        }

        return hosts;
    }

    private static string? Apply(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode" when SslModes.TryGetValue(value, out var mode):
                settings.SslMode = mode;
                return null;
            case "sslmode":
                return $"has an unknown sslmode; known are {string.Join(", ", SslModes.Keys)}.";
            case "sslrootcert":
                settings.RootCertificate = value;
                return null;
            case "application_name":
                settings.ApplicationName = value;
                return null;
            case "target_session_attrs" when value is "primary" or "read-write" or "any":
                settings.TargetSessionAttributes = value;
                return null;
            case "target_session_attrs":
                return "has an unknown target_session_attrs; known are primary, read-write and any: the memory writes.";
            default:
                return $"has an unknown parameter '{name}'; known are sslmode, sslrootcert, application_name and target_session_attrs.";
        }
    }

    private static bool Fail(string reason, out string? wrong)
    {
        wrong = reason;
        return false;
    }
}
