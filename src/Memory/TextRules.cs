namespace MemoryOrleans;

/// <summary>
/// The forms that texts must have, whichever way they come in: by a request or by an import. Each answers what is wrong, as
/// the end of a sentence that begins with the field's name, or null.
/// </summary>
public static class TextRules
{
    public const int ContentLengthMax = 100_000;
    public const int NameLengthMax = 128;
    public const int QueryLengthMax = 4_000;
    /// <summary>Other names that one memory or entity may have.</summary>
    public const int AliasesMax = 16;

    public const int EntityNameLengthMax = 256;

    /// <summary>Of origins, operations and other short texts that only exports hold.</summary>
    public const int WordLengthMax = 1_024;

    private const int RoleLengthMax = 64;

    public static string? IdFault(string? id) =>
        id is null || Identifiers.IsValid(id) ? null : "must be " + Identifiers.Form;

    public static string? RoleFault(string? role) => role switch
    {
        null => "is required",
        { Length: >= 1 and <= RoleLengthMax } when IsRole(role) => null,
        _ => "must be 1 to 64 letters, digits, '.', '_' or '-', like user or assistant",
    };

    public static string? NameFault(string? name)
    {
        if (name is null)
            return null;
        return Fault(name, NameLengthMax)
            ?? (name.AsSpan().ContainsAnyInRange('\u0001', '\u001f') ? "must have no control characters" : null);
    }

    /// <param name="required">False for a type that may be absent.</param>
    public static string? TypeFault(string? type, bool required) => type switch
    {
        null => required ? "is required" : null,
        { Length: >= 1 and <= RoleLengthMax } when IsRole(type) => null,
        _ => "must be 1 to 64 letters, digits, '.', '_' or '-', like person or works_at",
    };

    public static string? EntityNameFault(string? name, bool required)
    {
        if (name is null)
            return required ? "is required" : null;
        return Fault(name, EntityNameLengthMax)
            ?? (name.AsSpan().ContainsAnyInRange('\u0001', '\u001f') ? "must have no control characters" : null);
    }

    /// <summary>What is wrong with other names of something: a field's name and its fault; null when nothing is.</summary>
    public static (string Field, string Fault)? AliasesFault(IReadOnlyList<string?>? aliases)
    {
        if (aliases is null)
            return null;
        if (aliases.Count > AliasesMax)
            return ("aliases", $"must have at most {AliasesMax} names");
        for (var i = 0; i < aliases.Count; i++)
        {
            if (EntityNameFault(aliases[i], required: true) is { } fault)
                return (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"aliases[{i}]"), fault);
        }

        return null;
    }

    public static string? ContentFault(string? content) => content is null ? "is required" : Fault(content, ContentLengthMax);

    public static string? QueryFault(string? query) => query is null ? "is required" : Fault(query, QueryLengthMax);

    /// <summary>A short text of one line.</summary>
    public static string? WordFault(string? word)
    {
        if (word is null)
            return null;
        return Fault(word, WordLengthMax)
            ?? (word.AsSpan().ContainsAnyInRange('\u0001', '\u001f') ? "must have no control characters" : null);
    }

    /// <summary>A part of a memory beside its content, which may be empty.</summary>
    public static string? PartFault(string? part) =>
        string.IsNullOrWhiteSpace(part) && part?.Length <= ContentLengthMax ? null : ContentFault(part);

    /// <summary>Stores differ in what they make of NUL and lone surrogates, so neither gets in.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text) => !text.Contains('\0') && !HasLoneSurrogate(text);

    private static string? Fault(string text, int lengthMax)
    {
        if (text.Length > lengthMax)
            return $"must have at most {lengthMax} characters (UTF-16 code units), but has {text.Length}";
        if (string.IsNullOrWhiteSpace(text))
            return "must not be empty or blank";
        return IsStorable(text) ? null : "must have no NUL and no lone surrogate";
    }

    private static bool IsRole(string role)
    {
        foreach (var c in role)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        }

        return true;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0; at = text.IndexOfAnyInRange('\ud800', '\udfff'))
        {
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return true;
            text = text[(at + 2)..];
        }

        return false;
    }
}
