using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>What kind of value: an e-mail address, a time of day, a date, a weekday, a phone number, money, a code, a number.</summary>
internal enum ValueKind
{
    Email,
    Time,
    Date,
    Weekday,
    Phone,
    Money,
    Code,
    Number,
}

/// <summary>A value that a sentence states.</summary>
/// <param name="Text">In a form in which equal values are equal.</param>
/// <param name="Unit">The stem of the word after a number; empty where there is none.</param>
internal readonly record struct TypedValue(ValueKind Type, string Text, string Unit, int Token);

/// <summary>Finds typed values among tokens, one pass.</summary>
internal static class FindValues
{
    private const int PhoneDigitsMin = 6;

    private static readonly FrozenDictionary<string, int> Numbers = NumbersOf(
        "one two three four five six seven eight nine ten eleven twelve", "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
        "un deux trois quatre cinq six sept huit neuf dix onze douze", "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "um dois tres quatro cinco seis sete oito nove dez onze doze",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "single twice thrice");

    private static readonly FrozenSet<string> Months = (
        "january february march april may june july august september october november december januar februar marz mai juni juli "
        + "oktober dezember janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril "
        + "mayo junio julio agosto septiembre octubre noviembre diciembre janeiro fevereiro marco maio junho julho setembro outubro "
        + "novembro dezembro jan feb apr jun jul aug sept oct nov dec").Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Weekdays = (
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays "
        + "montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes "
        + "miercoles jueves viernes sabado domingo segunda terca quarta quinta sexta segunda-feira terca-feira quarta-feira "
        + "quinta-feira sexta-feira").Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> BeforeTimes = "at um a as las les from until till until by gegen vers".Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Currencies =
        "dollar dollars euro euros pound pounds usd eur gbp yen franken francs reais pesos € $ £".Split(' ')
            .ToFrozenSet(StringComparer.Ordinal);

    public static bool IsMonthOrWeekday(string folded) => Months.Contains(folded) || Weekdays.Contains(folded);

    public static List<TypedValue> In(Wording wording)
    {
        var values = new List<TypedValue>();
        if (wording.IsUnspaced)
            AddUnspaced(wording.Text, values);
        for (var i = 0; i < wording.Tokens.Count; i++)
        {
            if (wording.Tokens[i].IsWord && At(wording.Tokens, i) is { } value)
                values.Add(value);
        }

        return Join(values, wording.Tokens);
    }

    private static TypedValue? At(IReadOnlyList<SentenceToken> tokens, int i)
    {
        var word = tokens[i].Folded;
        if (word.Contains('@', StringComparison.Ordinal))
            return new TypedValue(ValueKind.Email, word, "", i);
        if (Weekdays.Contains(word))
            return new TypedValue(ValueKind.Weekday, word.TrimEnd('s').Replace("-feira", "", StringComparison.Ordinal), "", i);
        if (Months.Contains(word))
            return word is "may" or "march" or "mars" && !tokens[i].IsCapital
                ? null : new TypedValue(ValueKind.Date, DateText(tokens, i, word), "", i);
        if (Numbers.TryGetValue(word, out var number))
            return OfNumber(tokens, i, number.ToString(provider: null), isSpelt: true);
        if (!tokens[i].HasDigit || IsNextTo(tokens, i, Months.Contains))
            return null;
        if (word.Contains(':', StringComparison.Ordinal) || IsClock(word))
            return new TypedValue(ValueKind.Time, word, "", i);
        if (word[0] is '$' or '€' or '£' || word[^1] is '€' or '$' or '£')
            return new TypedValue(ValueKind.Money, Digits(word), "", i);
        if (word.Count(char.IsAsciiDigit) >= PhoneDigitsMin && word.AsSpan().IndexOfAnyInRange('a', 'z') < 0)
            return new TypedValue(ValueKind.Phone, Digits(word), "", i);
        return word.AsSpan().ContainsAnyInRange('a', 'z') && !HasUnit(word)
            ? new TypedValue(ValueKind.Code, word, "", i) : OfNumber(tokens, i, word, isSpelt: false);
    }

    private static TypedValue? OfNumber(IReadOnlyList<SentenceToken> tokens, int i, string text, bool isSpelt)
    {
        var next = i + 1 < tokens.Count && tokens[i + 1].IsWord ? tokens[i + 1].Folded : "";
        if (Currencies.Contains(next))
            return new TypedValue(ValueKind.Money, Digits(text), "", i);
        if (next is "am" or "pm" or "uhr" or "o" or "horas" or "heures"
            || (i > 0 && BeforeTimes.Contains(tokens[i - 1].Folded) && IsSmall(text) && next is "" or "in" or "on" or "from" or "now"))
            return new TypedValue(ValueKind.Time, text, "", i);
        if (isSpelt && text == "1")
            return null;
        return new TypedValue(ValueKind.Number, text, next.Length == 0 ? "" : Content.Stem(Languages.English, next), i);
    }

    private static bool IsSmall(string text) => text.Length <= 2 || text.Contains(':', StringComparison.Ordinal);

    private static bool IsClock(string word) => word.Length > 2 && char.IsAsciiDigit(word[0])
        && (word.EndsWith("am", StringComparison.Ordinal) || word.EndsWith("pm", StringComparison.Ordinal));

    private static bool HasUnit(string word)
    {
        var letters = word.AsSpan().IndexOfAnyInRange('a', 'z');
        return letters > 0 && word.Length - letters <= 4 && !word.Contains('-', StringComparison.Ordinal)
            && word.AsSpan(letters).IndexOfAnyInRange('0', '9') < 0;
    }

    private static string DateText(IReadOnlyList<SentenceToken> tokens, int i, string month)
    {
        var day = i > 0 && tokens[i - 1].HasDigit ? tokens[i - 1].Folded
            : i > 1 && tokens[i - 2].HasDigit && tokens[i - 1].Folded is "of" or "de" ? tokens[i - 2].Folded
            : i + 1 < tokens.Count && tokens[i + 1].HasDigit && tokens[i + 1].Folded.Length <= 4 ? tokens[i + 1].Folded : "";
        return $"{day} {month[..Math.Min(3, month.Length)]}";
    }

    private static bool IsNextTo(IReadOnlyList<SentenceToken> tokens, int i, Func<string, bool> fits) =>
        tokens[i].Folded.Length <= 4 && ((i > 0 && fits(tokens[i - 1].Folded)) || (i + 1 < tokens.Count && fits(tokens[i + 1].Folded))
            || (i + 2 < tokens.Count && tokens[i + 1].Folded is "of" or "de" && fits(tokens[i + 2].Folded)));

    private static string Digits(string word) => string.Concat(word.Where(char.IsAsciiDigit));

    // "06 33 44" is one number, as it is spoken.
    private static List<TypedValue> Join(List<TypedValue> values, IReadOnlyList<SentenceToken> tokens)
    {
        for (var i = values.Count - 2; i >= 0; i--)
        {
            var (left, right) = (values[i], values[i + 1]);
            if (left.Type is ValueKind.Number or ValueKind.Phone && right.Type is ValueKind.Number or ValueKind.Phone
                && right.Token == left.Token + 1
                && tokens[left.Token].HasDigit && tokens[right.Token].HasDigit)
            {
                values[i] = new TypedValue(ValueKind.Phone, left.Text + right.Text, "", left.Token);
                values.RemoveAt(i + 1);
            }
        }

        return values;
    }

    private static void AddUnspaced(string text, List<TypedValue> values)
    {
        const string days = "一二三四五六日天";
        foreach (var start in new[] { "周", "星期", "礼拜" })
        {
            var at = text.IndexOf(start, StringComparison.Ordinal);
            if (at >= 0 && at + start.Length < text.Length && days.Contains(text[at + start.Length], StringComparison.Ordinal))
                values.Add(new TypedValue(ValueKind.Weekday, text.Substring(at + start.Length, 1), "", 0));
        }

        var named = text.IndexOf("曜", StringComparison.Ordinal);
        if (named > 0)
            values.Add(new TypedValue(ValueKind.Weekday, text.Substring(named - 1, 1), "", 0));
    }

    private static FrozenDictionary<string, int> NumbersOf(params string[] lists) => lists
        .SelectMany(static list => list.Split(' ').Select(static (word, i) => (word, Number: i + 1)))
        .DistinctBy(static pair => pair.word)
        .ToFrozenDictionary(static pair => pair.word, static pair => pair.Number, StringComparer.Ordinal);
}
