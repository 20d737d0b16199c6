using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tenants;

/// <summary><c>memory tenants erase</c>: all of a tenant, for good, and its certificate.</summary>
internal static class EraseTenantCommand
{
    private static readonly Option<bool> Certificate = new("--certificate")
    {
        Description = "Erase nothing: show how far the newest erasure of the tenant is",
    };

    public static Command Create(Argument<string> tenant) => new ExplainedCommand("erase", "Erase all of a tenant, for good, and wait until it is done.", """
        Needs the scope operator. Sessions, memories, the graph, vectors, work to be done, webhooks, keys and settings go, and the tenant's data
        key where texts are encrypted; its audit trail stays, and the certificate says what went. It asks, unless --yes is there. It goes on
        when this command is ended: --certificate shows when it is done. Afterwards the name may be used again.
        """)
    {
        tenant, Certificate, Confirmation.Yes, JsonOutput.Option,
    }.Against((parsed, connection, cancel) => RunAsync(parsed, parsed.GetRequiredValue(tenant), connection, cancel));

    private static async Task<int> RunAsync(ParseResult parsed, string tenant, Connection connection, CancellationToken cancel)
    {
        if (parsed.GetValue(Certificate))
        {
            Print(parsed, await connection.Client.GetTenantErasureAsync(tenant, cancel));
            return ExitCode.Done;
        }

        const string loss = "Everything of the tenant but its audit trail is lost with it, for good.";
        if (!await Confirmation.AskAsync(parsed, $"Erase the tenant {tenant}?", static () => Task.FromResult(loss)))
            return ExitCode.Refused;
        var erasure = await connection.Client.EraseTenantAsync(tenant, cancel);
        while (erasure.State != "done")
        {
            await Console.Error.WriteLineAsync($"{erasure.State}, {Show.Number(erasure.Rows.Values.Sum())} rows");
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            erasure = await connection.Client.GetTenantErasureAsync(tenant, cancel);
        }

        Print(parsed, erasure);
        return ExitCode.Done;
    }

    private static void Print(ParseResult parsed, TenantErasureResponse erasure)
    {
        if (JsonOutput.TryPrint(parsed, erasure, JsonOutput.Types.TenantErasureResponse))
            return;
        Console.WriteLine($"Erasure {erasure.Id} of the tenant {erasure.Tenant}: {erasure.State}.");
        foreach (var (table, count) in erasure.Rows.OrderBy(static each => each.Key, StringComparer.Ordinal))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count} {table}"));
    }
}
