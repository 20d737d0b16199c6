using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MemoryOrleans.Episodes;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Models.Chat;

/// <summary>
/// What the model is told: the versioned instructions of <c>Prompts/</c>, and the turns as JSON. Inside a JSON string no text
/// can end the string it is in, so no turn can pass for another or for an instruction's frame. Turns are named by seq: ids and
/// names that callers chose are data like the rest.
/// </summary>
internal static class DistilPrompt
{
    /// <summary>Raised, with a new file beside the old one, whenever a word of prompt or schema changes.</summary>
    public const string Version = "distil.v1";

    private const int BeforeTokensMax = 60;
    private const string Cut = "…";

    // Models count badly, so they are told fewer words than the tokens that are allowed.
    private const double WordsPerToken = 0.55;

    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string Template = Read($"{Version}.md");

    public static readonly JsonElement Schema = JsonElement.Parse(Read($"{Version}.schema.json"));

    public static string Instructions(DistillationLimits limits) => Template
        .Replace("{summary_words}", ((int)(limits.SummaryTokensMax * WordsPerToken)).ToString(CultureInfo.InvariantCulture),
        StringComparison.Ordinal)
        .Replace("{facts_max}", limits.FactsMax.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <param name="episodes">The turns of each, ascending; numbered from 1.</param>
    /// <param name="tokensMax">Estimated tokens of their texts together; the longest are cut until all fit.</param>
    public static string Write(IReadOnlyList<Turn> before, IReadOnlyList<IReadOnlyList<Turn>> episodes, int tokensMax)
    {
        var each = ShareOf([.. episodes.SelectMany(static turns => turns).Select(static turn => turn.Tokens)], tokensMax);
        var json = new ArrayBufferWriter<byte>(16_384);
        using (var writer = new Utf8JsonWriter(json, Unescaped))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("before");
            foreach (var turn in before)
                WriteTurn(writer, turn, BeforeTokensMax, isNumbered: false);
            writer.WriteEndArray();
            writer.WriteStartArray("episodes");
            for (var i = 0; i < episodes.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("episode", i + 1);
                writer.WriteStartArray("turns");
                foreach (var turn in episodes[i])
                    WriteTurn(writer, turn, each, isNumbered: true);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    private static void WriteTurn(Utf8JsonWriter writer, Turn turn, int tokensMax, bool isNumbered)
    {
        writer.WriteStartObject();
        if (isNumbered)
            writer.WriteNumber("turn", turn.Seq);
        writer.WriteString("at", turn.OccurredAt.ToString("dddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        writer.WriteString("speaker", Whole(turn.Name ?? $"the {turn.Role}"));
        writer.WriteString("role", Whole(turn.Role));
        writer.WriteString("text", Head(Whole(turn.Content), tokensMax));
        writer.WriteEndObject();
    }

    /// <summary>The tokens that each text may have for all to fit: what short ones leave, long ones share.</summary>
    private static int ShareOf(int[] tokens, int tokensMax)
    {
        Array.Sort(tokens);
        var left = tokensMax;
        for (var i = 0; i < tokens.Length; i++)
        {
            var share = Math.Max(1, left / (tokens.Length - i));
            if (tokens[i] > share)
                return share;
            left -= tokens[i];
        }

        return int.MaxValue;
    }

    private static string Head(string text, int tokensMax)
    {
        if (TokenEstimate.Of(text) <= tokensMax)
            return text;
        var (low, high) = (0, text.Length);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (TokenEstimate.Of(text.AsSpan(0, middle)) < tokensMax)
                low = middle;
            else
                high = middle - 1;
        }

        return text[..(low > 0 && char.IsHighSurrogate(text[low - 1]) ? low - 1 : low)] + Cut;
    }

    // Half a surrogate pair is no JSON.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Read(string name)
    {
        using var stream = typeof(DistilPrompt).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
