using System.CommandLine;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary>Options with a range: whatever this program does ends by itself.</summary>
internal static class Bounded
{
    public static Option<int> Int(string name, int preset, int min, int max, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} ({min}..{max})", DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < min || value > max))
                result.AddError($"{name} must be a number from {min} to {max}.");
        });
        return option;
    }

    public static Option<double> Share(string name, double preset, string description)
    {
        var option = new Option<double>(name) { Description = $"{description} (0..1)", DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, out var value) || value is not (>= 0 and <= 1)))
                result.AddError($"{name} must be a number from 0 to 1.");
        });
        return option;
    }

    /// <summary>An option for an id of the API's form that needs no escaping.</summary>
    public static Option<string> Id(string name, string? preset, string description)
    {
        var option = new Option<string>(name) { Description = description };
        if (preset is not null)
            option.DefaultValueFactory = _ => preset;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !IsId(result.Tokens[0].Value))
                result.AddError($"{name} must be 1 to 100 characters: a letter or digit, then letters, digits, '.', '_', ':', '@' or '-'.");
        });
        return option;
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(id[0])
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '-');
}
