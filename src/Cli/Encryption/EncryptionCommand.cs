using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Serve;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sqlite;
using MemoryOrleans.Tenancy;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Encryption;

/// <summary><c>memory encryption</c>: what tenants' data keys are wrapped under, wrapping them anew, and destroying one.</summary>
internal static class EncryptionCommand
{
    private const string Where = """
        Works on the database of MEMORY_DATABASE_URL itself, with the master keys of MEMORY_ENCRYPTION_KEYS or MEMORY_ENCRYPTION_KEYS_FILE.
        A SQLite file must not be open in another process.
        """;

    private static readonly Argument<string> Tenant = new("TENANT") { Description = "The tenant's name" };

    private static readonly Option<string> Operators = new("--operators")
    {
        Description = "The operators' tenant, whose audit trail is told besides the tenant's own", HelpName = "TENANT",
        DefaultValueFactory = static _ => "default",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Also while processes of a cluster say that they live",
    };

    public static Command Create()
    {
        var status = new ExplainedCommand("status", "Show how many data keys each master key wraps.", Where);
        status.SetAction(static (_, cancel) => RunAsync(ShowAsync, cancel));
        var rotate = new ExplainedCommand("rotate", "Wrap every tenant's data key under the first master key.", $"""
            Put a new key before the others in MEMORY_ENCRYPTION_KEYS, start the service with that, and run this; when it is done the old
            keys can be taken out. Only the data keys are wrapped anew: texts stay as they are.

            {Where}
            """);
        rotate.SetAction(static (_, cancel) => RunAsync(RotateAsync, cancel));
        var destroy = new ExplainedCommand("destroy", "Destroy a tenant's data key: nobody reads its encrypted texts any more.", $"""
            What the tenant has in the database is lost for good; backups made before have the key still, wrapped. Running processes keep
            it in memory for up to ten seconds and seal under it what nobody can read after that: stop them first. While silos say that they
            live it is refused (1), unless --force is there. Both audit trails tell of it. To remove what is stored as well, and with the service
            running: `memory tenants erase`. The exit code is 1 when the tenant has no key.

            {Where}
            """)
        {
            Tenant, Operators, Force, Confirmation.Yes,
        };
        destroy.SetAction(static (parsed, cancel) => DestroyAsync(parsed, cancel));
        return new Command("encryption", "Show, rotate or destroy the keys that texts are encrypted with.") { status, rotate, destroy };
    }

    private static async Task<int> DestroyAsync(ParseResult parsed, CancellationToken cancel)
    {
        var tenant = parsed.GetRequiredValue(Tenant);
        try
        {
            const string loss = "All encrypted texts of the tenant are lost with it, for good.";
            if (!await Confirmation.AskAsync(parsed, $"Destroy the data key of {tenant}?", static () => Task.FromResult(loss)))
                return ExitCode.Refused;
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return ExitCode.Usage;
        }

        var (isAnyDestroyed, isAnyRefused) = (false, false);
        var code = await RunAsync(
            async (opened, token) =>
            {
                if (!parsed.GetValue(Force) && await FindLivingAsync(opened, token) is { } living)
                {
                    isAnyRefused = true;
                    await Console.Error.WriteLineAsync($"{opened.Database}{living}");
                    return;
                }

                var isDestroyed = await opened.Keys.DestroyKeyAsync(tenant, token);
                isAnyDestroyed |= isDestroyed;
                if (isDestroyed)
                    await TellAsync(opened, tenant, parsed.GetRequiredValue(Operators), token);
                Console.WriteLine($"{opened.Database}{(isDestroyed ? "The data key is destroyed." : "The tenant has no data key.")}");
            },
            cancel);
        return code == ExitCode.Done && (isAnyRefused || !isAnyDestroyed) ? ExitCode.Refused : code;
    }

    /// <summary>What is said when a cluster runs over the database; null when none does, as far as its members say.</summary>
    private static async Task<string?> FindLivingAsync(OpenedKeys opened, CancellationToken cancel) =>
        opened.Server is { } server && await ClusterMembers.FindLivingAsync(server, cancel) is { Count: > 0 } clusters
            ? $"Processes of the cluster {string.Join(", ", clusters)} say that they live: stop them first, or use --force."
            : null;

    private static async Task TellAsync(OpenedKeys opened, string tenant, string operators, CancellationToken cancel)
    {
        var entry = new AuditEntry(TimeProvider.System.GetUtcNow(), "command", "encryption.key_destroyed", $"tenant:{tenant}");
        foreach (var told in new[] { tenant, operators }.Distinct(StringComparer.Ordinal))
            await opened.Audit.AppendAuditAsync(told, entry, cancel);
    }

    private static async Task ShowAsync(OpenedKeys opened, CancellationToken cancel)
    {
        Console.WriteLine($"{opened.Database}Texts are encrypted. New data keys are wrapped under '{opened.Masters.FirstId}'.");
        foreach (var (id, count) in await KeyRing.CountAsync(opened.Keys, cancel))
        {
            var fate = id.Length == 0 ? "destroyed" : $"wrapped under '{id}'";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{opened.Database}Data keys {fate}: {count}."));
        }
    }

    private static async Task RotateAsync(OpenedKeys opened, CancellationToken cancel)
    {
        var (rewrapped, kept) = await opened.Ring.RotateAsync(cancel);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{opened.Database}Data keys wrapped anew under '{opened.Masters.FirstId}': {rewrapped}; that were already: {kept}."));
    }

    private static async Task<int> RunAsync(Func<OpenedKeys, CancellationToken, Task> action, CancellationToken cancel)
    {
        try
        {
            var settings = new MemorySettings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            var store = StoreSettings.Read(settings);
            settings.ThrowIfInvalid();
            if (store.Sqlite is { } file)
            {
                await using var opened =
                    await SqliteStore.OpenAsync(file with { Creation = DatabaseCreation.Never }, TimeProvider.System, cancel);
                await ActAsync(opened.TenantKeys, opened, file.MasterKeys, opened.Ring, null, string.Empty, action, cancel);
            }

            foreach (var (name, options) in store.Databases)
            {
                await using var opened = await PostgresStore.OpenAsync(options, TimeProvider.System, cancel);
                var database = store.Further.Count > 0 ? $"{name}: " : string.Empty;
                await ActAsync(opened.TenantKeys, opened, options.MasterKeys, opened.Ring, options, database, action, cancel);
            }

            return ExitCode.Done;
        }
        catch (Exception wrong) when (StartFailure.Of(wrong) is { } failure)
        {
            return await failure.TellAsync();
        }
    }

    private static async Task ActAsync(
        ITenantKeys keys, IAuditStore audit, IMasterKeys? masters, KeyRing? ring, PostgresStoreOptions? server, string database,
        Func<OpenedKeys, CancellationToken, Task> action, CancellationToken cancel)
    {
        if (masters is null || ring is null)
            Console.WriteLine($"{database}Texts are stored as they are: MEMORY_ENCRYPTION_KEYS is not set, and no tenant has a data key.");
        else
            await action(new OpenedKeys(keys, audit, masters, ring, server, database), cancel);
    }

    /// <param name="Server">Where processes of a cluster may be; null: a file, which one process has open.</param>
    /// <param name="Database">What lines begin with, where there are several.</param>
    private sealed record OpenedKeys(
        ITenantKeys Keys, IAuditStore Audit, IMasterKeys Masters, KeyRing Ring, PostgresStoreOptions? Server, string Database);
}
