using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tenants;

/// <summary><c>memory tenants</c>: what is set for a tenant.</summary>
internal static class TenantsCommand
{
    private const string None = "none";
    private const string Default = "default";
    private const string All = "all";
    private static readonly string[] Packs = ["secrets", "emails", "ibans", "cards", "addresses", "phones"];

    private static readonly Argument<string> Tenant = new("TENANT") { Description = "The tenant's name" };

    private static readonly Argument<string> Database =
        new("DATABASE") { Description = "One of those that `memory tenants databases` lists" };

    private static readonly Option<string> TurnsPerMinute = new("--turns-per-minute")
    {
        Description = $"Turns that may be appended in a minute (1 to 10000000), or {None}: as many as can be", HelpName = "N",
    };

    private static readonly Option<string> Redact = new("--redact")
    {
        Description = $"What is taken out of texts before they are stored: secrets, emails, ibans, cards, addresses, phones by commas, "
            + $"all or {None}; {Default}: what MEMORY_REDACT says",
        HelpName = "PACKS",
    };

    public static Command Create() => new ExplainedCommand(
        "tenants",
        "List the tenants that the API key administers, and set their quotas and what is redacted.", """
        Needs the scope admin.

        Example:
          memory tenants set acme --turns-per-minute 600
          memory tenants set acme --redact secrets,cards,ibans
        """)
    {
        new ExplainedCommand("list", "List the tenants.", string.Empty) { JsonOutput.Option }.Against(ListAsync),
        new ExplainedCommand("show", "Show what is set for a tenant.", string.Empty) { Tenant, JsonOutput.Option }.Against(ShowAsync),
        new ExplainedCommand("set", "Set a tenant's quota, or what is taken out of its texts.", string.Empty) { Tenant, TurnsPerMinute,
        Redact, JsonOutput.Option }.Against(SetAsync),
        new ExplainedCommand("databases", "List the databases that tenants are in.",
        "Needs the scope operator.") { JsonOutput.Option }.Against(ListDatabasesAsync),
        new ExplainedCommand("place", "Give a tenant that is new a database.", "Needs the scope operator.") { Tenant, Database,
        JsonOutput.Option }.Against(PlaceAsync),
        new ExplainedCommand("move", "Move a tenant to another database, and wait until it is done.", """
            Needs the scope operator. Reads go on all the time; writes are answered 503 for some seconds at the end. A move that fails leaves the
            tenant where it was. It goes on when this command is ended; called again, it waits for the move that is under way.
            """) { Tenant, Database, JsonOutput.Option }.Against(MoveAsync),
        EraseTenantCommand.Create(Tenant),
    };

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListTenantsAsync(cancel);
        if (!JsonOutput.TryPrint(parsed, page, JsonOutput.Types.TenantPage))
            Print(page.Items);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Connection connection, CancellationToken cancel) =>
        Print(parsed, await connection.Client.GetTenantAsync(parsed.GetRequiredValue(Tenant), cancel));

    private static async Task<int> SetAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var (turns, redact) = (parsed.GetValue(TurnsPerMinute), parsed.GetValue(Redact));
        if (turns is null && redact is null)
            throw new UsageException("Say what is to be set: --turns-per-minute or --redact.");
        var edit = new EditTenantRequest
        {
            TurnsPerMinuteMax = turns is null ? default : JsonElement.Parse(LimitOf(turns)), Redact = redact is null
                ? default : JsonElement.Parse(PacksOf(redact)),
        };
        return Print(parsed, await connection.Client.EditTenantAsync(parsed.GetRequiredValue(Tenant), edit, cancel));
    }

    // As JSON: a number, or null for none.
    private static string LimitOf(string text)
    {
        if (text == None)
            return "null";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 10_000_000
            ? text
            : throw new UsageException($"--turns-per-minute must be a whole number from 1 to 10000000, or {None}, but is '{text}'.");
    }

    // As JSON: a list of names, or null for the service's own.
    private static string PacksOf(string text)
    {
        if (text == Default)
            return "null";
        string[] names = text switch { None => [], All => Packs, _ => text.Split(',', StringSplitOptions.TrimEntries) };
        return names.All(Packs.Contains) && names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? $"[{string.Join(',', names.Select(static name => $"\"{name}\""))}]"
            : throw new UsageException(
            $"--redact must be a list of {string.Join(", ", Packs)}, each once, or {All}, {None} or {Default}, but is '{text}'.");
    }

    private static async Task<int> ListDatabasesAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var list = await connection.Client.ListDatabasesAsync(cancel);
        if (JsonOutput.TryPrint(parsed, list, JsonOutput.Types.DatabaseList))
            return ExitCode.Done;
        var table = new Listing("Database", new Heading("Tenants", Right: true), new Heading("MiB", Right: true), new Heading("State"));
        foreach (var each in list.Items)
            table.Add(each.Name, Show.Number(each.Tenants), each.Bytes is { } bytes ? Show.Number(bytes / 1024 / 1024) : "",
                each.Fault ?? "answers");
        table.Write(Screen.Out());
        return ExitCode.Done;
    }

    private static async Task<int> PlaceAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var placed = await connection.Client.PlaceTenantAsync(parsed.GetRequiredValue(Tenant), parsed.GetRequiredValue(Database), cancel);
        if (!JsonOutput.TryPrint(parsed, placed, JsonOutput.Types.TenantDatabaseResponse))
            await Console.Out.WriteLineAsync($"{placed.Tenant} is in {placed.Database}.");
        return ExitCode.Done;
    }

    private static async Task<int> MoveAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var tenant = parsed.GetRequiredValue(Tenant);
        var move = await BeginMoveAsync(connection, tenant, parsed.GetRequiredValue(Database), cancel);
        while (IsUnderWay(move))
        {
            await Console.Error.WriteLineAsync($"{move.State}, {Show.Number(move.Rows)} rows");
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            move = await connection.Client.GetTenantMoveAsync(tenant, cancel);
        }

        if (!JsonOutput.TryPrint(parsed, move, JsonOutput.Types.TenantMoveResponse))
            await Console.Out.WriteLineAsync(move.Error is { } error ? $"{tenant} is in {move.Source} still: {error}" : Describe(move));
        return move.Error is null ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>The move begun, or the one that is under way.</summary>
    private static async Task<TenantMoveResponse> BeginMoveAsync(
        Connection connection, string tenant, string database, CancellationToken cancel)
    {
        try
        {
            return await connection.Client.MoveTenantAsync(tenant, database, cancel);
        }
        catch (MemoryApiException conflict) when (conflict.Status == 409)
        {
            if (await FindMoveAsync(connection, tenant, cancel) is { } move && IsUnderWay(move))
                return move;
            throw;
        }
    }

    private static bool IsUnderWay(TenantMoveResponse move) => move.State is not ("done" or "failed");

    private static string Describe(TenantMoveResponse move)
    {
        var held = move.HeldUntil - move.HeldFrom;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{move.Tenant} is in {move.Target}: {move.Rows:N0} rows, writes held for {held?.TotalSeconds ?? 0:0.0} s.");
    }

    private static async Task<TenantMoveResponse?> FindMoveAsync(Connection connection, string tenant, CancellationToken cancel)
    {
        try
        {
            return await connection.Client.GetTenantMoveAsync(tenant, cancel);
        }
        catch (MemoryApiException none) when (none.Status == 404)
        {
            return null;
        }
    }

    private static int Print(ParseResult parsed, TenantResponse tenant)
    {
        if (!JsonOutput.TryPrint(parsed, tenant, JsonOutput.Types.TenantResponse))
            Print([tenant]);
        return ExitCode.Done;
    }

    private static string ShowPacks(IReadOnlyList<string>? packs) => packs switch
    {
        null => "as the service says",
        [] => "nothing",
        _ => string.Join(", ", packs),
    };

    private static void Print(IReadOnlyList<TenantResponse> tenants)
    {
        var table = new Listing("Tenant", new Heading("Turns a minute, at most", Right: true), "Redacted");
        foreach (var each in tenants)
            table.Add(each.Tenant, each.TurnsPerMinuteMax is { } most ? Show.Number(most) : "as many as can be", ShowPacks(each.Redact));
        table.Write(Screen.Out());
    }
}
