using MemoryOrleans.Settings;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>Address and key of a model's server; neither is ever printed.</summary>
internal static class ModelAccess
{
    private const int KeyLengthMax = 4_096;

    public static Uri? ReadBaseUrl(MemorySettings settings, string name, string description) => settings.Read(
        new SettingDefinition(
            name, null, string.Empty, "http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH, without user, query and fragment", description,
            Secret: true),
        (Uri?)null,
        static (string text, out Uri? value) => Uri.TryCreate(text, UriKind.Absolute, out value)
            && value.Scheme is "http" or "https" && value.Host.Length > 0
            && value.UserInfo.Length == 0 && value.Query.Length == 0 && value.Fragment.Length == 0);

    public static string? ReadKey(MemorySettings settings, string name, string description) => settings.Read(
        new SettingDefinition(name, null, string.Empty, $"1 to {KeyLengthMax} visible ASCII characters", description, Secret: true),
        (string?)null,
        static (string text, out string? value) =>
        {
            value = text;
            return text.Length <= KeyLengthMax && text.All(static letter => letter is > ' ' and <= '~');
        });
}
