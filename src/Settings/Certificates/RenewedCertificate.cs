using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Settings.Certificates;

/// <summary>
/// The certificate that connections are answered with. New connections look, every so often, whether its files have changed, and get
/// the new one; what cannot be used is logged, and the one before stays. Safe for concurrent use.
/// </summary>
public sealed partial class RenewedCertificate
{
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(14);

    private readonly Lock gate = new();
    private readonly string use;
    private readonly CertificateFiles files;
    private readonly TimeSpan period;
    private readonly TimeProvider clock;
    private readonly ILogger<RenewedCertificate> log;
    private byte[] bytes;
    private long lookedAt;
    private SslStreamCertificateContext current;

    /// <param name="use">What it is for, as log lines begin.</param>
    /// <param name="period">So often at most the files are looked at.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files hold no certificate with its key; others:
    /// <see cref="CertificateFiles.IsExplained"/>.</exception>
    public RenewedCertificate(string use, CertificateFiles files, TimeSpan period, TimeProvider clock, ILogger<RenewedCertificate> log)
    {
        (this.use, this.files, this.period, this.clock, this.log) = (use, files, period, clock, log);
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
            LogKept(log, use, failure.Message);
        }
    }

    private void Tell(X509Certificate2 certificate)
    {
        var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        if (ends - clock.GetUtcNow() < EndsSoon)
            LogEndsSoon(log, use, certificate.Thumbprint, ends);
        else
            LogUsed(log, use, certificate.Thumbprint, ends);
    }

    [LoggerMessage(1, LogLevel.Information, "{Use} goes by certificate {Thumbprint}, which ends at {End:u}")]
    private static partial void LogUsed(ILogger log, string use, string thumbprint, DateTimeOffset end);

    [LoggerMessage(2, LogLevel.Warning, "{Use} goes by certificate {Thumbprint}, which ends soon, at {End:u}")]
    private static partial void LogEndsSoon(ILogger log, string use, string thumbprint, DateTimeOffset end);

    [LoggerMessage(3, LogLevel.Error, "The certificate files of {Use} have changed and cannot be used, so the one before stays: {Reason}")]
    private static partial void LogKept(ILogger log, string use, string reason);
}
