using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo;

namespace MemoryOrleans.Cli.Serve;

/// <summary>What keeps a memory from being opened in this process, where a person can mend it: settings, or the store.</summary>
internal static class StartFailure
{
    public const int SettingsWrong = 78;
    public const int StoreWrong = 74;

    /// <summary>Null for anything else.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        SettingsException => new Failure(exception.Message, SettingsWrong),
        _ when OpenStore.IsExplained(exception) => new Failure(exception.Message, StoreWrong),
        _ => null,
    };
}
