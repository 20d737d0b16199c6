using System.Collections.Frozen;
using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Updates;

/// <summary>What the rules look at of one sentence.</summary>
internal sealed class ReadFeatures
{
    private const int WindowTokens = 10;
    private static readonly PhraseList Ended = PhraseList.Load("ended");
    private static readonly PhraseList Changed = PhraseList.Load("changed");
    private static readonly PhraseList Fix = PhraseList.Load("fix");
    private static readonly PhraseList Now = PhraseList.Load("now");
    private static readonly PhraseList Events = PhraseList.Load("event");
    private static readonly PhraseList Old = PhraseList.Load("old");
    private static readonly FrozenSet<string> DayParts =
        ("morning afternoon evening night noon mornings evenings nights afternoons morgens abends nachmittags morgen abend matin soir "
            + "manana tarde noche manha noite").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly HashSet<string> Praise = [.. WordFile.ReadWords("praise")[Languages.English]];

    private static readonly StatementCues NoCues = new(Ended: false, Changed: false, Fix: false, Now: false, Event: false);
    private static readonly StatementFlags NoFlags = new(
        IsQuestion: true, SupposedAt: -1, IsPast: false, IsAddition: false, IsReported: false, IsNotDone: false, IsChatter: false,
        IsSecondPerson: false, IsFuture: false, IsPastEvent: false, Likes: false, Dislikes: false, IsDenied: false, IsAtPlace: false);

    private readonly Content content;
    private readonly Meanings meanings;

    public ReadFeatures(IEmbedder embedder, WordPool pool)
    {
        content = new Content(embedder.RankOf, pool);
        meanings = new Meanings(embedder);
    }

    public Statement Of(Wording wording) => Of(wording, whole: null);

    /// <summary>Of a question what tells what it is about: how it is meant nobody asks, and it updates nothing.</summary>
    public Statement OfQuestion(Wording wording) => new(meanings)
    {
        Wording = wording,
        Words = WordWeights.Of(content.Of(wording)),
        Values = [],
        Owner = ReadOwner.Of(wording, content),
        Cues = NoCues,
        Flags = NoFlags,
        Window = WordSet.Empty,
        Old = [],
        Slots = WordSet.Of(Slots.Of(wording, FindValues.In(wording))),
        DayParts = DayPartsOf(wording),
        Names = WordSet.Empty,
    };

    /// <summary>A clause is meant as its sentence is: asked, supposed, reported.</summary>
    public Statement OfClause(Wording wording, Statement whole) => Of(wording, whole);

    private Statement Of(Wording wording, Statement? whole)
    {
        var ended = CuesOf(Ended, wording);
        var changed = CuesOf(Changed, wording);
        var fix = CuesOf(Fix, wording);
        var flags = ReadFlags.Of(wording);
        var words = content.Of(wording);
        var values = FindValues.In(wording);
        return new Statement(meanings)
        {
            Wording = wording,
            Words = WordWeights.Of(words),
            Values = values.ToArray(),
            Owner = ReadOwner.Of(wording, content),
            Cues = new StatementCues(ended.Count > 0, changed.Count > 0, fix.Count > 0 || whole?.Cues.Fix == true, Now.IsIn(wording),
            Events.IsIn(wording)),
            Flags = whole is null ? flags : flags with
            {
                IsQuestion = flags.IsQuestion || whole.Flags.IsQuestion,
                SupposedAt = whole.Flags.SupposedAt >= 0 ? 0 : flags.SupposedAt,
                IsReported = whole.Flags.IsReported,
                IsPast = whole.Flags.IsPast,
            },
            Window = WordSet.Of(WindowOf(wording, [.. ended, .. changed, .. fix])),
            Old = OldOf(wording).ToArray(),
            Slots = WordSet.Of(Slots.Of(wording, values)),
            DayParts = DayPartsOf(wording),
            Names = WordSet.Of(NamesOf(wording)),
        };
    }

    // "won't quit", "never moved": the cue of an English sentence that is denied says nothing.
    private static List<PhraseMatch> CuesOf(PhraseList list, Wording wording)
    {
        var found = new List<PhraseMatch>();
        foreach (var match in list.Find(wording))
        {
            if (wording.Language != Languages.English || !IsDenied(wording.Tokens, match.Start))
                found.Add(match);
        }

        return found;
    }

    /// <summary>Whether what stands at a token is denied: "won't quit".</summary>
    public static bool IsDenied(IReadOnlyList<SentenceToken> tokens, int at)
    {
        var isSaidDenied = tokens[at].Folded is "not" or "n't" or "no";
        return !isSaidDenied && ((at > 0 && tokens[at - 1].Folded is "n't" or "not" or "never")
            || (at > 1 && tokens[at - 2].Folded is "n't" or "not" or "never"
            && tokens[at - 1].Folded is "been" or "really" or "yet" or "be"));
    }

    private HashSet<string> WindowOf(Wording wording, List<PhraseMatch> cues)
    {
        var window = new HashSet<string>(StringComparer.Ordinal);
        if (wording.IsUnspaced)
            return cues.Count > 0 ? [.. content.Of(wording).Keys] : window;
        foreach (var cue in cues)
            window.UnionWith(content.OfTokens(wording, Math.Max(0, cue.Start - WindowTokens),
                Math.Min(wording.Tokens.Count, cue.End + WindowTokens)).Keys);
        return window;
    }

    private List<IReadOnlyList<OldWord>> OldOf(Wording wording)
    {
        if (wording.IsUnspaced)
            return OldPieces.Of(wording)
                .Select(piece => (IReadOnlyList<OldWord>)[.. content.Of(wording with { Text = piece })
                .Select(static pair => new OldWord(pair.Key, pair.Value, IsCapital: false))])
                .Where(static words => words.Count > 0).ToList();
        var old = new List<IReadOnlyList<OldWord>>();
        foreach (var match in Old.Find(wording))
        {
            if (wording.Language == Languages.English && IsDenied(wording.Tokens, match.Start))
                continue;
            var words = new List<OldWord>();
            for (var i = match.TakenStart; i < match.TakenEnd; i++)
            {
                foreach (var (stem, weight) in content.OfTokens(wording, i, i + 1))
                {
                    if (!Praise.Contains(wording.Tokens[i].Folded) && !FindValues.IsMonthOrWeekday(wording.Tokens[i].Folded))
                        words.Add(new OldWord(stem, weight, wording.Tokens[i].IsCapital && i > 0));
                }
            }

            if (words.Count > 0)
                old.Add(words);
        }

        return old;
    }

    private static WordSet DayPartsOf(Wording wording) => WordSet.Of(wording.Tokens
        .Select(static token => token.Folded.TrimEnd('s')).Where(DayParts.Contains).ToHashSet(StringComparer.Ordinal));

    private static HashSet<string> NamesOf(Wording wording)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < wording.Tokens.Count; i++)
        {
            var token = wording.Tokens[i];
            if (token is { IsCapital: true, IsWord: true } && token.Folded.Length > 1
                && (i > 0 || !Languages.IsFunctionWord(wording.Language, token.Folded)) && !FindValues.IsMonthOrWeekday(token.Folded)
                && !Languages.IsFunctionWord(wording.Language, token.Folded))
                names.Add(Content.Stem(wording.Language, token.Folded));
        }

        return names;
    }
}
