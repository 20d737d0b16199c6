using MemoryOrleans.Settings;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>The master keys that texts are encrypted under, from the environment or a file.</summary>
internal static class EncryptionSettings
{
    private const string Keys = "MEMORY_ENCRYPTION_KEYS";
    private const string KeysFile = "MEMORY_ENCRYPTION_KEYS_FILE";

    /// <summary>Reads, defines and checks them; null: texts are stored as they are.</summary>
    public static IMasterKeys? Read(MemorySettings settings)
    {
        var given = settings.Text(
            Keys, null, $"ID:KEY ID:KEY …, 1 to {MasterKeys.KeysMax}, each key {MasterKeys.KeyBytes} bytes in base64",
            "Master keys that the texts of tenants are encrypted under, separated by blanks or commas; the first wraps new data keys, "
            + "the others are for what was wrapped before. None: texts are stored as they are. `openssl rand -base64 32` makes one.",
            secret: true);
        var file = settings.Text(
            KeysFile, null, "the path of a file",
            $"A file with the master keys, as in {Keys}, and instead of it; lines that begin with # do not count. It is read at the start.");
        if (given is not null && file is not null)
            settings.Reject(KeysFile, $"must not be set beside {Keys}: which key is the first would not be plain");
        else if (file is not null)
            return Parse(settings, KeysFile, ReadFile(settings, file));
        return given is null ? null : Parse(settings, Keys, given);
    }

    private static MasterKeys? Parse(MemorySettings settings, string name, string? text)
    {
        if (text is null)
            return null;
        if (!MasterKeys.TryParse(text, out var keys, out var wrong))
            settings.Reject(name, wrong!);
        return keys;
    }

    private static string? ReadFile(MemorySettings settings, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            settings.Reject(KeysFile, $"cannot be read: {failure.Message}");
            return null;
        }
    }
}
