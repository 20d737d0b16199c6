using System.Globalization;
using System.Text;
using MemoryOrleans.Client;
using MemoryOrleans.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace MemoryOrleans.Gateway.Mcp;

/// <summary>What a person can put into a conversation by hand: a session as it was said, and what is known of a user.</summary>
internal sealed class MemoryResources(MemoryClient client, ToolScope scope)
{
    private const string SessionPrefix = "memory://sessions/";
    private const string UserPrefix = "memory://users/";
    private const string ProfileSuffix = "/profile";
    private const string Markdown = "text/markdown";
    private const int PageSize = 100;

    // Newest turns and memories: a resource is read whole, into a window that is not without end.
    private const int TurnsMax = 200;
    private const int MemoriesMax = 200;

    public static ListResourceTemplatesResult ListTemplates() => new()
    {
        ResourceTemplates =
        [
            new ResourceTemplate
            {
                Name = "session", Title = "A session", UriTemplate = SessionPrefix + "{session_id}", MimeType = Markdown,
                Description = $"What was said in a session, at most its newest {TurnsMax} turns.",
            },
            new ResourceTemplate
            {
                Name = "profile", Title = "A user's profile", UriTemplate = UserPrefix + "{user_id}" + ProfileSuffix, MimeType = Markdown,
                Description = "What is known of a user: facts, preferences and notes that hold, the weightiest first.",
            },
        ],
    };

    /// <summary>Those that the scope fixes; others are named by the templates.</summary>
    public ListResourcesResult List()
    {
        var fixedOnes = new List<Resource>();
        if (scope.UserId is { } user)
            fixedOnes.Add(Named("profile", $"What is known of {user}", UserPrefix + Uri.EscapeDataString(user) + ProfileSuffix));
        if (scope.SessionId is { } session)
            fixedOnes.Add(Named("session", $"Session {session}", SessionPrefix + Uri.EscapeDataString(session)));
        return new ListResourcesResult { Resources = fixedOnes };
    }

    public async ValueTask<ReadResourceResult> ReadAsync(string uri, CancellationToken cancel)
    {
        try
        {
            var text = await TextOfAsync(uri, cancel);
            return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = Markdown, Text = text }] };
        }
        catch (MemoryApiException refusal)
        {
            throw new McpProtocolException(refusal.Problem.Detail, refusal,
                refusal.Status == 404 ? McpErrorCode.ResourceNotFound : McpErrorCode.InvalidParams);
        }
    }

    private Task<string> TextOfAsync(string uri, CancellationToken cancel)
    {
        if (uri.StartsWith(SessionPrefix, StringComparison.Ordinal))
            return SessionAsync(Allowed(Uri.UnescapeDataString(uri[SessionPrefix.Length..]), scope.SessionId), cancel);
        if (uri.StartsWith(UserPrefix, StringComparison.Ordinal) && uri.EndsWith(ProfileSuffix, StringComparison.Ordinal))
            return ProfileAsync(Allowed(Uri.UnescapeDataString(uri[UserPrefix.Length..^ProfileSuffix.Length]), scope.UserId), cancel);
        throw new McpProtocolException($"There is no resource {uri}; there are memory://sessions/ID and memory://users/ID/profile.",
            McpErrorCode.ResourceNotFound);
    }

    private static Resource Named(string name, string title, string uri) =>
        new() { Name = name, Title = title, Uri = uri, MimeType = Markdown };

    private static string Allowed(string id, string? only) => only is null || id == only
        ? id
        : throw new McpProtocolException($"This memory is configured for {only} alone.", McpErrorCode.InvalidParams);

    private async Task<string> SessionAsync(string id, CancellationToken cancel)
    {
        var session = await client.GetSessionAsync(id, cancel);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Session {id}");
        text.AppendLine();
        var skipped = Math.Max(0, session.Turns - TurnsMax);
        if (skipped > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"The first {skipped} turns are left out.").AppendLine();
        string? cursor = null;
        do
        {
            var page = await client.ListTurnsAsync(id, PageSize, cursor, cancel);
            foreach (var turn in page.Items.Where(turn => turn.Seq > skipped))
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"- {turn.OccurredAt:yyyy-MM-dd HH:mm} {turn.Name ?? turn.Role}: {Indented(turn.Content)}");
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return text.ToString();
    }

    private async Task<string> ProfileAsync(string id, CancellationToken cancel)
    {
        var known = new List<Contracts.MemoryResponse>();
        string? cursor = null;
        do
        {
            var page = await client.ListMemoriesAsync(new MemoryListFilter(Tier: "semantic", UserId: id), PageSize, cursor, cancel);
            known.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null && known.Count < MemoriesMax);

        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# What is known of {id}");
        text.AppendLine();
        foreach (var memory in known.OrderByDescending(static each => each.Salience).ThenBy(static each => each.Id, StringComparer.Ordinal))
            text.AppendLine(CultureInfo.InvariantCulture,
                $"- ({memory.Kind}, since {memory.ValidFrom:yyyy-MM-dd}) {Indented(memory.Content)}");
        if (known.Count == 0)
            text.AppendLine("Nothing yet.");
        return text.ToString();
    }

    // So that no content can pass for another entry.
    private static string Indented(string content) => content.ReplaceLineEndings("\n    ");
}
