using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Contracts;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Agents;

/// <summary>
/// Which messages of a run are turns to store, and under which ids. A message's own id is its turn's. One without is named by what it
/// says and how often that has been said before, so that a history which a front end sends again, whole or compacted, is stored once,
/// and a second "yes" is a second turn.
/// </summary>
internal static class ConversationTurns
{
    private const int ContentLengthMax = 100_000;
    private const int IdLengthMax = 128;
    private const int NameLengthMax = 128;
    private const int BatchMax = 1_000;

    /// <summary>The turns to store of a run, and their digests, in order.</summary>
    /// <param name="known">How often each digest has been stored before.</param>
    /// <param name="request">What was sent: perhaps a history first. What follows its last answer is new, whatever it says.</param>
    public static IReadOnlyList<(TurnInput Turn, string Digest)> Of(
        IReadOnlyDictionary<string, int> known, IEnumerable<ChatMessage> request, IEnumerable<ChatMessage> response)
    {
        var sent = request.Where(IsSaid).ToArray();
        var news = Array.FindLastIndex(sent, static message => message.Role == ChatRole.Assistant) + 1;
        var turns = new List<(TurnInput, string)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < sent.Length; i++)
        {
            var digest = DigestOf(sent[i]);
            var copies = seen[digest] = seen.GetValueOrDefault(digest) + 1;

            // A copy of the history beyond those that are stored is one that was never seen here.
            if (i < news && copies <= known.GetValueOrDefault(digest))
                continue;
            Add(turns, known, sent[i], digest);
        }

        foreach (var message in response.Where(IsSaid))
            Add(turns, known, message, DigestOf(message));
        return turns.Count <= BatchMax ? turns : turns[^BatchMax..];
    }

    /// <summary>Turns named by what they say and how often the conversation says it: for callers that send all of it each time.</summary>
    public static IReadOnlyList<TurnInput> OfWhole(IEnumerable<ChatMessage> messages)
    {
        var turns = new List<(TurnInput Turn, string)>();
        foreach (var message in messages.Where(IsSaid))
            Add(turns, new Dictionary<string, int>(StringComparer.Ordinal), message, DigestOf(message), ownId: false);
        return [.. turns.TakeLast(BatchMax).Select(static each => each.Turn)];
    }

    /// <summary>True for what a person or the agent said: no system text, no tools' calls and answers, nothing blank.</summary>
    public static bool IsSaid(ChatMessage message) =>
        (message.Role == ChatRole.User || message.Role == ChatRole.Assistant) && !string.IsNullOrWhiteSpace(message.Text);

    private static void Add(
        List<(TurnInput Turn, string Digest)> turns, IReadOnlyDictionary<string, int> known, ChatMessage message, string digest,
        bool ownId = true)
    {
        var copy = known.GetValueOrDefault(digest) + turns.Count(each => each.Digest == digest) + 1;
        var text = Storable(message.Text);
        turns.Add((new TurnInput
        {
            Id = (ownId ? IdOf(message.MessageId) : null) ?? string.Create(CultureInfo.InvariantCulture, $"h{digest}.{copy}"),
            Role = message.Role == ChatRole.Assistant ? "assistant" : "user",
            Content = text.Length <= ContentLengthMax ? text : text[..ContentLengthMax],
            Name = message.Role == ChatRole.User && message.AuthorName is { Length: > 0 and <= NameLengthMax } name
            && !name.Any(char.IsControl) ? name : null,
        }, digest));
    }

    // Ids of other makers may have any form; one that is no turn's id is replaced by its digest.
    private static string? IdOf(string? messageId)
    {
        if (string.IsNullOrWhiteSpace(messageId))
            return null;
        var fits = messageId.Length <= IdLengthMax && char.IsAsciiLetterOrDigit(messageId[0])
            && messageId.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '-');
        return fits ? messageId : "m" + Hex(messageId);
    }

    private static string DigestOf(ChatMessage message) => Hex($"{(message.Role == ChatRole.Assistant ? 'a' : 'u')}{message.Text}");

    private static string Hex(string text)
    {
        const int bytes = 16;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
    }

    // The memory takes neither NUL nor half a surrogate pair.
    private static string Storable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", string.Empty, StringComparison.Ordinal);
}
