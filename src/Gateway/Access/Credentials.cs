using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Access;

/// <summary>
/// Who calls, by the credential that a request came with: a key of the settings, an issuer's token, or a key of the store.
/// </summary>
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

    /// <summary>Whose it is, null for nobody's, where that is known at once; false where it takes <see cref="FindAsync"/>.</summary>
    public bool TryFind(ReadOnlySpan<char> credential, out Caller? caller)
    {
        caller = options.Keys.Find(credential, time.GetUtcNow());
        return caller is not null || credential.IsEmpty || (!IsToken(credential) && stored.TryFind(credential, out caller));
    }

    /// <summary>True where only the store can tell, and had no such key when it was last asked.</summary>
    public bool MayBeGuessed(ReadOnlySpan<char> credential) => !IsToken(credential) && !stored.WasFound(credential);

    /// <summary>Whose it is; null when it is nobody's, or has ended.</summary>
    /// <exception cref="IssuerUnreachableException">Nobody can say whether a token is good.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<Caller?> FindAsync(string credential, CancellationToken cancel) =>
        TryFind(credential, out var caller) ? caller
        : IsToken(credential) ? await tokens!.FindAsync(credential, cancel)
        : await stored.FindAsync(credential, cancel);

    /// <summary>False once the credential of a request that was let in is revoked or has ended, or nobody can say.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<bool> HoldsAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return options.Keyless || await FindAsync(Of(request).ToString(), cancel) is not null;
        }
        catch (IssuerUnreachableException)
        {
            return false;
        }
    }

    private bool IsToken(ReadOnlySpan<char> credential) => tokens is not null && Tokens.Looks(credential);
}
