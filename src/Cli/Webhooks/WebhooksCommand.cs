using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;
using Spectre.Console;

namespace MemoryOrleans.Cli.Webhooks;

/// <summary><c>memory webhooks</c>: who is told of what: list, create, change, rotate, test, deliveries, remove.</summary>
internal static class WebhooksCommand
{
    private static readonly Argument<string> Url = new("url") { Description = "Where to post: an https:// or http:// address" };

    private static readonly Option<string?> NewUrl = OptionForms.Word("--url", "URL", "Where to post");

    private static readonly Argument<string> Id = new("id") { Description = "The webhook's id, as memory webhooks list shows it" };

    private static readonly Option<string[]> Events = new("--event")
    {
        Description = "memory.made, memory.superseded, memory.erased, session.distilled or job.dead; may be repeated", HelpName = "EVENT",
    };

    private static readonly Option<string?> Name = OptionForms.Word("--name", "NAME", "What people call it");

    private static readonly Option<bool?> Content =
        new("--include-content") { Description = "Whether to be sent memories' texts too", HelpName = "true|false" };

    private static readonly Option<bool?> Enabled =
        new("--enabled") { Description = "Whether it is told anything", HelpName = "true|false" };

    private static readonly Option<int?> Overlap =
        OptionForms.Integer("--overlap-seconds", 0, 2_592_000, "How long deliveries are signed with the former secret too; default a day");

    private static readonly Option<int?> Limit = OptionForms.Integer("--limit", 1, 100, "Most deliveries to show; default 50");

    public static Command Create() => new ExplainedCommand("webhooks", "List, create, change, try and remove webhooks.", """
        A webhook is posted what happens to the tenant's memories, signed. Needs the scope admin.
        """)
    {
        new ExplainedCommand("list", "Show the tenant's webhooks.", "Secrets are not shown again.").Against(ListAsync),
        new ExplainedCommand("create", "Make a webhook.",
        "Its secret is written to standard output, this once. All else goes to standard error.")
        {
            Url, Events, Name, Content, Enabled,
        }.Against(CreateAsync),
        new ExplainedCommand("change", "Change a webhook, or switch it off or on.",
        "What is not given stays. Switched off, what was to be sent to it is dropped.")
        {
            Id, NewUrl, Events, Name, Content, Enabled,
        }.Against(ChangeAsync),
        new ExplainedCommand("rotate", "Give a webhook a new secret.", """
            The secret is written to standard output, this once. Deliveries are signed with the former one too for the overlap, so that the
            receiver can change over.
            """)
        {
            Id, Overlap,
        }.Against(RotateAsync),
        new ExplainedCommand("test", "Have a test sent to a webhook.",
        "What comes of it is shown by memory webhooks deliveries.") { Id }.Against(TestAsync),
        new ExplainedCommand("deliveries", "Show how deliveries to a webhook stand, the newest event's first.",
        "A dead one is a job, which memory jobs --requeue tries again.")
        {
            Id, Limit,
        }.Against(DeliveriesAsync),
        new ExplainedCommand("remove", "Remove a webhook with its deliveries.",
        "What was to be sent to it is not sent any more.") { Id }.Against(RemoveAsync),
    };

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Id", "Name", "Address", "Events", "Made (UTC)", "State");
        foreach (var webhook in (await connection.Client.ListWebhooksAsync(cancel)).Items)
        {
            table.AddRow(
                Screen.Plain(webhook.Id), Screen.Plain(webhook.Name), Screen.Plain(webhook.Url),
                Screen.Plain(string.Join(", ", webhook.Events)),
                Screen.Plain(TextOf(webhook.MadeAt)), Screen.Plain(StateOf(webhook)));
        }

        Screen.Out().Write(table);
        return ExitCode.Done;
    }

    private static async Task<int> CreateAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var made = await connection.Client.MakeWebhookAsync(
            new WebhookRequest
            {
                Url = parsed.GetValue(Url), Events = parsed.GetValue(Events)
                    ?? [], Name = parsed.GetValue(Name), IncludeContent = parsed.GetValue(Content),
                Enabled = parsed.GetValue(Enabled),
            },
            cancel);
        await Console.Error.WriteLineAsync($"Webhook {made.Details.Id}. Its secret is shown this once:");
        await Console.Out.WriteLineAsync(made.Secret);
        return ExitCode.Done;
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var events = parsed.GetValue(Events);
        var changed = await connection.Client.ChangeWebhookAsync(
            parsed.GetValue(Id)!,
            new WebhookPatch
            {
                Url = parsed.GetValue(NewUrl), Events = events is { Length: > 0 } ? events : null, Name = parsed.GetValue(Name),
                IncludeContent = parsed.GetValue(Content), Enabled = parsed.GetValue(Enabled),
            },
            cancel);
        await Console.Out.WriteLineAsync(
            $"Webhook {changed.Id} is {StateOf(changed)}, version {changed.Version.ToString(CultureInfo.InvariantCulture)}.");
        return ExitCode.Done;
    }

    private static async Task<int> RotateAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var rotated = await connection.Client.RotateWebhookAsync(
            parsed.GetValue(Id)!, new RotateWebhookRequest { OverlapSeconds = parsed.GetValue(Overlap) }, cancel);
        await Console.Error.WriteLineAsync(
            $"Deliveries are signed with the former secret too until {TextOf(rotated.Details.PreviousUntil)} UTC. The new one is shown "
            + $"this once:");
        await Console.Out.WriteLineAsync(rotated.Secret);
        return ExitCode.Done;
    }

    private static async Task<int> TestAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var test = await connection.Client.TestWebhookAsync(parsed.GetValue(Id)!, cancel);
        await Console.Out.WriteLineAsync($"Delivery {test.Id} is on its way.");
        return ExitCode.Done;
    }

    private static async Task<int> DeliveriesAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListDeliveriesAsync(parsed.GetValue(Id)!, parsed.GetValue(Limit), cancel: cancel);
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Id", "Event", "At (UTC)", "State", "Attempts", "Last answer");
        foreach (var delivery in page.Items)
        {
            table.AddRow(
                Screen.Plain(delivery.Id), Screen.Plain(delivery.Type), Screen.Plain(TextOf(delivery.EventAt)),
                Screen.Plain(delivery.State),
                Screen.Plain(delivery.Attempts.ToString(CultureInfo.InvariantCulture)),
                Screen.Plain(delivery.LastError ?? delivery.LastStatus?.ToString(CultureInfo.InvariantCulture) ?? string.Empty));
        }

        Screen.Out().Write(table);
        if (page.NextCursor is not null)
            await Console.Error.WriteLineAsync("There are more.");
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var id = parsed.GetValue(Id)!;
        await connection.Client.RemoveWebhookAsync(id, cancel);
        await Console.Out.WriteLineAsync($"Webhook {id} is removed.");
        return ExitCode.Done;
    }

    private static string StateOf(WebhookResponse webhook) => webhook.Enabled ? "on" : "off";

    private static string TextOf(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;
}
