using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>The words that stand for somebody after the first mention, as a subject, an object and an owner.</summary>
/// <param name="IsPlural">"They" takes the verb's form of "I".</param>
internal sealed record PersonPronoun(string Subject, string Object, string Owner, bool IsPlural)
{
    public static readonly PersonPronoun They = new("they", "them", "their", IsPlural: true);
    public static readonly PersonPronoun He = new("he", "him", "his", IsPlural: false);
    public static readonly PersonPronoun She = new("she", "her", "her", IsPlural: false);

    /// <summary>Whether a word of a statement speaks of somebody else in the same words, so that they would say two people.</summary>
    public bool IsWord(string lower) => IsPlural
        ? lower is "they" or "them" or "their" or "theirs" or "themselves" or "they're" or "they've"
        : this == He ? lower is "he" or "him" or "his" or "himself" or "he's" : lower is "she" or "her" or "hers" or "herself" or "she's";
}

/// <summary>
/// By which words the speakers of a conversation are spoken of: he or she where the text itself says so, of one person and always the
/// same ("as a single mom I …"; "John said he …"), else they. A name alone tells nothing.
/// </summary>
internal sealed class PersonPronouns
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonPronoun> told = new(StringComparer.Ordinal);

    public PersonPronoun Of(Speaker speaker) => told.GetValueOrDefault(speaker.Key, PersonPronoun.They);

    /// <summary>The sentence without the name of the other speaker who is called at its end: "I had a hard week, Jon."</summary>
    public Sentence WithoutCall(Sentence sentence)
    {
        var end = sentence.Text.Length;
        while (end > 0 && sentence.Text[end - 1] is '.' or '!' or '…' or ' ')
            end--;
        var comma = sentence.Text.AsSpan(0, end).LastIndexOf(", ");
        return comma > 0 && comma + 2 < end && names.TryGetValue(sentence.Text[(comma + 2)..end], out var key)
            && key != sentence.Speaker.Key
            ? sentence with { Text = sentence.Text[..comma] + sentence.Text[end..] }
            : sentence;
    }

    public void Read(IReadOnlyList<Sentence> sentences)
    {
        foreach (var sentence in sentences)
            names.TryAdd(sentence.Speaker.Name, sentence.Speaker.Key);
        foreach (var sentence in sentences)
        {
            if (!sentence.IsWhole)
                continue;
            if (sentence.Speaker.IsPerson && !sentence.IsQuestion)
                ReadSelf(sentence);
            ReadOthers(sentence.Text, sentence.Speaker);
        }
    }

    private void ReadSelf(Sentence sentence)
    {
        if (IsHe.IsMatch(sentence.Text))
            Tell(sentence.Speaker.Key, PersonPronoun.He);
        if (IsShe.IsMatch(sentence.Text))
            Tell(sentence.Speaker.Key, PersonPronoun.She);
    }

    // "John told me he …": one name, nobody else between it and the word.
    private void ReadOthers(string text, Speaker speaker)
    {
        var match = NameThenPronoun.Find(text);
        if (!match.IsFound || Relatives.IsMatch(text) || !names.TryGetValue(match["name"].Value, out var key) || key == speaker.Key)
            return;
        Tell(key, match["pronoun"].Value is "he" or "his" or "him" ? PersonPronoun.He : PersonPronoun.She);
    }

    // Told both ways, nothing is known.
    private void Tell(string key, PersonPronoun pronoun)
    {
        if (!told.TryAdd(key, pronoun) && told[key] != pronoun)
            told[key] = PersonPronoun.They;
    }

    private static readonly string A =
        @"\b(as|i['’]?m|i am) an? ((" + WordList.Alternatives("BeforeMen") + ") ){0,2}";

    private static readonly Pattern IsHe = Pattern.AnyCase(A + "(" + WordList.Alternatives("Men") + @")\b");
    private static readonly Pattern IsShe = Pattern.AnyCase(A + "(" + WordList.Alternatives("Women") + @")\b");
    private static readonly Pattern Relatives = WordList.Of("Relatives");

    private static readonly Pattern NameThenPronoun = Pattern.Exact(
        @"^(?<name>\p{Lu}\p{L}+) (said|told me|thinks|says|mentioned|lost|got|loves|likes|and|is|was|has)\b( [a-z]+){0,6} (?<pronoun>he|his|him|she|her)\b");
}
