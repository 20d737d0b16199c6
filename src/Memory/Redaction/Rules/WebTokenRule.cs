using System.Buffers;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>A JSON Web Token: three parts in base64url with points between them, the first a JSON object's.</summary>
internal sealed class WebTokenRule : IRedactionRule
{
    private const string Start = "eyJ";
    private const int PartMin = 10;

    public SearchValues<char> Starts { get; } = SearchValues.Create("e");

    public TextSpan Match(ScannedText text, int at)
    {
        if (Belongs(text[at - 1]) || !text.Has(at, Start))
            return default;
        var end = at;
        for (var part = 0; part < 3; part++)
        {
            if (part > 0 && text[end++] != '.')
                return default;
            var start = end;
            end = text.EndOf(start, Belongs);
            if (end - start < PartMin)
                return default;
        }

        return new TextSpan(at, text.Trim(at, end));
    }

    private static bool Belongs(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
