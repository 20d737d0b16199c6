using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// Marks in ChatGPT's answers that its pages draw as links: a kind and its arguments between characters of private use, and 【…†…】. Of a
/// link and of a thing named its words stay; references to what was searched go.
/// </summary>
internal static class ChatGptMarks
{
    private const char Begin = '\uE200';
    private const char End = '\uE201';
    private const char Next = '\uE202';

    public static string? Without(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny(Begin, '【') < 0)
            return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var end = text[at] switch { Begin => text.IndexOf(End, at), '【' => text.IndexOf('】', at), _ => -1 };
            if (end < 0 || (text[at] == '【' && !text.AsSpan(at, end - at).Contains('†')))
            {
                plain.Append(text[at]);
                continue;
            }

            var words = text[at] == Begin ? WordsOf(text[(at + 1)..end].Split(Next)) : string.Empty;
            if (words.Length == 0)
                plain.Length -= plain.Length > 0 && plain[^1] == ' ' ? 1 : 0;
            plain.Append(words);
            at = end;
        }

        return plain.ToString();
    }

    private static string WordsOf(string[] mark) => mark switch
    {
        ["url", var words, ..] => words,
        ["entity", var entity, ..] => NameOf(entity),
        _ => string.Empty,
    };

    // ["city", "Paris", "…"]
    private static string NameOf(string entity)
    {
        try
        {
            using var document = JsonDocument.Parse(entity);
            var list = document.RootElement;
            return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 1 ? list[1].ToString() : string.Empty;
        }
        catch (JsonException)
        {
            return string.Empty;
        }
    }
}
