using System.Globalization;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;
using Spectre.Console;

namespace MemoryOrleans.Cli.Recall;

/// <summary>A recall's answer for people.</summary>
internal static class RecallTable
{
    private const int ContentLengthMax = 1_500;
    private const int AlsoSaidShown = 3;

    private static readonly Style Quiet = new(foreground: Color.Grey);

    public static void Print(IAnsiConsole console, RecallResponse answer)
    {
        if (answer.Items.Count > 0)
            TableOf(answer.Items).Write(console);
        console.Write(Screen.Plain(Summarize(answer) + "\n", Quiet));
        if (answer.Cut is { BelowScore: > 0 } or { OverBudget: > 0 })
            console.Write(Screen.Plain($"Left out: {answer.Cut.BelowScore} less relevant, {answer.Cut.OverBudget} over the budget.\n",
                Quiet));
        if (answer.Degraded)
            console.Write(Screen.Plain($"Part of the ranking could not take part: {string.Join(", ", answer.DegradedArms)}.\n"));
    }

    private static Listing TableOf(IReadOnlyList<RecalledItemResponse> items)
    {
        var table = new Listing(
            separated: true, new Heading("#", Right: true), new Heading("Score", Right: true), new Heading("Relevance", Right: true),
            "When, who, where", "Content");
        for (var i = 0; i < items.Count; i++)
            table.Add((i + 1).ToString(CultureInfo.InvariantCulture), Number(items[i].Score), Number(items[i].Relevance),
                OriginOf(items[i]), ContentOf(items[i]));
        return table;
    }

    private static string OriginOf(RecalledItemResponse item)
    {
        var who = (item.Name, item.Role) switch
        {
            (null, null) => item.Kind,
            (null, { } role) => role,
            ({ } name, null) => name,
            ({ } name, { } role) => $"{name} ({role})",
        };
        var where = item.Sources switch
        {
            [] => item.SessionId ?? item.Id,
            [var only] => Place(only),
            [var first, ..] => $"{Place(first)} and {item.Sources.Count - 1} more",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{item.OccurredAt.UtcDateTime:yyyy-MM-dd HH:mm}\n{who}\n{where}");
    }

    private static string Place(SourceResponse source) => string.Create(CultureInfo.InvariantCulture, $"{source.SessionId} #{source.Seq}");

    private static Cell ContentOf(RecalledItemResponse item)
    {
        var shown = Math.Min(item.Content.Length, ContentLengthMax);
        if (shown < item.Content.Length && char.IsHighSurrogate(item.Content[shown - 1]))
            shown--;
        var content = shown == item.Content.Length
            ? item.Content
            : string.Create(CultureInfo.InvariantCulture,
            $"{item.Content.AsSpan(0, shown)}… ({item.Content.Length - shown:N0} more characters; --json shows all)");
        string?[] notes =
        [
            item.AlsoSaid is { Count: > 0 } others ? AlsoSaid(others) : null,
            item.Explanation is { } parts ? Explain(parts, item.Score) : null,
        ];
        var note = string.Join('\n', notes.OfType<string>());
        return new Cell(content, Note: note.Length > 0 ? note : null);
    }

    private static string AlsoSaid(IReadOnlyList<SaidAgainResponse> others)
    {
        var shown = others.Take(AlsoSaidShown)
            .Select(static other => string.Create(CultureInfo.InvariantCulture,
            $"{other.SessionId} #{other.Seq} ({other.OccurredAt.UtcDateTime:yyyy-MM-dd})"));
        return $"also said: {string.Join(", ", shown)}{(others.Count > AlsoSaidShown ? $" and {others.Count - AlsoSaidShown} more" : "")}";
    }

    private static string Explain(ScoreExplanationResponse parts, double score)
    {
        var sum = $"lexical {Number(parts.Lexical)} + vector {Number(parts.Vector)} + smoothing {Number(parts.Smoothing)}"
            + $" + session prior {Number(parts.SessionPrior)} + subject {Number(parts.Subject)}"
            + (parts.Meaning is { } meaning
                ? $" + piece {Number(meaning.Piece)} + context {Number(meaning.Context)} + stand-in {Number(meaning.StandIn)}"
                    + $" + window {Number(meaning.Window)} + date {Number(meaning.Date)}"
                : "")
            + (parts.Tier is { } tier ? $" + {tier.Scope}'s tier {Number(tier.Part)}" : "") + $" = {Number(score)}";
        var words = parts.MatchedTerms.Count == 0 ? "no word matched" : "matched: " + string.Join(", ", parts.MatchedTerms);
        return $"{sum}\n{words}";
    }

    private static string Summarize(RecallResponse answer)
    {
        var count = answer.Items.Count switch
        {
            0 => "Nothing found",
            1 => "1 item",
            var many => string.Create(CultureInfo.InvariantCulture, $"{many} items"),
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{count} in {answer.TookMs:0.0} ms, asked at {answer.EvaluatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}. Times are UTC.");
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
