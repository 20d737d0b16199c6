using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>
/// An OpenID Connect issuer on a port of its own: a discovery document, keys, and tokens as a test wants them, sound or not.
/// </summary>
internal sealed class ScriptedIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private RSA key = RSA.Create(2048);
    private string keyId = "k1";

    private ScriptedIssuer(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    /// <summary>What it calls itself.</summary>
    public string Name => Address;

    /// <summary>How often its keys were asked for.</summary>
    public int KeysRead { get; private set; }

    public static async Task<ScriptedIssuer> StartAsync()
    {
        var issuer = new ScriptedIssuer(WebApplication.CreateSlimBuilder().Build());
        issuer.app.Urls.Add("http://127.0.0.1:0");
        issuer.app.Run(issuer.AnswerAsync);
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>Settings of a gateway that takes its tokens.</summary>
    public string[] Settings(params string[] more) =>
        ["MEMORY_JWT_AUTHORITY=" + Address, "MEMORY_JWT_AUDIENCE=memory", "MEMORY_JWT_SCOPE_PREFIX=memory:", .. more];

    /// <summary>From now on it signs by another key; the one before is not published any more.</summary>
    public void Rotate()
    {
        key = RSA.Create(2048);
        keyId += "x";
    }

    /// <summary>A sound token of tenant acme that may do everything, but for what the test says otherwise.</summary>
    /// <param name="claims">Take the place of those it has; null: the claim is left out.</param>
    public string Token(Dictionary<string, object?>? claims = null, string? kid = null)
    {
        var header = Part(new() { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = kid ?? keyId });
        var signed = $"{header}.{Part(Claims(claims))}";
        return $"{signed}.{Url(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The same claims without a signature.</summary>
    public string Unsigned(string algorithm) =>
        $"{Part(new() { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = keyId })}.{Part(Claims(null))}.";

    /// <summary>Signed by the public key as if it were a shared secret, in each form in which one may hold it.</summary>
    public IEnumerable<string> SignedByThePublicKey()
    {
        var signed = $"{Part(new() { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = keyId })}.{Part(Claims(null))}";
        foreach (var secret in new[]
        {
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
                Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"),
            key.ExportSubjectPublicKeyInfo(), key.ExportRSAPublicKey(), key.ExportParameters(false).Modulus!,
        })
            yield return $"{signed}.{Url(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Signed by a key of somebody else, under the published key's id.</summary>
    public string Forged()
    {
        using var other = RSA.Create(2048);
        var signed = Token().Split('.')[..2];
        var text = string.Join('.', signed);
        return $"{text}.{Url(other.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/.well-known/openid-configuration")
        {
            await http.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["issuer"] = Name, ["jwks_uri"] = Address + "/keys" });
            return;
        }

        KeysRead++;
        var published = key.ExportParameters(includePrivateParameters: false);
        await http.Response.WriteAsJsonAsync(new Dictionary<string, object>
        {
            ["keys"] = new[]
            {
                new Dictionary<string, string>
                {
                    ["kty"] = "RSA", ["use"] = "sig", ["kid"] = keyId, ["n"] = Url(published.Modulus!), ["e"] = Url(published.Exponent!),
                },
            },
        });
    }

    private Dictionary<string, object?> Claims(Dictionary<string, object?>? given)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Name, ["aud"] = "memory", ["sub"] = "user-1", ["tenant"] = "acme",
                ["scope"] = "openid memory:read memory:write memory:admin",
            ["exp"] = now + 600, ["nbf"] = now - 10, ["iat"] = now - 10,
        };
        foreach (var (name, value) in given ?? [])
            claims[name] = value;
        foreach (var name in claims.Where(static claim => claim.Value is null).Select(static claim => claim.Key).ToArray())
            claims.Remove(name);
        return claims;
    }

    private static string Part(Dictionary<string, object?> members) => Url(JsonSerializer.SerializeToUtf8Bytes(members));

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
