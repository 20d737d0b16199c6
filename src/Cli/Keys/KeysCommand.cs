using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;
using Spectre.Console;

namespace MemoryOrleans.Cli.Keys;

/// <summary><c>memory keys</c>: a tenant's API keys in the store: list, create, rotate, revoke.</summary>
internal static class KeysCommand
{
    private static readonly Option<string?> Tenant =
        OptionForms.Word("--tenant", "TENANT", "Whose keys; default the key's own tenant, another one needs the scope operator");

    private static readonly Option<int?> Limit = OptionForms.Integer("--limit", 1, 100, "Most keys to show; default 50");

    private static readonly Argument<string> Name = new("name") { Description = "What people call the key" };

    private static readonly Option<string?> Scopes =
        OptionForms.Word("--scopes", "SCOPES", "read, write and admin, joined by +; default read+write");

    private static readonly Option<string[]> Users = Several("--user", "The only users it may speak of; may be repeated");

    private static readonly Option<string[]> Agents = Several("--agent", "The only agents it may speak of; may be repeated");

    private static readonly Option<bool> RequiresUser = new("--requires-user") { Description = "Its recalls must name their user" };

    private static readonly Option<DateTimeOffset?> Expires = OptionForms.Time("--expires", "When it ends; default never");

    private static readonly Argument<string> Id = new("id") { Description = "The key's id, as memory keys list shows it" };

    private static readonly Option<int?> Overlap = OptionForms.Integer(
        "--overlap-seconds", 0, 2_592_000, "How long the former secret stays good; default MEMORY_KEY_OVERLAP_SECONDS of the memory");

    public static Command Create() => new ExplainedCommand("keys", "List, create, rotate and revoke API keys.", """
        The keys that the memory keeps in its store, beside those of its settings. Needs the scope admin.
        """)
    {
        new ExplainedCommand("list", "Show the keys of the tenant, newest first.",
            "Secrets are not shown: nobody has them but who was given the key.")
        {
            Tenant, Limit,
        }.Against(ListAsync),
        new ExplainedCommand("create", "Make a key.",
        "The key is written to standard output, this once: it is kept nowhere. All else goes to standard error.")
        {
            Name, Tenant, Scopes, Users, Agents, RequiresUser, Expires,
        }.Against(CreateAsync),
        new ExplainedCommand("rotate", "Give a key a new secret.", """
            The key is written to standard output, this once. The former one stays good for the overlap, so that whoever uses it can change over.
            """)
        {
            Id, Tenant, Overlap,
        }.Against(RotateAsync),
        new ExplainedCommand("revoke", "End a key for good.",
        "Other processes of a cluster refuse it within MEMORY_KEY_CACHE_SECONDS.") { Id, Tenant }.Against(RevokeAsync),
    };

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListKeysAsync(parsed.GetValue(Tenant), parsed.GetValue(Limit), cancel: cancel);
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Id", "Name", "Scopes", "Only for", "Made (UTC)", "By", "State");
        foreach (var key in page.Items)
        {
            table.AddRow(
                Screen.Plain(key.Id), Screen.Plain(key.Name), Screen.Plain(string.Join('+', key.Scopes)),
                Screen.Plain(string.Join(", ",
                [.. key.Users.Select(static user => "user " + user), .. key.Agents.Select(static agent => "agent " + agent)])),
                Screen.Plain(TextOf(key.MadeAt)), Screen.Plain(key.MadeBy), Screen.Plain(StateOf(key)));
        }

        Screen.Out().Write(table);
        if (page.NextCursor is not null)
            await Console.Error.WriteLineAsync("There are more.");
        return ExitCode.Done;
    }

    private static async Task<int> CreateAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var made = await connection.Client.MakeKeyAsync(
            new MakeKeyRequest
            {
                Name = parsed.GetValue(Name), Scopes = parsed.GetValue(Scopes)?.Split('+', StringSplitOptions.TrimEntries),
                    Users = parsed.GetValue(Users) ?? [],
                Agents = parsed.GetValue(Agents) ?? [], RequiresUser = parsed.GetValue(RequiresUser), ExpiresAt = parsed.GetValue(Expires),
            },
            parsed.GetValue(Tenant),
            cancel);
        await Console.Error.WriteLineAsync($"Key {made.Details.Id} of tenant {made.Details.Tenant}. It is shown this once:");
        await Console.Out.WriteLineAsync(made.Key);
        return ExitCode.Done;
    }

    private static async Task<int> RotateAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var rotated = await connection.Client.RotateKeyAsync(
            parsed.GetValue(Id)!, new RotateKeyRequest { OverlapSeconds = parsed.GetValue(Overlap) }, parsed.GetValue(Tenant), cancel);
        await Console.Error.WriteLineAsync(
            $"The former secret is good until {TextOf(rotated.Details.PreviousUntil)} UTC. The new key is shown this once:");
        await Console.Out.WriteLineAsync(rotated.Key);
        return ExitCode.Done;
    }

    private static async Task<int> RevokeAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var revoked = await connection.Client.RevokeKeyAsync(parsed.GetValue(Id)!, parsed.GetValue(Tenant), cancel);
        await Console.Out.WriteLineAsync($"Key {revoked.Id} is revoked since {TextOf(revoked.RevokedAt)} UTC.");
        return ExitCode.Done;
    }

    private static Option<string[]> Several(string name, string description) => new(name) { Description = description, HelpName = "ID" };

    private static string StateOf(KeyResponse key)
    {
        if (key.RevokedAt is { } revoked)
            return $"revoked {TextOf(revoked)}";
        return key.ExpiresAt is { } end ? $"until {TextOf(end)}" : "good";
    }

    private static string TextOf(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;
}
