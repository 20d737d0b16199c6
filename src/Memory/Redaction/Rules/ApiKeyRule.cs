using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>API keys that say by their first characters what they are (api-keys.txt).</summary>
internal sealed class ApiKeyRule : IRedactionRule
{
    private static readonly FrozenDictionary<char, Form[]> Forms = RuleFile.Read("api-keys").Select(static line => Form.Read(line.Text))
        .GroupBy(static form => form.Prefix[0]).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());

    public SearchValues<char> Starts { get; } = SearchValues.Create([.. Forms.Keys]);

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.IsEdge(at))
            return default;
        foreach (var form in Forms[text[at]])
        {
            if (!text.Has(at, form.Prefix))
                continue;
            var start = at + form.Prefix.Length;
            var end = text.EndOf(start, form.Belongs, form.Most + 1);
            var digits = 0;
            for (var i = start; i < end; i++)
                digits += text.IsDigit(i) ? 1 : 0;
            if (end - start >= form.Least && end - start <= form.Most && digits >= form.Digits && !text.IsWord(end))
                return new TextSpan(at, text.Trim(at, end));
        }

        return default;
    }

    /// <param name="Digits">So many of the characters must be digits: words are none.</param>
    private sealed record Form(string Prefix, Func<char, bool> Belongs, int Least, int Most, int Digits)
    {
        public static Form Read(string text)
        {
            var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new Form(parts[0], AlphabetOf(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4]));
        }

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        private static Func<char, bool> AlphabetOf(string name) => name switch
        {
            "upper" => static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c),
            "hex" => char.IsAsciiHexDigit,
            "word" => char.IsAsciiLetterOrDigit,
            "url" => static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-',
            "path" => static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/',
            _ => throw new InvalidOperationException($"'{name}' is no alphabet."),
        };
    }
}
