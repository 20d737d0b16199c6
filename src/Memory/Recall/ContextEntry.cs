using System.Globalization;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Recall;

/// <summary>One entry of a context block before it has its label.</summary>
internal sealed record ContextEntry(string Text, string Section, string Kind, string? MemoryId, IReadOnlyList<SourceTurn> Sources)
{
    public const string Recalled = "recalled";
    public const string Summary = "summary";
    public const string Window = "working_memory";
    private const string TurnKind = "turn";
    private const string Indented = "\n    ";

    // Costs as many tokens as any label up to the 9,999th.
    private const int WidestLabel = 9_999;

    /// <summary>Estimated tokens of the entry with its label.</summary>
    public int Cost { get; } = TokenEstimate.Of(Line(Text, WidestLabel));

    public string Write(int number) => Line(Text, number);

    public ContextCitation Cite(int number) => new(LabelOf(number), Section, Kind, MemoryId, Sources);

    public static ContextEntry Of(Turn turn, string section)
    {
        var at = turn.OccurredAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var speaker = (turn.Name ?? turn.Role).ReplaceLineEndings(" ");
        return new ContextEntry(
            $"{at} {speaker}: {turn.Content.ReplaceLineEndings(Indented)}", section, TurnKind, MemoryId: null,
            [new SourceTurn(turn.SessionId, turn.Id, turn.Seq)]);
    }

    // A turn has a time after its day, a memory its kind in brackets: neither can pass for the other.
    public static ContextEntry Of(RecalledItem item, ReadersClock clock = default) => item.Memory is not { } memory
        ? Of(item.Turn, Recalled)
        : new ContextEntry(
            $"{clock.DayOf(memory.ValidFrom)} ({memory.Kind.ReplaceLineEndings(" ")}) {memory.Content.ReplaceLineEndings(Indented)}",
            Recalled, memory.Kind, memory.Id, memory.Sources);

    /// <summary>An item with what it replaced: "… (was: …, until 2026-03-01)".</summary>
    public static ContextEntry WithOlder(RecalledItem item, RecalledItem older, ReadersClock clock)
    {
        var entry = Of(item, clock);
        var text = $"{entry.Text} (was: {older.Content.ReplaceLineEndings(Indented)}, until {clock.DayOf(older.OutdatedBy!.OccurredAt)})";
        return new ContextEntry(text, entry.Section, entry.Kind, entry.MemoryId, [.. entry.Sources.Union(older.Sources)]);
    }

    public static ContextEntry Of(SummaryPart part, ReadersClock clock = default) => new(
        $"{clock.DayOf(part.OccurredFrom)} (summary) {part.Text.ReplaceLineEndings(Indented)}", Summary, part.Memory is null
        ? TurnKind : "episode", part.Memory, part.Sources);

    /// <summary>True when a text says all that another does, word for word.</summary>
    public static bool Contains(string text, string other) =>
        NormalizedText.Of(other) is { Length: > 0 } words
        && $" {NormalizedText.Of(text)} ".Contains($" {words} ", StringComparison.Ordinal);

    private static string Line(string text, int number) => $"{text} {LabelOf(number)}\n";

    private static string LabelOf(int number) => $"[{number.ToString(CultureInfo.InvariantCulture)}]";
}

/// <summary>The clock of the person a context is for: a time zone, or, where none is known, the offset of what was said last.</summary>
internal readonly record struct ReadersClock(string? Zone, TimeSpan Offset)
{
    /// <summary>
    /// The day of a time: by its own offset where it has one. Midnight in UTC is how a day of the calendar is kept, which is the
    /// same day everywhere.
    /// </summary>
    public string DayOf(DateTimeOffset time)
    {
        var local = time.Offset != TimeSpan.Zero || time.TimeOfDay == TimeSpan.Zero ? time
            : Zone is not null ? PersonClock.At(time, Zone)
            : Timestamp.Read(Timestamp.Of(time), (int)Offset.TotalMinutes);
        return local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
