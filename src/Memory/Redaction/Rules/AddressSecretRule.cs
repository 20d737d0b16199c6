using System.Buffers;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>The password in an address of the net: <c>scheme://user:password@host</c>.</summary>
internal sealed class AddressSecretRule : IRedactionRule
{
    private const string Authority = "://";
    private const int PartMax = 256;

    public SearchValues<char> Starts { get; } = SearchValues.Create(":");

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.Has(at, Authority))
            return default;
        var colon = text.EndOf(at + Authority.Length, static c => Belongs(c) && c is not ':', PartMax);
        if (text[colon] != ':')
            return default;
        var end = text.EndOf(colon + 1, Belongs, PartMax);
        var isLabel = end - colon == "[secret]".Length + 1 && text.Has(colon + 1, "[secret]");
        return text[end] == '@' && end > colon + 1 && !isLabel ? new TextSpan(colon + 1, end) : default;
    }

    private static bool Belongs(char c) => !char.IsWhiteSpace(c) && c is not ('@' or '/' or '"' or '\'' or '<' or '>' or '\0');
}
