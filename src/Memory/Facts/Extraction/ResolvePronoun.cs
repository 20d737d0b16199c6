using System.Collections.Frozen;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Puts the person in the place of "he" or "she" at a sentence's beginning, where the sentence right before names one person of the
/// speaker's own and nobody else: "My brother Tom moved to Lyon. He runs a bakery." becomes "My brother Tom runs a bakery". So does an
/// answer to a question for one: "How is your sister?" – "She moved to Lyon." What is less sure stays, and is refused as before.
/// </summary>
internal static class ResolvePronoun
{
    private static readonly FrozenSet<string> Men = WordList.Words("Men");
    private static readonly FrozenSet<string> Women = WordList.Words("Women");

    /// <param name="before">The sentence right before it, of the same turn or the turn before; null: none.</param>
    /// <param name="entities">Names known in the conversation.</param>
    public static Sentence Of(Sentence sentence, Sentence? before, FindEntities entities)
    {
        var pronoun = Subject.Find(sentence.Text);
        if (!pronoun.IsFound || before is null || FindPerson(sentence, before, entities) is not var (word, person)
            || !Agree(pronoun["he"].IsFound, word))
            return sentence;
        var rest = sentence.Text[pronoun.End..];
        if (!rest.StartsWith(' '))
            return sentence;
        var verb = !pronoun["is"].IsFound ? "" : HasVerb.IsMatch(rest) ? " has" : " is";
        return sentence with { Text = $"My {person}{verb}{rest}" };
    }

    private static (string Word, string Person)? FindPerson(Sentence sentence, Sentence before, FindEntities entities)
    {
        var isOwn = before.Turn == sentence.Turn;
        if (!before.IsWhole || isOwn == (before.Speaker.Key != sentence.Speaker.Key) || (!isOwn && before.Turn != sentence.Turn - 1))
            return null;
        var people = People.All(before.Text).ToList();
        if (people.Count != 1 || people[0]["mine"].IsFound != isOwn || Others.All(before.Text).Count() != 1)
            return null;
        var name = people[0]["name"].Value;
        // A name after "in" or "to" is a place's; any other may be the person meant.
        foreach (var known in entities.In(before.Text))
        {
            if (name.Length > 0 && known.Contains(name, StringComparison.Ordinal))
                continue;
            var at = before.Text.IndexOf(known, StringComparison.Ordinal);
            if (at < 0 || !Place.IsMatch(before.Text.AsSpan(0, at)))
                return null;
        }

        return (people[0]["word"].Value, name.Length > 0 ? $"{people[0]["word"].Value} {name}" : people[0]["word"].Value);
    }

    private static bool Agree(bool isHe, string word) => isHe ? !Women.Contains(word) : !Men.Contains(word);

    private static readonly string AnyRelative = WordList.Alternatives("Relatives") + "|" + WordList.Alternatives("Partners");

    private static readonly Pattern Subject = Pattern.AnyCase(@"^(and |but |so )?((?<he>he)|she)(?<is>['’]s)?\b");

    private static readonly Pattern HasVerb = Pattern.AnyCase(
        "^ ((" + WordList.Alternatives("Adverbs") + "|never) )*(" + WordList.Alternatives("PastAfterHas") + @"|\p{L}{2,}ed)\b");

    private static readonly Pattern People = Pattern.AnyCase(
        @"\b((?<mine>my|our)|your) ((" + WordList.Alternatives("BeforeRelatives") + ") ){0,2}(?<word>" + AnyRelative
        + @")\b,?( (?<name>(?-i:\p{Lu})\p{L}+))?");

    private static readonly Pattern Others = Pattern.AnyCase(
        @"\b(" + AnyRelative + "|" + WordList.Alternatives("OtherPeople") + @")\b");

    private static readonly Pattern Place = Pattern.AnyCase(@"\b(" + WordList.Alternatives("BeforePlaces") + @")\s+$");
}
