using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Updates;

/// <summary>
/// The phrases of one word file, by language. Languages written without blanks have substrings in place of phrases:
/// <c>ab~12cd</c> with up to 12 characters between.
/// </summary>
internal sealed class PhraseList
{
    private readonly Dictionary<string, Dictionary<string, List<PhrasePattern>>> byFirstWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PhrasePattern>> others = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Start, int Gap, string End)>> pieces = new(StringComparer.Ordinal);

    private PhraseList(Type neighbour, string file)
    {
        foreach (var (language, text) in EmbeddedLines.ReadHeaded(neighbour, $"Words.{file}.txt"))
        {
            if (Languages.IsUnspaced(language))
                pieces[language] = [.. text.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries).Select(ParsePiece)];
            else
                Add(language, text);
        }
    }

    public static PhraseList Load(string file) => Load(typeof(PhraseList), file);

    /// <summary>A file in the folder <c>Words</c> beside a type.</summary>
    public static PhraseList Load(Type neighbour, string file) => new(neighbour, file);

    public bool IsIn(Wording wording) => FindFirst(wording) is not null;

    /// <summary>The first place, in tokens; of unspaced languages in characters.</summary>
    public PhraseMatch? FindFirst(Wording wording)
    {
        if (!wording.IsUnspaced)
            return FindPhrase(wording);
        foreach (var match in FindPieces(wording))
            return match;
        return null;
    }

    public IEnumerable<PhraseMatch> Find(Wording wording)
    {
        if (wording.IsUnspaced)
            return FindPieces(wording);
        return FindPhrases(wording);
    }

    private IEnumerable<PhraseMatch> FindPhrases(Wording wording)
    {
        var known = byFirstWord.GetValueOrDefault(wording.Language);
        var general = others.GetValueOrDefault(wording.Language);
        for (var at = 0; at < wording.Tokens.Count; at++)
        {
            var token = wording.Tokens[at];
            if (known is not null && known.TryGetValue(token.Folded, out var phrases))
            {
                foreach (var phrase in phrases)
                {
                    if (phrase.MatchAt(wording.Tokens, at) is { } match)
                        yield return match;
                }
            }

            foreach (var phrase in general ?? [])
            {
                if (phrase.MatchAt(wording.Tokens, at) is { } match)
                    yield return match;
            }
        }
    }

    // As FindPhrases, in one piece: most sentences have no phrase of a list, and many lists are looked through.
    private PhraseMatch? FindPhrase(Wording wording)
    {
        var known = byFirstWord.GetValueOrDefault(wording.Language);
        var general = others.GetValueOrDefault(wording.Language);
        for (var at = 0; at < wording.Tokens.Count; at++)
        {
            if (known is not null && known.TryGetValue(wording.Tokens[at].Folded, out var phrases)
                && MatchAny(phrases, wording.Tokens, at) is { } match)
                return match;
            if (general is not null && MatchAny(general, wording.Tokens, at) is { } other)
                return other;
        }

        return null;
    }

    private static PhraseMatch? MatchAny(List<PhrasePattern> phrases, IReadOnlyList<SentenceToken> tokens, int at)
    {
        foreach (var phrase in phrases)
        {
            if (phrase.MatchAt(tokens, at) is { } match)
                return match;
        }

        return null;
    }

    private IEnumerable<PhraseMatch> FindPieces(Wording wording)
    {
        foreach (var (start, gap, end) in pieces.GetValueOrDefault(wording.Language, []))
        {
            var at = wording.Text.IndexOf(start, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var next = at + start.Length;
            if (end.Length == 0 || wording.Text.AsSpan(next, Math.Min(gap + end.Length, wording.Text.Length - next))
                .Contains(end, StringComparison.Ordinal))
                yield return new PhraseMatch(at, next, 0, 0);
        }
    }

    private void Add(string language, string text)
    {
        if (!byFirstWord.TryGetValue(language, out var known))
        {
            byFirstWord.Add(language, known = new Dictionary<string, List<PhrasePattern>>(StringComparer.Ordinal));
            others.Add(language, []);
        }

        foreach (var phrase in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pattern = PhrasePattern.Parse(phrase);
            if (pattern.FirstWords is not { } firsts)
            {
                others[language].Add(pattern);
                continue;
            }

            foreach (var first in firsts.Select(CutTokens.Fold).Distinct())
            {
                if (!known.TryGetValue(first, out var same))
                    known.Add(first, same = []);
                same.Add(pattern);
            }
        }
    }

    private static (string Start, int Gap, string End) ParsePiece(string text)
    {
        var tilde = text.IndexOf('~', StringComparison.Ordinal);
        return tilde < 0 ? (text, 0, "") : (text[..tilde], int.Parse(text.AsSpan(tilde + 1, 2), provider: null), text[(tilde + 3)..]);
    }
}
