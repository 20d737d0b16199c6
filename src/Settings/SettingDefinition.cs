namespace MemoryOrleans.Settings;

/// <summary>One <c>MEMORY_*</c> setting, as it is documented.</summary>
/// <param name="Unit">What a number counts, for instance <c>seconds</c>; null for words and lists.</param>
/// <param name="Default">As it would be written; empty when the default is to have none.</param>
/// <param name="Range">What a value must be, as the end of the sentence "must be …".</param>
/// <param name="Secret">True when the value must never be shown.</param>
public sealed record SettingDefinition(
    string Name, string? Unit, string Default, string Range, string Description, bool Secret = false);

/// <summary>Thrown at start-up with everything that is wrong with the settings, one line each.</summary>
public sealed class SettingsException(IReadOnlyList<string> errors)
    : Exception("The settings are not valid:" + string.Concat(errors.Select(e => Environment.NewLine + "  " + e)))
{
    /// <summary>One sentence for each error; each starts with the setting's name.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
