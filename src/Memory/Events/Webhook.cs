using System.Net;

namespace MemoryOrleans.Events;

/// <summary>Where a tenant wants to be told of what, as the store keeps it.</summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Events">Of <see cref="EventKinds.All"/>; at least one.</param>
/// <param name="MadeBy">Which credential made it.</param>
/// <param name="Secret">What deliveries are signed with; kept as it is, since signing needs it.</param>
public sealed record Webhook(string Id, string Url, IReadOnlyList<string> Events, DateTimeOffset MadeAt, string MadeBy, byte[] Secret)
{
    /// <summary>Grows by one with each change, from 1.</summary>
    public long Version { get; init; } = 1;

    /// <summary>What people call it; empty: nothing.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Whether what it is told of a memory holds its text.</summary>
    public bool IncludesContent { get; init; }

    /// <summary>False: nothing is told, and what is under way is dropped.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>When it got its present secret; null while that is the first one.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>The secret before, which deliveries are signed with too until <see cref="PreviousUntil"/>.</summary>
    public byte[]? Previous { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>The secrets that a delivery is signed with now, the present one first.</summary>
    public IReadOnlyList<byte[]> SecretsAt(DateTimeOffset now) =>
        Previous is { } previous && now < PreviousUntil ? [Secret, previous] : [Secret];
}

/// <summary>What a webhook is to be, or to become: a null member stays what it is.</summary>
public sealed record WebhookDraft
{
    public const int NameLengthMax = 100;
    public const int UrlLengthMax = 2_048;

    public string? Url { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Events { get; init; }

    public bool? IncludesContent { get; init; }

    public bool? IsEnabled { get; init; }

    /// <summary>What is wrong, by the name callers know the field by; null when nothing is.</summary>
    /// <param name="allowsPrivate">Whether this machine and its network may be told.</param>
    public MemoryError? FindError(bool allowsPrivate)
    {
        if (Name is { } name && (name.Length > NameLengthMax || name.Any(char.IsControl)))
            return Wrong("name", $"It must be at most {NameLengthMax} characters on one line.");
        if (Events is { } events
            && (events.Count == 0 || events.Any(static kind => !EventKinds.All.Contains(kind))
            || events.Distinct(StringComparer.Ordinal).Count() != events.Count))
            return Wrong("events", $"They must be of {string.Join(", ", EventKinds.All)}, each once, and one at least.");
        return Url is null ? null : FindUrlError(Url, allowsPrivate);
    }

    private static MemoryError? FindUrlError(string url, bool allowsPrivate)
    {
        if (url.Length > UrlLengthMax || !Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != "https" && parsed.Scheme != "http"))
            return Wrong("url", $"It must be an absolute https:// or http:// address of at most {UrlLengthMax} characters.");
        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0)
            return Wrong("url", "It must have no user, password or fragment.");
        // What a name stands for is looked at when it is called, as that may change.
        var isPrivate = IPAddress.TryParse(parsed.DnsSafeHost, out var address)
            ? !PublicAddress.Is(address)
            : parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || parsed.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isPrivate && !allowsPrivate ? Wrong("url", "It must not lead to this machine or its network.") : null;
    }

    private static MemoryError Wrong(string field, string detail) => new(ErrorCode.InvalidInput, detail, field);
}

/// <summary>A webhook just made or given a new secret, with the only copy of the secret that anybody is shown.</summary>
public sealed record ShownWebhook(Webhook Webhook, string Secret);
