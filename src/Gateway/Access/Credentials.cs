using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Access;

/// <summary>The credential that a request came with, and, for an answer that goes on for hours, whether it is still good.</summary>
internal sealed class Credentials(GatewayOptions options, StoredKeys stored, TimeProvider time, Tokens? tokens = null)
{
    public static ReadOnlySpan<char> Of(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        if (request.Headers["X-Api-Key"] is { Count: 1 } key && !string.IsNullOrWhiteSpace(key))
            return key.ToString().AsSpan().Trim();
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization.AsSpan(Scheme.Length).Trim() : default;
    }

    /// <summary>False once the key of a request that was let in is revoked or has ended, or its token has.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<bool> HoldsAsync(HttpRequest request, CancellationToken cancel)
    {
        if (options.Keyless)
            return true;
        var credential = Of(request).ToString();
        if (options.Keys.Find(credential, time.GetUtcNow()) is not null)
            return true;
        if (tokens is null || !Tokens.Looks(credential))
            return (stored.TryFind(credential, out var known) ? known : await stored.FindAsync(credential, cancel)) is not null;
        try
        {
            return await tokens.FindAsync(credential, cancel) is not null;
        }
        catch (IssuerUnreachableException)
        {
            // Nobody can say that it is still good.
            return false;
        }
    }
}
