namespace MemoryOrleans.Tenancy;

/// <summary>
/// A stored key as its owner sends it: <c>mem_TENANT_ID_SECRET</c>. What comes before the secret is public: by it the key is looked
/// up, among its tenant's alone, and logs may name it.
/// </summary>
public static class KeyText
{
    public const int IdLength = 16;
    public const int SecretLength = 64;

    private const string Start = "mem_";
    private const char Separator = '_';
    private const string Digits = "0123456789abcdef";

    public static string Of(string tenant, string id, string secret) => $"{PrefixOf(tenant, id)}{Separator}{secret}";

    /// <summary>The public part.</summary>
    public static string PrefixOf(string tenant, string id) => $"{Start}{tenant}{Separator}{id}";

    /// <summary>
    /// Whether a text has the form of a stored key, and its parts: lengths tell them apart, as a tenant's name may have underscores.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<char> text, out ReadOnlySpan<char> tenant, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        tenant = id = secret = default;
        var idAt = text.Length - SecretLength - 1 - IdLength;
        if (idAt < Start.Length + 2 || !text.StartsWith(Start, StringComparison.Ordinal) || text[idAt - 1] != Separator
            || text[idAt + IdLength] != Separator)
            return false;
        tenant = text[Start.Length..(idAt - 1)];
        id = text.Slice(idAt, IdLength);
        secret = text[^SecretLength..];
        return Identifiers.IsValidTenant(tenant) && !id.ContainsAnyExcept(Digits) && !secret.ContainsAnyExcept(Digits);
    }
}
