using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Settings;

/// <summary>Reads a setting's text, already trimmed; false when it is not within the setting's range.</summary>
public delegate bool SettingParser<T>(string text, out T value);

/// <summary>
/// Reads <c>MEMORY_*</c> settings from the environment and appsettings alike. Reading a setting also defines it, so that
/// the parts of the process share one registry: every error is reported at once, and every name can be listed. An empty
/// value counts as none.
/// </summary>
public sealed class MemorySettings(IConfiguration configuration)
{
    private const string Prefix = "MEMORY_";

    private readonly List<SettingDefinition> definitions = [];
    private readonly List<string> errors = [];

    /// <summary>All settings read so far, in order.</summary>
    public IReadOnlyList<SettingDefinition> Definitions => definitions;

    /// <summary>What is wrong so far; each sentence starts with the setting's name.</summary>
    public IReadOnlyList<string> Errors => errors;

    /// <summary>A whole number between <paramref name="min"/> and <paramref name="max"/>, both allowed.</summary>
    public int Integer(string name, int defaultValue, int min, int max, string unit, string description)
    {
        var range = $"a whole number {Of(unit)} from {min} to {max}";
        return Read(
            new SettingDefinition(name, unit, defaultValue.ToString(CultureInfo.InvariantCulture), range, description),
            defaultValue,
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);
    }

    /// <summary>A number between <paramref name="min"/> and <paramref name="max"/>, both allowed.</summary>
    public double Number(string name, double defaultValue, double min, double max, string unit, string description)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a number {Of(unit)} from {min} to {max}");
        return Read(
            new SettingDefinition(name, unit, defaultValue.ToString(CultureInfo.InvariantCulture), range, description),
            defaultValue,
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);
    }

    /// <summary>A number within the range, under its name.</summary>
    public double Number(SettingRange range, double defaultValue, string description) =>
        Number(range.Name, defaultValue, range.Min, range.Max, range.Unit, description);

    /// <summary>true or false, also written 1/0, yes/no, on/off.</summary>
    public bool Flag(string name, bool defaultValue, string description) =>
        Read(
            new SettingDefinition(name, null, defaultValue ? "true" : "false", "true or false", description),
            defaultValue,
            (string text, out bool value) =>
            {
                value = text.ToUpperInvariant() is "TRUE" or "1" or "YES" or "ON";
                return value || text.ToUpperInvariant() is "FALSE" or "0" or "NO" or "OFF";
            });

    /// <summary>One of some words, whatever their case.</summary>
    public T OneOf<T>(string name, string defaultValue, IReadOnlyDictionary<string, T> words, string description) =>
        Read(
            new SettingDefinition(name, null, defaultValue, "one of " + string.Join(", ", words.Keys), description),
            words[defaultValue],
            (string text, out T value) => words.TryGetValue(text.ToLowerInvariant(), out value!));

    /// <summary>Any text; null when there is none and no default.</summary>
    public string? Text(string name, string? defaultValue, string range, string description, bool secret = false) =>
        Read(
            new SettingDefinition(name, null, defaultValue ?? string.Empty, range, description, secret),
            defaultValue,
            (string text, out string? value) =>
            {
                value = text;
                return true;
            });

    /// <summary>Parts separated by commas or semicolons, trimmed, none of them empty.</summary>
    public IReadOnlyList<string> List(string name, string defaultValue, string range, string description) =>
        Read(
            new SettingDefinition(name, null, defaultValue, range, description),
            Split(defaultValue),
            (string text, out IReadOnlyList<string> value) =>
            {
                value = Split(text);
                return true;
            });

    /// <summary>A setting of any other form.</summary>
    public T Read<T>(SettingDefinition definition, T defaultValue, SettingParser<T> parse)
    {
        definitions.Add(definition);
        var text = configuration[definition.Name]?.Trim();
        if (string.IsNullOrEmpty(text))
            return defaultValue;
        if (parse(text, out var value))
            return value;
        Reject(definition.Name, definition.Secret ? $"must be {definition.Range}" : $"must be {definition.Range}, but is '{text}'");
        return defaultValue;
    }

    /// <summary>Reports what is wrong with a setting beyond its form, for instance beside another setting.</summary>
    public void Reject(string name, string reason) => errors.Add($"{name}: {reason}");

    /// <summary>Throws <see cref="SettingsException"/> with every error found, if there is one.</summary>
    public void ThrowIfInvalid()
    {
        if (errors.Count > 0)
            throw new SettingsException(errors);
    }

    /// <summary>A warning for every <c>MEMORY_*</c> name that nothing has read, with the nearest name that exists.</summary>
    public IReadOnlyList<string> UnknownNames()
    {
        var known = definitions.Select(d => d.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return configuration.GetChildren()
            .Select(child => child.Key)
            .Where(key => key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !known.Contains(key))
            .Order(StringComparer.Ordinal)
            .Select(key => NearestName.Find(key, known) is { } near
                ? $"{key} is not a setting of this version; did you mean {near}?"
                : $"{key} is not a setting of this version")
            .ToList();
    }

    // Shares have units like "of salience".
    private static string Of(string unit) => unit.StartsWith("of ", StringComparison.Ordinal) ? unit : $"of {unit}";

    private static string[] Split(string text) =>
        text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
