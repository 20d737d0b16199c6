using System.Text;
using MemoryOrleans.Redaction.Rules;

namespace MemoryOrleans.Redaction;

/// <summary>
/// Takes packs' matches out of texts, a label in their places, and counts them. Total and linear: each rule looks at a bounded number
/// of characters from each place, or at none twice. What it has done it leaves alone when it is done again: rules begin and
/// end where words do, and see labels as the end of a text; and where something was taken out it looks once more, for what only a
/// label ends ("12 Main Street'555-123-4567"). One for the texts that belong together; not safe for concurrent use.
/// </summary>
public sealed class Redactor(RedactionPacks packs)
{
    /// <summary>Times a text is looked at at most, so that the work stays linear; two are enough for nearly all.</summary>
    private const int PassesMax = 8;

    // Rules for whole blocks and for what names itself come first, those that guess from the form of a number last.
    private static readonly (RedactionPacks Pack, IRedactionRule Rule)[] Rules =
    [
        (RedactionPacks.Secrets, new PrivateKeyRule()),
        (RedactionPacks.Secrets, new PasswordRule()),
        (RedactionPacks.Secrets, new WebTokenRule()),
        (RedactionPacks.Secrets, new ApiKeyRule()),
        (RedactionPacks.Secrets, new AddressSecretRule()),
        (RedactionPacks.Emails, new EmailRule()),
        (RedactionPacks.Ibans, new IbanRule()),
        (RedactionPacks.Cards, new CardRule()),
        (RedactionPacks.Addresses, new StreetRule()),
        (RedactionPacks.Phones, new PhoneRule()),
    ];

    /// <summary>What was taken out so far.</summary>
    public RedactionCounts Counts { get; private set; }

    /// <summary>Characters looked at so far, each time one was.</summary>
    public long Reads { get; private set; }

    /// <summary>The text without what the packs match; the same object when nothing is.</summary>
    public string Of(string text)
    {
        for (var pass = 0; pass < PassesMax; pass++)
        {
            var before = text;
            text = ApplyAll(text);
            if (ReferenceEquals(text, before))
                break;
        }

        return text;
    }

    /// <summary>The same, null where there is none.</summary>
    public string? OfOrNull(string? text) => text is null ? null : Of(text);

    /// <summary>The same of each.</summary>
    public IReadOnlyList<string> OfAll(IReadOnlyList<string> texts) => texts.Count == 0 ? texts : [.. texts.Select(Of)];

    /// <summary>
    /// Canonical JSON of an object without what the packs match, in names and values; null and the empty text are what they are.
    /// </summary>
    public string? OfJson(string? json) => string.IsNullOrEmpty(json) ? json : RedactJson.Of(json, this);

    private string ApplyAll(string text)
    {
        foreach (var (pack, rule) in Rules)
        {
            if (packs.HasFlag(pack))
                text = Apply(pack, rule, text);
        }

        return text;
    }

    private string Apply(RedactionPacks pack, IRedactionRule rule, string text)
    {
        var scanned = new ScannedText(text);
        StringBuilder? kept = null;
        var label = RedactionNames.LabelOf(pack);
        var found = 0;
        for (var at = NextStart(rule, text, 0); at < text.Length;)
        {
            var span = rule.Match(scanned, at);
            if (span.Length == 0)
            {
                at = NextStart(rule, text, at + 1);
                continue;
            }

            (kept ??= new StringBuilder(text.Length)).Append(text, scanned.Floor, span.Start - scanned.Floor).Append(label);
            scanned.Floor = span.End;
            at = NextStart(rule, text, span.End);
            found++;
        }

        Reads += scanned.Reads + text.Length;
        if (kept is null)
            return text;
        Counts = Counts.With(pack, found);
        return kept.Append(text, scanned.Floor, text.Length - scanned.Floor).ToString();
    }

    private static int NextStart(IRedactionRule rule, string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAny(rule.Starts);
        return next < 0 ? text.Length : from + next;
    }
}
