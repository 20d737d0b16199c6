using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>Options that say what their values must be.</summary>
internal static class OptionForms
{
    public static Option<string?> Word(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    public static Option<int?> Integer(string name, int min, int max, string description) => Parsed<int?>(
        name, "N", $"{description} ({min} to {max})", $"a whole number from {min} to {max}",
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min
        && value <= max ? value : null);

    /// <summary>A whole number of at least 1, as jobs are numbered.</summary>
    public static Option<long?> Number(string name, string helpName, string description) => Parsed<long?>(
        name, helpName, description, "a whole number, 1 or more",
        static text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 ? value : null);

    /// <summary>One of some words.</summary>
    public static Option<string?> OneOf(string name, string description, params string[] words) => Parsed<string?>(
        name, string.Join('|', words), description, "one of " + string.Join(", ", words), text => Array.Find(words, word => word == text));

    public static Option<double?> Fraction(string name, string description) => Parsed<double?>(
        name, "X", $"{description} (0 to 1)", "a number from 0 to 1",
        static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
        ? value : null);

    public static Option<DateTimeOffset?> Time(string name, string description) => Parsed<DateTimeOffset?>(
        name, "TIME", description, Rfc3339.Form["must be ".Length..],
        static text => Rfc3339.TryParse(text, out var value) ? value : null);

    private static Option<T> Parsed<T>(string name, string helpName, string description, string form, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var value = parse(text);
            if (value is null)
                result.AddError($"{name} must be {form}, but is '{text}'.");
            return value;
        },
    };
}
