using System.Globalization;
using MemoryOrleans.Cli.Serve;
using MemoryOrleans.Silo;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Settings;
using MemoryOrleans.Storage.Sqlite;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Backup;

/// <summary>
/// The boundary of the commands on the SQLite file of MEMORY_DATABASE_URL: what goes wrong becomes a sentence and an exit code.
/// </summary>
internal static class StoreFileCommand
{
    /// <param name="postgresTool">What does the same for PostgreSQL.</param>
    public static async Task<int> RunAsync(string postgresTool, Func<SqliteStoreOptions, Task> action)
    {
        try
        {
            var settings = new MemorySettings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            var store = StoreSettings.Read(settings);
            settings.ThrowIfInvalid();
            if (store.Sqlite is not { } sqlite)
                return await FailAsync($"This is for SQLite; with PostgreSQL use {postgresTool}, as docs/operations.md shows.",
                    ExitCode.Usage);
            await action(sqlite);
            return ExitCode.Done;
        }
        catch (SettingsException wrong)
        {
            return await FailAsync(wrong.Message, StartFailure.SettingsWrong);
        }
        catch (BackupRefusedException refusal)
        {
            return await FailAsync(refusal.MayOverwrite ? $"{refusal.Message} With --force it is replaced." : refusal.Message,
                ExitCode.Refused);
        }
        catch (OperationCanceledException)
        {
            return await FailAsync("Interrupted.", ExitCode.Interrupted);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException || OpenStore.IsExplained(wrong))
        {
            return await FailAsync(wrong.Message, StartFailure.StoreWrong);
        }
    }

    public static string Describe(DatabaseContents contents) =>
        string.Create(CultureInfo.InvariantCulture,
        $"{contents.Sessions:N0} sessions, {contents.Turns:N0} turns, {contents.Bytes:N0} bytes");

    private static async Task<int> FailAsync(string message, int exitCode)
    {
        await Console.Error.WriteLineAsync(message);
        return exitCode;
    }
}
