using System.Buffers;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>A private key in armour, from its first line to its last; to the text's end when the last line is missing.</summary>
internal sealed class PrivateKeyRule : IRedactionRule
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const int TitleMax = 48;

    public SearchValues<char> Starts { get; } = SearchValues.Create("-");

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.Has(at, Begin))
            return default;
        var title = at + Begin.Length;
        var dashes = text.EndOf(title, static c => c is >= 'A' and <= 'Z' or ' ' or (>= '0' and <= '9'), TitleMax);
        if (!text.Has(dashes, Dashes) || !text.Cut(title, dashes).Contains("PRIVATE KEY", StringComparison.Ordinal))
            return default;
        for (var end = dashes; end < text.Length; end++)
        {
            if (text[end] != '-' || !text.Has(end, End))
                continue;
            end = text.EndOf(end + End.Length, static c => c is >= 'A' and <= 'Z' or ' ' or (>= '0' and <= '9'), TitleMax);
            return new TextSpan(at, text.EndOf(end, static c => c == '-', Dashes.Length));
        }

        return new TextSpan(at, text.Length);
    }
}
