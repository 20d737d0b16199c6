using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Models.Chat;

/// <summary>What a model says of one episode, in form only: it is not compared with the turns yet.</summary>
internal sealed record ProposedEpisode(
    long Episode, string Summary, IReadOnlyList<string> Topics, IReadOnlyList<string> Entities, double Importance);

/// <summary>A fact it proposes, with the seqs it names.</summary>
internal sealed record ProposedFact(string Content, IReadOnlyList<long> Turns, double Importance);

/// <summary>A model's answer as far as it has the schema's form; entries that have not are counted and left out.</summary>
internal sealed record DistilAnswer(IReadOnlyList<ProposedEpisode> Episodes, IReadOnlyList<ProposedFact> Facts, int FactsDropped)
{
    private const int SummaryLengthMax = 4_000;
    private const int FactLengthMax = 400;
    private const int TopicLengthMax = 60;
    private const int EntityLengthMax = 80;
    private const int TopicsMax = 10;
    private const int EntitiesMax = 24;
    private const int FactTurnsMax = 8;
    private const int EntriesMax = 1_000;
    private const string Fence = "```";

    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 8 };

    /// <summary>Null when it is no JSON object with both lists.</summary>
    public static DistilAnswer? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(WithoutFence(text.Trim()), Shallow);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || ListOf(root, "episodes") is not { } episodes
                || ListOf(root, "facts") is not { } facts)
                return null;
            var proposed = facts.Select(ReadFact).OfType<ProposedFact>().ToList();
            return new DistilAnswer([.. episodes.Select(ReadEpisode).OfType<ProposedEpisode>()], proposed, facts.Count - proposed.Count);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Member names with half a surrogate pair are found out only when they are looked at.
            return null;
        }
    }

    /// <summary>One line of visible text: no control characters, no line ends, nothing that turns the direction of writing.</summary>
    public static bool IsClean(string text, int lengthMax)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > lengthMax)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (!char.IsSurrogatePair(text, i))
                    return false;
                i++;
            }
            else if (char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                || text[i] is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069')
            {
                return false;
            }
        }

        return true;
    }

    // Many models wrap JSON in a Markdown fence whatever they are told.
    private static string WithoutFence(string text)
    {
        if (!text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal)
            || text.Length < 2 * Fence.Length)
            return text;
        var start = text.IndexOf('\n', StringComparison.Ordinal);
        return start < 0 || start > text.Length - Fence.Length ? text : text[(start + 1)..^Fence.Length];
    }

    private static List<JsonElement>? ListOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Take(EntriesMax)] : null;

    private static ProposedEpisode? ReadEpisode(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("episode", out var at) || at.ValueKind != JsonValueKind.Number || !at.TryGetInt64(out var number)
            || TextOf(entry, "summary", SummaryLengthMax) is not { } summary || ImportanceOf(entry) is not { } importance)
            return null;
        return new ProposedEpisode(
            number, summary, TextsOf(entry, "topics", TopicsMax, TopicLengthMax), TextsOf(entry, "entities", EntitiesMax, EntityLengthMax),
            importance);
    }

    private static ProposedFact? ReadFact(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || TextOf(entry, "content", FactLengthMax) is not { } content
            || ImportanceOf(entry) is not { } importance || ListOf(entry, "turns") is not { Count: >= 1 and <= FactTurnsMax } turns)
            return null;
        var seqs = new SortedSet<long>();
        foreach (var turn in turns)
        {
            if (turn.ValueKind != JsonValueKind.Number || !turn.TryGetInt64(out var seq))
                return null;
            seqs.Add(seq);
        }

        return new ProposedFact(content, [.. seqs], importance);
    }

    private static string? TextOf(JsonElement entry, string name, int lengthMax) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && TextOf(value) is { } text
        && IsClean(text, lengthMax) ? text : null;

    // An escape of half a surrogate pair is JSON, but no text.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!.Trim();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string> TextsOf(JsonElement entry, string name, int countMax, int lengthMax) => ListOf(entry, name) is { } list
        ? [.. list.Where(static each => each.ValueKind == JsonValueKind.String).Select(TextOf).OfType<string>()
            .Where(text => IsClean(text, lengthMax)).Distinct(StringComparer.OrdinalIgnoreCase).Take(countMax)]
        : [];

    private static double? ImportanceOf(JsonElement entry) =>
        entry.TryGetProperty("importance", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
        && number is >= 0 and <= 1
            ? number
            : null;
}
