using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MemoryOrleans.Gateway.Access;

/// <summary>
/// Callers by tokens of MEMORY_JWT_AUTHORITY. Options, discovery and keys are those of JwtBearer; its handler is not in the pipeline,
/// since keys, tokens and their limits are looked at in one place (<see cref="AccessControl"/>).
/// </summary>
internal sealed class Tokens : IDisposable
{
    private const int BytesMax = 16 * 1024;
    private const int IdDigits = 12;

    private readonly TokenOptions settings;
    private readonly JwtBearerOptions options;
    private readonly TokenValidationParameters parameters;
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = BytesMax };

    private volatile bool hasKeys;

    public Tokens(TokenOptions settings)
    {
        this.settings = settings;
        options = new JwtBearerOptions
        {
            MetadataAddress = settings.Metadata.ToString(), RequireHttpsMetadata = settings.Metadata.Scheme == Uri.UriSchemeHttps,
                RefreshInterval = settings.Refresh,
            BackchannelTimeout = TimeSpan.FromSeconds(5),
        };
        new JwtBearerPostConfigureOptions().PostConfigure(JwtBearerDefaults.AuthenticationScheme, options);
        var keys = (BaseConfigurationManager)options.ConfigurationManager!;

        // A key that the issuer does not publish any more is not taken any more.
        keys.UseLastKnownGoodConfiguration = false;
        parameters = new TokenValidationParameters
        {
            ValidAlgorithms = settings.Algorithms, ValidAudiences = settings.Audiences, ValidIssuer = settings.Issuer,
                ClockSkew = settings.Skew,
            RequireSignedTokens = true, RequireExpirationTime = true, RequireAudience = true, ValidateIssuer = true,
            ValidateAudience = true,
            ValidateIssuerSigningKey = true, ValidateLifetime = true, TryAllIssuerSigningKeys = false,
            ConfigurationManager = keys,
        };
    }

    /// <summary>True for a text that can be nothing but a token.</summary>
    public static bool Looks(ReadOnlySpan<char> text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count('.') == 2;

    /// <summary>Whose token this is; null when it is not valid, or says too little.</summary>
    /// <exception cref="IssuerUnreachableException">The issuer's keys have not been read and cannot be now.</exception>
    public async Task<Caller?> FindAsync(string token, CancellationToken cancel)
    {
        var result = await handler.ValidateTokenAsync(token, parameters);
        if (result.IsValid)
            return ToCaller((JsonWebToken)result.SecurityToken);

        // The issuer may have a new key; it is asked as often as MEMORY_JWT_REFRESH_SECONDS allows.
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            options.ConfigurationManager!.RequestRefresh();
        if (!hasKeys)
            await RequireKeysAsync(cancel);
        return null;
    }

    public void Dispose() => options.Backchannel.Dispose();

    /// <summary>Where the issuer was never reached, a token that is not valid may well be.</summary>
    private async Task RequireKeysAsync(CancellationToken cancel)
    {
        try
        {
            await options.ConfigurationManager!.GetConfigurationAsync(cancel);
            hasKeys = true;
        }
        catch (InvalidOperationException failure)
        {
            throw new IssuerUnreachableException("The issuer's discovery document cannot be read.", failure);
        }
    }

    private Caller? ToCaller(JsonWebToken token)
    {
        if ((settings.Issuer is { } issuer && token.Issuer != issuer) || Text(token, settings.TenantClaim) is not { } tenant
            || !Identifiers.IsValidTenant(tenant))
            return null;
        FrozenSet<string> users = [];
        if (settings.UserClaim is { } claim)
        {
            if (Text(token, claim) is not { } user || !Identifiers.IsValid(user))
                return null;
            users = [user];
        }

        return new Caller(tenant, ScopesOf(token), $"jwt:{DigestOf(token)}") { Users = users, Together = $"jwt:{tenant}" };
    }

    private Scopes ScopesOf(JsonWebToken token) => ScopeNames.Of(token.Claims
        .Where(each => each.Type == settings.ScopesClaim)
        .SelectMany(static each => each.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(scope => scope.StartsWith(settings.ScopePrefix, StringComparison.Ordinal))
        .Select(scope => scope[settings.ScopePrefix.Length..]));

    // The one claim of the name; several say nothing clear.
    private static string? Text(JsonWebToken token, string name)
    {
        string? found = null;
        foreach (var claim in token.Claims)
        {
            if (claim.Type != name)
                continue;
            if (found is not null)
                return null;
            found = claim.Value;
        }

        return found;
    }

    private static string DigestOf(JsonWebToken token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{token.Issuer}\n{token.Subject}")))[..IdDigits];
}

/// <summary>Who issues tokens cannot be reached, so that none can be told from a wrong one.</summary>
internal sealed class IssuerUnreachableException(string message, Exception inner) : Exception(message, inner);
