using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MemoryOrleans.Gateway.Settings;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Tls;

/// <summary>
/// The certificate that connections are answered with. New connections look, every so often, whether its files have changed, and get
/// the new one; what cannot be used is logged, and the one before stays. Safe for concurrent use.
/// </summary>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(14);

    private readonly Lock gate = new();
    private readonly CertificateFiles files;
    private readonly TimeSpan period;
    private readonly TimeProvider clock;
    private readonly ILogger<ServerCertificate> log;
    private byte[] bytes;
    private long lookedAt;
    private SslStreamCertificateContext current;

    public ServerCertificate(TlsOptions options, TimeProvider clock, ILogger<ServerCertificate> log)
    {
        (files, period, this.clock, this.log) = (options.Files, options.ReloadPeriod, clock, log);
        (bytes, lookedAt) = (files.Read(), clock.GetTimestamp());
        current = files.Make(bytes);
        Tell(current.TargetCertificate);
    }

    /// <summary>The certificate of now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (gate)
            {
                if (clock.GetElapsedTime(lookedAt) >= period)
                {
                    lookedAt = clock.GetTimestamp();
                    Look();
                }

                return current;
            }
        }
    }

    // A renewal may be seen half done: certificate and key do not fit, and the next look finds them both.
    private void Look()
    {
        try
        {
            var read = files.Read();
            if (read.AsSpan().SequenceEqual(bytes))
                return;
            current = files.Make(read);
            bytes = read;
            Tell(current.TargetCertificate);
        }
        catch (Exception failure) when (CertificateFiles.IsExplained(failure))
        {
            LogKept(log, failure.Message);
        }
    }

    private void Tell(X509Certificate2 certificate)
    {
        var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        if (ends - clock.GetUtcNow() < EndsSoon)
            LogEndsSoon(log, certificate.Thumbprint, ends);
        else
            LogUsed(log, certificate.Thumbprint, ends);
    }

    [LoggerMessage(1, LogLevel.Information, "HTTPS is spoken with certificate {Thumbprint}, which ends at {End:u}")]
    private static partial void LogUsed(ILogger log, string thumbprint, DateTimeOffset end);

    [LoggerMessage(2, LogLevel.Warning, "HTTPS is spoken with certificate {Thumbprint}, which ends soon, at {End:u}")]
    private static partial void LogEndsSoon(ILogger log, string thumbprint, DateTimeOffset end);

    [LoggerMessage(3, LogLevel.Error, "The certificate's files have changed and cannot be used, so the one before stays: {Reason}")]
    private static partial void LogKept(ILogger log, string reason);
}
