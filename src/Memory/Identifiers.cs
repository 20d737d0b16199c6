namespace MemoryOrleans;

/// <summary>
/// The form of ids supplied by callers: <c>[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}</c>; tenant names have no colon.
/// </summary>
public static class Identifiers
{
    public const int LengthMax = 128;

    /// <summary>What a caller is told when an id does not have this form.</summary>
    public const string Form = "1 to 128 characters: a letter or digit, then letters, digits, '.', '_', ':', '@' or '-'";

    public static bool IsValid(ReadOnlySpan<char> id) => HasForm(id, colon: true);

    public static bool IsValidTenant(ReadOnlySpan<char> tenant) => HasForm(tenant, colon: false);

    private static bool HasForm(ReadOnlySpan<char> id, bool colon)
    {
        if (id.Length is 0 or > LengthMax || !char.IsAsciiLetterOrDigit(id[0]))
            return false;
        foreach (var c in id[1..])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '@' or '-') && !(colon && c == ':'))
                return false;
        }

        return true;
    }
}
