namespace MemoryOrleans.Client;

/// <summary>Where a memory is, and how patiently it is asked.</summary>
public sealed class MemoryClientOptions
{
    /// <summary>The server's address; a path in it is kept. Default http://127.0.0.1:8080.</summary>
    public Uri Address { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>One of the memory's keys; null where it asks for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Attempts in all of a request that may be repeated, 1..100; default 4.</summary>
    public int AttemptsMax { get; set; } = 4;

    /// <summary>For one request with all its attempts; default 100 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Drives the waits between attempts.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>An HTTP client of these options, for <see cref="MemoryClient"/>; the caller's to dispose of.</summary>
    public HttpClient CreateHttp()
    {
        // Addresses of a name change; a pooled connection would never see it.
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseProxy = !Address.IsLoopback };
        return new HttpClient(new RetrySafely(Time, AttemptsMax) { InnerHandler = handler }) { BaseAddress = Address, Timeout = Timeout };
    }
}
